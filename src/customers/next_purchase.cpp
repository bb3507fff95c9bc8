#include "emptor/customers/next_purchase.hpp"

#include "core/parallel.hpp"
#include "customers/count_law.hpp"
#include "customers/purchase_request.hpp"

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr std::size_t kBlock = 128;
/// So many of a customer's own time scales from now is the end of time.
constexpr double kEndOfTime = 1e9;

/// The law of the time of the next purchase, an even mixture over `ahead`.
class NextLaw {
 public:
  explicit NextLaw(std::vector<Outlook<double>> ahead) : ahead_(std::move(ahead)) {
    for (const auto& o : ahead_)
      scale_ = std::max(scale_, o.alpha + o.b * (o.model == PurchaseModel::pnbd));
  }
  /// P(next purchase <= t).
  [[nodiscard]] double by(double t) const {
    double sum = 0;
    for (const auto& o : ahead_) sum += o.alive * (1 - none_by(o, t));
    return sum / static_cast<double>(ahead_.size());
  }
  [[nodiscard]] double ever() const {
    double sum = 0;
    for (const auto& o : ahead_)
      sum += o.alive * (o.model == PurchaseModel::pnbd ? 1 - none_by(o, kEndOfTime * scale_) : 1.0);
    return sum / static_cast<double>(ahead_.size());
  }
  /// The time by which it has come with chance q; kNever if it never has.
  [[nodiscard]] double quantile(double q, double ever) const {
    if (q >= ever) return kNever;
    double low = std::log(scale_) - 1, high = low + 2;
    while (by(std::exp(low)) > q) low -= 3;
    while (by(std::exp(high)) < q) {
      high += 3;
      if (high > std::log(kEndOfTime * scale_)) return kNever;
    }
    std::uintmax_t steps = 60;
    const auto root = boost::math::tools::toms748_solve(
        [&](double log_t) { return by(std::exp(log_t)) - q; }, low, high,
        boost::math::tools::eps_tolerance<double>(44), steps);
    return std::exp(0.5 * (root.first + root.second));
  }

 private:
  /// P(no purchase by t) of somebody alive.
  static double none_by(const Outlook<double>& o, double t) {
    if (o.k == 1 && o.model != PurchaseModel::pnbd) return std::exp(-o.r * std::log1p(t / o.alpha));
    Outlook<double> alive = o;
    alive.alive = 1;
    return CountLaw(alive, t).next();
  }
  std::vector<Outlook<double>> ahead_;
  double scale_ = 0;
};

}  // namespace

NextPurchaseResult next_purchase(const PurchaseFit& fit, const PurchaseSummaryView& summary,
                                 const NextPurchaseOptions& options, const Context& context) {
  check_request("next_purchase", fit, summary, options.level);
  const std::size_t n = summary.size();
  NextPurchaseResult result;
  result.level = options.level;
  result.unit = summary.unit;
  for (auto* column : {&result.next_purchase, &result.next_purchase_low, &result.next_purchase_high,
                       &result.p_never})
    column->assign(n, kNaN);
  result.n.assign(n, fit.n);
  result.status.assign(n, fit.status);
  if (!usable(fit)) return result;
  const CustomerLaws laws(fit, summary, "next_purchase");
  const double scale = unit_scale(fit, summary);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    CustomerLaw room;
    for (std::size_t i = begin; i < end; ++i) {
      const CustomerLaw& law = laws.at(i, room);
      const PurchaseHistory history = history_of(summary, i, scale);
      // Parameters move together with what they say of the customer's own time scale ahead.
      const auto ahead = outlook(law.law, history);
      const Gradient mean = expected_purchases_of(ahead, ahead.alpha.v / ahead.r.v);
      std::vector<Outlook<double>> around;
      for (const auto& near : laws_around(law, mean)) around.push_back(outlook(near, history));
      const NextLaw next(std::move(around));
      const double ever = next.ever();
      const double median = next.quantile(0.5, ever);
      result.p_never[i] = 1 - ever;
      result.next_purchase[i] = median / scale;
      result.next_purchase_low[i] = next.quantile(0.5 * (1 - options.level), ever) / scale;
      result.next_purchase_high[i] = next.quantile(0.5 * (1 + options.level), ever) / scale;
      if (fit.status == Status::ok && median > fit.max_T && median < kNever)
        result.status[i] = Status::extrapolated;
    }
  });
  return result;
}

std::vector<Column> NextPurchaseResult::columns() const {
  return {
      {"next_purchase", next_purchase, "time from now, as likely before as after; inf is never"},
      {"next_purchase_low", next_purchase_low, "lower end: seldom before"},
      {"next_purchase_high", next_purchase_high, "upper end: seldom after; inf is never"},
      {"p_never", p_never, "chance that there is no other purchase"},
      Column("n", n, "customers the fit rests on").hidden(),
      Column("status", status, status_labels(), "of the median").hidden()};
}

std::vector<Scalar> NextPurchaseResult::info() const {
  return {{"unit", std::string(to_string(unit)), "of the times"},
          {"level", level, "chance that the next purchase lies between the ends"}};
}

}  // namespace emptor::customers
