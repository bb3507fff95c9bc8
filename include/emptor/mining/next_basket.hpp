#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/bought_next.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mining {

/// How items are ranked for a customer's next purchase.
enum class NextBasketModel : std::uint8_t {
  automatic,    ///< "auto": the best of gp_topfreq, up_cf, tifu_knn and blend on earlier purchases
  gp_topfreq,   ///< what the customer bought most often, then what everybody buys most often
  p_topfreq,    ///< what the customer bought most often
  g_topfreq,    ///< what everybody buys most often
  up_cf,        ///< UP-CF@r: what like customers bought lately, he himself among them
  tifu_knn,     ///< TIFU-KNN: what he and his like bought, lately more than long ago
  item_knn,     ///< what is bought by the buyers of what he bought lately
  timed_rules,  ///< what he bought most often, and new items by the rules of bought_next
  blend,        ///< a logistic regression on what the others know and on how long ago he bought it
};
/// "auto", "gp_topfreq", "p_topfreq", "g_topfreq", "up_cf", "tifu_knn", ...
EMPTOR_EXPORT std::span<const std::string_view> next_basket_model_labels() noexcept;
/// @throws InvalidArgument
EMPTOR_EXPORT NextBasketModel parse_next_basket_model(std::string_view text);

/// Which items are asked for.
enum class RepeatPart : std::uint8_t {
  both,
  repeat,    ///< items the customer bought before
  new_item,  ///< "new": items he never bought
};
/// "both", "repeat", "new".
EMPTOR_EXPORT std::span<const std::string_view> repeat_part_labels() noexcept;
/// @throws InvalidArgument
EMPTOR_EXPORT RepeatPart parse_repeat_part(std::string_view text);

/// Why an item is listed; the numbers stand in the columns named.
enum class BasketReason : std::uint8_t {
  rhythm,     ///< bought three times or more: usual_days, days_since
  again,      ///< bought before: times_bought of visits, days_since
  alike,      ///< reason_share of the reason_n customers most alike bought it
  alongside,  ///< reason_share of the reason_n buyers of reason_item also bought it
  timed,      ///< reason_share of the reason_n buyers of reason_item buy it within the window
  popular,    ///< in reason_share of the reason_n visits of all customers
};
EMPTOR_EXPORT std::span<const std::string_view> basket_reason_labels() noexcept;

struct NextBasketOptions {
  int top = 10;  ///< items per customer
  NextBasketModel model = NextBasketModel::automatic;
  RepeatPart repeat = RepeatPart::both;  ///< items bought before, new ones, or both
  /// Only these customers, by id. Empty: all with a purchase. Everybody's purchases are learnt
  /// from.
  std::vector<std::string> customers{};
  /// Also the probability that an item is bought within so long from the moment on, whether the
  /// customer comes once, often or not at all: columns p_within. Unset: none.
  std::optional<data::Span> horizon{};
  std::string item{};   ///< level, see data::items (Sales only)
  double level = 0.95;  ///< confidence of the intervals
  int neighbors = 300;  ///< up_cf, tifu_knn: how many customers are alike
  /// up_cf, tifu_knn: at most so many customers can be alike to another, a sample by their ids'
  /// hashes.
  int pool = 20000;
  int groups = 7;             ///< tifu_knn: groups of a customer's purchases (m)
  double within_decay = 0.9;  ///< tifu_knn: weight lost per purchase inside a group (r_b)
  double group_decay = 0.7;   ///< tifu_knn: weight lost per group (r_g)
  double own_weight = 0.7;    ///< tifu_knn: of the customer himself; the rest is his neighbours'
  int recency = 20;           ///< up_cf, item_knn: how many of the last purchases count (r)
  double asymmetry = 0.75;    ///< up_cf: power of the customer's own number of items (alpha)
  double locality = 5;        ///< up_cf: power of the similarity (q)
  data::Span window{60, data::Span::Unit::days};  ///< timed_rules: of bought_next
};

