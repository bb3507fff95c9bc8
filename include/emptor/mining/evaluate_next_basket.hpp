#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/bought_next.hpp"
#include "emptor/mining/next_basket.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emptor::mining {

struct EvaluateNextBasketOptions {
  /// What is compared. gp_topfreq, p_topfreq and g_topfreq are always among it. Empty: "auto" and
  /// these three.
  std::vector<NextBasketModel> models{};
  int k = 10;          ///< length of the lists
  int min_visits = 4;  ///< customers with fewer purchases, the held back one included, are left out
  /// "": the last purchase of each customer is held back, the rest is known. A date as
  /// "2011-09-30": what came up to it is known, and each customer's first purchase after it is
  /// foretold.
  std::string from_date{};
  /// Also how next_basket's probabilities of being bought within so long hold: of all customers
  /// with `min_visits` - 1 purchases up to from_date, whether they came again or not. Without
  /// from_date the day that leaves just the horizon to the end of the data. Unset: not looked at.
  std::optional<data::Span> horizon{};
  std::string item{};  ///< level, see data::items (Sales only)
  double level = 0.95;
  int replicates = 999;  ///< of the bootstrap over customers
  std::uint64_t seed = 0;
  NextBasketOptions model_options{};  ///< settings of the models; its other fields do not count
};

/// How well lists of k items foretell purchases that were held back: a row per model and part.
/// Part "both" is one list of all items. Parts "repeat" and "new" are lists of items the customer
/// bought before, or never did, held against what he bought of that kind; customers who bought
/// nothing of the kind are left out there.
struct NextBasketEvaluation {
  std::vector<NextBasketModel> model{};
  std::vector<RepeatPart> part{};
  /// Mean over customers of: the share of the purchase's items that were listed; NDCG at k; whether
  /// any was listed. Intervals: bootstrap over customers.
  std::vector<double> recall{}, recall_low{}, recall_high{};
  std::vector<std::int64_t> n{};  ///< customers
  std::vector<Status> status{};
  std::vector<double> ndcg{}, ndcg_low{}, ndcg_high{};
  std::vector<double> hit_rate{}, hit_rate_low{}, hit_rate_high{};
  /// Above gp_topfreq, customer by customer.
  std::vector<double> recall_gain{}, recall_gain_low{}, recall_gain_high{};
  std::vector<double> ndcg_gain{}, ndcg_gain_low{}, ndcg_gain_high{};
  std::vector<double> hit_rate_gain{}, hit_rate_gain_low{}, hit_rate_gain_high{};

  /// Of the items listed, with `horizon` (else empty): the mean probability foretold, the share
  /// that was bought, the one over the other, and the mean squared error of the probabilities
  /// beside that of the share itself, which knows no item and no customer. Intervals: bootstrap
  /// over customers.
  std::vector<double> within_foretold{}, within_bought{}, within_bought_low{}, within_bought_high{};
  std::vector<std::int64_t> within_bought_n{};  ///< customers
  std::vector<Status> within_bought_status{};
  std::vector<double> within_ratio{}, within_ratio_low{}, within_ratio_high{};
  std::vector<double> within_brier{}, within_brier_low{}, within_brier_high{}, within_brier_usual{};

  std::optional<data::Span> horizon{};
  int k = 0;
  data::Day from = data::kNoDay;                           ///< kNoDay: the last purchase of each
  NextBasketModel automatic = NextBasketModel::automatic;  ///< what "auto" chose; "auto": not asked
  std::int64_t n_customers = 0, n_items = 0;               ///< with a purchase held back
  double repeat_share = 0;  ///< of the items held back, those bought before
  std::string item_level{};
  double level = 0;
  bool from_sales = false;

  [[nodiscard]] std::size_t size() const noexcept { return model.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Recall, NDCG and hit rate of next_basket's models on purchases held back, always beside what the
/// customer, or everybody, buys most often. Models learn from what is known alone: "auto" and the
/// blend choose and fit on earlier moments within it, never on what is reported.
///
/// Holding back each customer's last purchase lets models see what others bought after it, as the
/// literature does; with `from_date` nothing after that day is seen.
///
/// With `horizon` columns within_* say how often listed items were bought within it, against what
/// next_basket would have said on `from_date`.
/// @throws InvalidArgument for unsorted or repeated purchases and bad options; Cancelled;
/// MemoryLimit.
EMPTOR_EXPORT NextBasketEvaluation
evaluate_next_basket(const PurchasesView& purchases, const EvaluateNextBasketOptions& options = {},
                     const Context& = {});

/// The same over purchases of goods by known customers, as of the moment of `sales`.
/// @throws DataError for a missing table or column.
EMPTOR_EXPORT NextBasketEvaluation evaluate_next_basket(
    const data::Sales& sales, const EvaluateNextBasketOptions& options = {}, const Context& = {});

}  // namespace emptor::mining
