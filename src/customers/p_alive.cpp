#include "emptor/customers/p_alive.hpp"

#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "customers/purchase_request.hpp"

#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 1024;

}  // namespace

PAliveResult p_alive(const PurchaseFit& fit, const PurchaseSummaryView& summary,
                     const PAliveOptions& options, const Context& context) {
  check_request("p_alive", fit, summary, options.level);
  const std::size_t n = summary.size();
  PAliveResult result;
  result.level = options.level;
  result.p_alive.assign(n, kNaN);
  result.p_alive_low.assign(n, kNaN);
  result.p_alive_high.assign(n, kNaN);
  result.n.assign(n, fit.n);
  result.status.assign(
      n, fit.model == PurchaseModel::nbd && usable(fit) ? Status::undefined : fit.status);
  if (!usable(fit) || fit.model == PurchaseModel::nbd) return result;
  const double scale = unit_scale(fit, summary);
  const CustomerLaws laws(fit, summary, "p_alive");
  if (!options.intervals) {
    core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        const double odds = log_odds_gone(laws.plain(i), history_of(summary, i, scale));
        result.p_alive[i] = law_detail::logistic_of_minus(odds);
        if (std::isinf(odds)) result.status[i] = Status::boundary;
      }
    });
    return result;
  }
  const double z = normal_half_width(options.level);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    CustomerLaw room;
    for (std::size_t i = begin; i < end; ++i) {
      const CustomerLaw& law = laws.at(i, room);
      const Gradient odds = log_odds_gone(law.law, history_of(summary, i, scale));
      if (std::isinf(odds.v)) {
        result.p_alive[i] = result.p_alive_low[i] = result.p_alive_high[i] = odds.v < 0 ? 1 : 0;
        result.status[i] = Status::boundary;
        continue;
      }
      const double half = z * standard_error(odds, law);
      result.p_alive[i] = law_detail::logistic_of_minus(odds.v);
      result.p_alive_low[i] = law_detail::logistic_of_minus(odds.v + half);
      result.p_alive_high[i] = law_detail::logistic_of_minus(odds.v - half);
    }
  });
  return result;
}

std::vector<Column> PAliveResult::columns() const {
  return {{"p_alive", p_alive, "chance that the customer still buys"},
          {"p_alive_low", p_alive_low, "lower end of its interval"},
          {"p_alive_high", p_alive_high, "upper end of its interval"},
          Column("n", n, "customers the fit rests on").hidden(),
          Column("status", status, status_labels(), "of the chance")};
}

std::vector<Scalar> PAliveResult::info() const {
  return {{"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::customers
