#include "emptor/customers/clv.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "core/shortest.hpp"
#include "customers/future_purchases.hpp"
#include "customers/purchase_request.hpp"
#include "customers/value_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 2048;

/// Total and what its interval needs, of a block of rows.
struct Partial {
  double sum = 0;
  std::vector<double> purchases{};  ///< slopes by the parameters of purchases, as CustomerLaws
  std::array<double, 3> spend{};    ///< ... and of spend
};

class Values {
 public:
  Values(const PurchaseFit& fit, const SpendFit& spend, const PurchaseSummaryView& summary,
         const ClvOptions& options, const Context& context)
      : fit_(fit),
        spend_(spend),
        summary_(summary),
        options_(options),
        laws_(fit, summary, "clv"),
        scale_(unit_scale(fit, summary)),
        horizon_(in_units(options.horizon, fit.unit)),
        force_(options.discount.continuous(fit.unit)),
        z_(normal_half_width(options.level)) {
    if (laws_.same() && fit.k == 1) {
      table_.emplace(gradient_law_of(fit), summary.frequency, summary.T, scale_, horizon_, force_,
                     context);
    }
  }

  void row(std::size_t i, ClvResult& out, Partial& partial) const {
    const auto x = static_cast<double>(summary_.frequency[i]);
    const double y = x > 0 ? x * summary_.monetary_value[i] : 0;
    const PurchaseHistory history = history_of(summary_, i, scale_);
    CustomerLaw room;
    const CustomerLaw& law = laws_.at(i, room);
    Outlook<Gradient> now = outlook(law.law, history);
    const Gradient alive = now.alive;
    now.alive = Gradient(1);
    const FuturePurchases future = table_ ? table_->at(summary_.frequency[i], history.T)
                                          : future_purchases(now, horizon_, force_);
    const Gradient purchases = alive * future.discounted;
    const SpendPosterior posterior = spend_posterior(spend_, x, y);
    const double value = options_.margin * purchases.v * posterior.mean;
    const double error = purchases.v > 0 ? std::hypot(standard_error(purchases, law) / purchases.v,
                                                      posterior.log_error)
                                         : 0;
    // Without leaving in the model nothing is known of who has left.
    out.p_alive[i] = fit_.model == PurchaseModel::nbd ? kNaN : alive.v;
    out.discounted_purchases[i] = purchases.v;
    out.expected_spend[i] = posterior.mean;
    out.clv[i] = value;
    out.clv_low[i] = value * std::exp(-z_ * error);
    out.clv_high[i] = value * std::exp(z_ * error);
    partial.sum += value;
    laws_.add_gradient(i, purchases, options_.margin * posterior.mean, partial.purchases);
    const auto slopes = log_mean_slopes(spend_, x, y);
    for (std::size_t k = 0; k < 3; ++k) partial.spend[k] += value * slopes[k];
    if (options_.outcomes) outcome(i, law, history, purchases, future, posterior, out);
  }

  /// How many slopes by the parameters of purchases there are.
  [[nodiscard]] std::size_t slopes() const {
    return fit_.parameters.size() + fit_.coefficients.size();
  }

  [[nodiscard]] Estimate total(const Partial& sum) const {
    const std::size_t p = slopes();
    double variance = 0;
    for (std::size_t i = 0; i < p; ++i)
      for (std::size_t j = 0; j < p; ++j)
        variance += sum.purchases[i] * sum.purchases[j] * fit_.log_covariance[i * p + j];
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j)
        variance += sum.spend[i] * sum.spend[j] * spend_.log_covariance[3 * i + j];
    const double spread =
        sum.sum > 0 ? std::exp(z_ * std::sqrt(std::max(0.0, variance)) / sum.sum) : 1;
    return {sum.sum, sum.sum / spread, sum.sum * spread, options_.level};
  }

 private:
  void outcome(std::size_t i, const CustomerLaw& law, const PurchaseHistory& history,
               const Gradient& purchases, const FuturePurchases& future,
               const SpendPosterior& posterior, ClvResult& out) const {
    std::vector<CountLaw> counts;
    for (const auto& near : laws_around(law, purchases))
      counts.emplace_back(outlook(near, history), horizon_);
    const double tail = 0.5 * (1 - options_.level);
    const ValueLaw values(counts, posterior, spend_.p, 0.01 * tail);
    // A purchase is worth what one is on average over the horizon.
    const double worth =
        options_.margin * (future.plain > 0 ? future.discounted.v / future.plain : 1);
    out.value_low[i] = worth * values.quantile(tail);
    out.value_high[i] = worth * values.quantile(1 - tail);
  }

  const PurchaseFit& fit_;
  const SpendFit& spend_;
  const PurchaseSummaryView& summary_;
  const ClvOptions& options_;
  CustomerLaws laws_;
  double scale_, horizon_, force_, z_;
  std::optional<FuturePurchasesTable> table_{};
};

