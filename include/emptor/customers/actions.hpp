#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/contact_channels.hpp"
#include "emptor/customers/declining.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

struct ActionsOptions {
  /// What is judged is the last so much of the data; what is at risk is the next as much.
  data::Span window{90, data::Span::Unit::days};
  data::Span baseline{180, data::Span::Unit::days};  ///< what the window is compared with
  PurchaseModel model = PurchaseModel::mbgnbd;       ///< of P(alive) and expected purchases
  /// The list ends where the costs of its rows would exceed this; 0 for no limit.
  double budget = 0;
  std::vector<data::Channel> channels{data::Channel::phone, data::Channel::email,
                                      data::Channel::survey};
  /// Cost of one contact by each of `channels`; empty for 1 each, so that a budget is a number of
  /// customers.
  std::vector<double> cost{};
  ConsentRule consent = ConsentRule::given;
  /// Share of the list held back at random, by the id alone: the same customers in every run.
  double control = 0;
  std::uint64_t seed = 0;  ///< another seed holds others back
  double level = 0.95;
};

/// How sure it is that a customer fell, or that only his usual gap is over.
enum class ActionGrade : std::uint8_t { proven, likely, watch, due };
EMPTOR_EXPORT std::span<const std::string_view> action_grade_labels() noexcept;

/// One row per customer worth contacting, most at risk first.
struct ActionsResult {
  std::vector<std::int32_t> customer{};
  std::vector<std::string> name{};
  std::vector<ActionGrade> grade{};
  std::vector<std::uint8_t> due_now{};  ///< his usual gap is over and he probably still buys
  /// Revenue of the next window that his old rate would bring and that is not expected now.
  std::vector<double> value_at_risk{};
  std::vector<double> value_at_risk_low{};
  std::vector<double> value_at_risk_high{};
  std::vector<RecommendedChannel> channel{};
  std::vector<std::string> contact{};
  std::vector<double> response{};       ///< expected share of answers on the channel
  std::vector<std::uint8_t> control{};  ///< held back: not to be contacted

  std::vector<double> p_fell{};  ///< chance of a fall by half or more; NaN under 3 baseline orders
  std::vector<double> p_fell_low{};
  std::vector<double> p_fell_high{};
  std::vector<double> p_alive{};
  std::vector<double> p_alive_low{};
  std::vector<double> p_alive_high{};
  std::vector<double> expected_purchases{};  ///< in the next window
  std::vector<double> expected_purchases_low{};
  std::vector<double> expected_purchases_high{};
  std::vector<std::int64_t> purchases_low{};  ///< of the count itself
  std::vector<std::int64_t> purchases_high{};
  std::vector<double> expected_revenue{};
  std::vector<double> expected_revenue_low{};
  std::vector<double> expected_revenue_high{};
  std::vector<std::int64_t> n{};  ///< days with a purchase it rests on
  std::vector<Status> status{};   ///< of expected purchases and revenue
  std::vector<data::Day> last_order{};
  std::vector<double> usual_gap_days{};  ///< median of his gaps; NaN under 2 purchases
  std::vector<double> days_since{};      ///< from the last order to the moment
  std::vector<data::Day> next_due{};     ///< last order and usual gap; kNoDay without a gap
  std::vector<std::string> favourite_products{};
  std::vector<double> cost{};
  /// Of the lists of declining, in codes that Python words.
  std::vector<DeclineReason> reason{};
  std::vector<std::int64_t> baseline_orders{};  ///< 0 where he is not on a list
  std::vector<std::int64_t> window_orders{};
  std::vector<double> expected_orders{};
  std::vector<data::Day> change_date{};  ///< likeliest day of the fall, where the orders say one
  std::vector<data::Day> change_date_low{};
  std::vector<data::Day> change_date_high{};
  std::vector<double> p_gap{};  ///< share of his gaps that get as long as the present one

  DayRange baseline{};
  DayRange window{};
  data::Day last_day = data::kNoDay;
  std::string horizon{};             ///< the window as text
  bool consent_known = false;        ///< there is a table of contacts
  std::int64_t n_candidates = 0;     ///< before consent and budget
  std::int64_t n_not_reachable = 0;  ///< left out: no channel allowed
  std::int64_t n_over_budget = 0;    ///< left out: the budget is spent
  std::int64_t n_control = 0;
  double total_cost = 0;
  double total_at_risk = 0;        ///< of the listed
  Status fit_status = Status::ok;  ///< of the purchase model
  PurchaseFitReason fit_reason = PurchaseFitReason::none;
  double level = 0.95;
  std::shared_ptr<const Dictionary> ids{};
  data::Coverage coverage{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Whom to contact, why, by which channel, and what it is worth.
///
/// A row is a customer on a list of `declining` (`grade` proven, likely or watch), or one who is
/// due: the usual gap between his purchases is over and he probably still buys. `value_at_risk` is
/// the revenue of the next window that his old rate would bring and that is not expected now: the
/// expected loss of `declining`, else the chance that he has left times what he would spend.
/// Beside it P(alive), expected purchases and revenue by the purchase and spend models, and the
/// channel he allows and answers (`contact_channels`).
///
/// With a table of contacts, whom nobody may reach is left out and counted. The rows with most at
/// risk are taken until the budget is spent, and the list ends there. `control` holds a share back
/// by a hash of the id: those rows are listed, cost nothing, and are not to be contacted;
/// `evaluate_actions` later says whether contacting paid. Risk is not persuadability: nothing here
/// says that a call helps.
/// @throws InvalidArgument for options out of range, DataError without orders.
EMPTOR_EXPORT ActionsResult actions(const data::Sales& sales, const ActionsOptions& options = {},
                                    const Context& context = {});

}  // namespace emptor::customers
