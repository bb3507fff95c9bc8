#include "emptor/customers/discounted_purchases.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/gauss.hpp"
#include "core/parallel.hpp"
#include "customers/purchase_request.hpp"

#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 128;
/// e^-kGone is no weight.
constexpr double kGone = 40;
constexpr double kPanel = 1.5;

/// The integral of e^(-delta t) dE(t) to `horizon` (infinite: to the end), by parts: E grows slowly
/// and is smooth in ln(1 + t / alpha).
Gradient discounted(const Outlook<Gradient>& ahead, double delta, double horizon) {
  if (delta == 0) return expected_purchases_of(ahead, horizon);
  const double last = std::min(horizon, kGone / delta);
  Gradient sum(0);
  if (std::isfinite(horizon))
    sum += Gradient(std::exp(-delta * horizon)) * expected_purchases_of(ahead, horizon);
  const double scale = ahead.alpha.v;
  const double end = std::log1p(last / scale);
  const int panels = std::max(1, static_cast<int>(std::ceil(end / kPanel)));
  const double width = end / panels;
  const auto& rule = core::gauss_legendre(12);
  for (int panel = 0; panel < panels; ++panel)
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      const double v = width * (panel + rule.node[i]);
      const double t = scale * std::expm1(v);
      const double weight = delta * std::exp(v - delta * t) * scale * width * rule.weight[i];
      sum += Gradient(weight) * expected_purchases_of(ahead, t);
    }
  return sum;
}

}  // namespace

DiscountedPurchasesResult discounted_purchases(const PurchaseFit& fit,
                                               const PurchaseSummaryView& summary,
                                               const DiscountedPurchasesOptions& options,
                                               const Context& context) {
  check_request("discounted_purchases", fit, summary, options.level);
  if (!(options.discount.rate >= 0) || !std::isfinite(options.discount.rate))
    throw InvalidArgument("discounted_purchases: discount must not be below 0");
  if (options.discount.rate == 0 && !options.horizon)
    throw InvalidArgument(
        "discounted_purchases: without a discount the purchases to come have no bound; give "
        "discount=\"10 % a year\", or a horizon");
  const double horizon = options.horizon ? horizon_of("discounted_purchases", fit, *options.horizon)
                                         : std::numeric_limits<double>::infinity();
  const std::size_t n = summary.size();
  DiscountedPurchasesResult result;
  result.discount = options.discount;
  result.horizon = options.horizon;
  result.level = options.level;
  for (auto* column : {&result.discounted_purchases, &result.discounted_purchases_low,
                       &result.discounted_purchases_high})
    column->assign(n, kNaN);
  result.n.assign(n, fit.n);
  const bool beyond = fit.status == Status::ok && horizon > fit.max_T;
  result.status.assign(n, beyond ? Status::extrapolated : fit.status);
  if (!usable(fit)) return result;
  const CustomerLaws laws(fit, summary, "discounted_purchases");
  const double z = normal_half_width(options.level);
  const double scale = unit_scale(fit, summary);
  const double delta = options.discount.continuous(fit.unit);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    CustomerLaw room;
    for (std::size_t i = begin; i < end; ++i) {
      const CustomerLaw& law = laws.at(i, room);
      const Gradient value =
          discounted(outlook(law.law, history_of(summary, i, scale)), delta, horizon);
      const double half = value.v > 0 ? z * standard_error(value, law) / value.v : 0;
      result.discounted_purchases[i] = value.v;
      result.discounted_purchases_low[i] = value.v * std::exp(-half);
      result.discounted_purchases_high[i] = value.v * std::exp(half);
    }
  });
  return result;
}

std::vector<Column> DiscountedPurchasesResult::columns() const {
  return {{"discounted_purchases", discounted_purchases, "purchases to come, in purchases today"},
          {"discounted_purchases_low", discounted_purchases_low, "lower end of its interval"},
          {"discounted_purchases_high", discounted_purchases_high, "upper end of its interval"},
          Column("n", n, "customers the fit rests on").hidden(),
          Column("status", status, status_labels(), "extrapolated beyond what was watched")};
}

std::vector<Scalar> DiscountedPurchasesResult::info() const {
  double sum = 0;
  for (const double value : discounted_purchases) sum += value;
  return {{"discount", to_string(discount), "by how much less later purchases count"},
          {"horizon", horizon ? data::to_string(*horizon) : std::string("all to come"),
           "purchases within it"},
          {"total", sum, "of all customers together"},
          {"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::customers