/// What is likely in each customer's next purchase: a row per customer and item, sorted by customer
/// and rank.
struct NextBasket {
  std::vector<std::int32_t> customer{};      ///< codes into `customers`, or the caller's
  std::vector<std::string> customer_name{};  ///< empty if there are no names
  std::vector<std::int64_t> rank{};          ///< 1 is the likeliest
  std::vector<std::int32_t> item{};          ///< codes into `items`, or the caller's
  std::vector<std::string> item_name{};
  /// That the next purchase has the item, if there is one: how often items of such a score were in
  /// the next purchase after an earlier moment. Interval clustered by customer; n is the number of
  /// (customer, item) it rests on.
  std::vector<double> probability{}, probability_low{}, probability_high{};
  std::vector<std::int64_t> n{};
  std::vector<Status> status{};
  /// That it is bought on the days (moment, moment + horizon]: how often items of such a score,
  /// listed for customers who come so often and were away so long, were bought within an earlier
  /// horizon. Empty without one.
  std::vector<double> p_within{}, p_within_low{}, p_within_high{};
  std::vector<std::int64_t> p_within_n{};
  std::vector<Status> p_within_status{};
  std::vector<std::uint8_t> repeat{};  ///< the customer bought it before
  std::vector<BasketReason> reason_code{};
  std::vector<std::int64_t> times_bought{};  ///< visits of the customer with the item
  std::vector<std::int64_t> visits{};        ///< visits of the customer
  std::vector<data::Day> last_bought{};      ///< kNoDay for new items
  std::vector<double> days_since{};          ///< from then to the moment
  std::vector<double> usual_days{};  ///< mean days between his purchases of it, from three on
  std::vector<std::int32_t> reason_item{};  ///< see BasketReason; -1: none
  std::vector<std::string> reason_item_name{};
  std::vector<double> reason_share{};
  std::vector<std::int64_t> reason_n{};
  std::vector<double> score{};  ///< of the model; orders the items of a customer

  std::shared_ptr<const Dictionary> customers{};       ///< null from the kernel
  std::shared_ptr<const Dictionary> items{};           ///< null from the kernel
  NextBasketModel model = NextBasketModel::automatic;  ///< the one that was used
  std::int64_t n_customers = 0, n_visits = 0, n_purchases = 0;
  data::Day calibrated_on = data::kNoDay;  ///< the earlier moment of the probabilities
  std::int64_t n_calibration = 0;          ///< customers whose next purchase after it is known
  std::optional<data::Span> horizon{};
  data::Day horizon_calibrated_on = data::kNoDay;  ///< kNoDay: too little data behind the moment
  std::int64_t n_horizon_calibration = 0;          ///< customers known then
  data::Span window{};
  std::int64_t moment = 0;
  std::string item_level{};
  data::Coverage coverage{};

  [[nodiscard]] std::size_t size() const noexcept { return customer.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What is likely in the next purchase of each customer, and why. A purchase is all a customer buys
/// on a day.
///
/// Probabilities are calibrated: the model is fitted as of an earlier moment, its scores are binned
/// (repeat and new items apart, made monotone by pooling adjacent violators), and a bin's
/// probability is how many of its items were in the customer's next purchase after that moment,
/// shrunk towards the mean of all. "auto" compares the models there as well, and keeps gp_topfreq
/// unless another is at least as good in recall, NDCG and hit rate; the blend is fitted on a moment
/// before that one. Too few customers for this: status not_enough_data, and the order of
/// gp_topfreq.
///
/// With `horizon` every row also has the probability that the item is bought within so long. It is
/// learnt the same way, one horizon before the moment, of all customers known then, whether they
/// came again or not; a logistic regression on the score, on how often the customer comes and how
/// long he has been away is fitted another horizon earlier and its bins are what is counted. With
/// less than two horizons of data: status not_enough_data.
///
/// Sources: GP-TopFreq (Li et al. 2023), UP-CF@r (Faggioli, Polato, Aiolli 2020), TIFU-KNN (Hu et
/// al. 2020), item-KNN (Deshpande and Karypis 2004).
/// @throws InvalidArgument for unsorted or repeated purchases and bad options; Cancelled;
/// MemoryLimit.
EMPTOR_EXPORT NextBasket next_basket(const PurchasesView& purchases,
                                     const NextBasketOptions& options = {}, const Context& = {});

/// The same over purchases of goods by known customers, as of the moment of `sales`.
/// @throws DataError for a missing table or column, and a customer that is not there.
EMPTOR_EXPORT NextBasket next_basket(const data::Sales& sales,
                                     const NextBasketOptions& options = {}, const Context& = {});

}  // namespace emptor::mining