Status worse(Status a, Status b) {
  // From what says nothing to what is fine.
  constexpr std::array order{Status::not_enough_data,
                             Status::undefined,
                             Status::not_converged,
                             Status::boundary,
                             Status::extrapolated,
                             Status::small_sample,
                             Status::ok};
  const auto rank = [&](Status s) { return std::find(order.begin(), order.end(), s); };
  return rank(a) < rank(b) ? a : b;
}

void check(const PurchaseFit& fit, const PurchaseSummaryView& summary, const ClvOptions& options) {
  check_request("clv", fit, summary, options.level);
  check(SpendView{summary.frequency, summary.monetary_value}, "clv");
  (void)horizon_of("clv", fit, options.horizon);
  if (!(options.margin > 0 && options.margin <= 1))
    throw InvalidArgument("clv: margin is " + core::shortest(options.margin) +
                          "; write the share of spend that is gain, above 0 and at most 1");
  if (!(options.discount.rate >= 0) || !std::isfinite(options.discount.rate))
    throw InvalidArgument("clv: discount must not be negative, found " +
                          to_string(options.discount));
}

}  // namespace

ClvResult clv(const PurchaseFit& fit, const SpendFit& spend, const PurchaseSummaryView& summary,
              const ClvOptions& options, const Context& context) {
  check(fit, summary, options);
  ClvResult out;
  out.horizon = options.horizon;
  out.discount = options.discount;
  out.margin = options.margin;
  out.outcomes = options.outcomes;
  out.level = options.level;
  const std::size_t n = summary.size();
  for (auto* column :
       {&out.clv, &out.clv_low, &out.clv_high, &out.p_alive, &out.discounted_purchases,
        &out.expected_spend, &out.value_low, &out.value_high})
    column->assign(n, kNaN);
  out.n.assign(summary.frequency.begin(), summary.frequency.end());
  Status status = worse(fit.status, spend.status);
  if (fit.status == Status::ok && horizon_of("clv", fit, options.horizon) > fit.max_T &&
      fit.max_T > 0)
    status = worse(status, Status::extrapolated);
  out.status.assign(n, status);
  out.total = {kNaN, kNaN, kNaN, options.level, static_cast<std::int64_t>(n), status};
  if (!usable(fit) || spend.status == Status::not_enough_data) return out;
  for (std::size_t i = 0; i < n; ++i)
    if (summary.frequency[i] == 0) out.status[i] = worse(status, Status::small_sample);
  const Values values(fit, spend, summary, options, context);
  const auto partials =
      core::parallel_map<Partial>(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
        Partial partial;
        partial.purchases.assign(values.slopes(), 0.0);
        for (std::size_t i = begin; i < end; ++i) values.row(i, out, partial);
        return partial;
      });
  Partial all;
  all.purchases.assign(values.slopes(), 0.0);
  for (const Partial& one : partials) {
    all.sum += one.sum;
    for (std::size_t k = 0; k < all.purchases.size(); ++k) all.purchases[k] += one.purchases[k];
    for (std::size_t k = 0; k < all.spend.size(); ++k) all.spend[k] += one.spend[k];
  }
  const Estimate total = values.total(all);
  out.total.value = total.value;
  out.total.low = total.low;
  out.total.high = total.high;
  return out;
}

std::vector<Column> ClvResult::columns() const {
  std::vector<Column> all{
      {"clv", clv, "mean of the discounted margin within the horizon"},
      {"clv_low", clv_low, "lower end: how well the parameters are known"},
      {"clv_high", clv_high, "upper end"},
      Column("n", n, "orders of his own it rests on").hidden(),
      {"status", status, status_labels(), "small_sample without orders of his own"},
      {"p_alive", p_alive, "chance that he still buys"},
      {"discounted_purchases", discounted_purchases,
       "expected within the horizon, each worth what its moment is"},
      {"expected_spend", expected_spend, "mean of an order"}};
  if (!outcomes) return all;
  all.emplace_back("value_low", value_low, "what he in fact brings may be as low as");
  all.emplace_back("value_high", value_high, "... or as high as");
  return all;
}

std::vector<Scalar> ClvResult::info() const {
  return {{"total", total, "of all customers together; interval of the parameters alone"},
          {"horizon", data::to_string(horizon), "how far ahead"},
          {"discount", to_string(discount), "what money later is worth less"},
          {"margin", margin, "share of spend that is gain"},
          {"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::customers
