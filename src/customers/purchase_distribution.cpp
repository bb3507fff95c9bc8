#include "emptor/customers/purchase_distribution.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "customers/count_law.hpp"
#include "customers/purchase_request.hpp"

#include <algorithm>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 512;
constexpr int kMost = 1000;

}  // namespace

PurchaseDistributionResult purchase_distribution(const PurchaseFit& fit,
                                                 const PurchaseSummaryView& summary,
                                                 const PurchaseDistributionOptions& options,
                                                 const Context& context) {
  check_request("purchase_distribution", fit, summary, 0.95);
  const double t = horizon_of("purchase_distribution", fit, options.horizon);
  if (options.most < 0 || options.most > kMost)
    throw InvalidArgument("purchase_distribution: most is " + std::to_string(options.most) +
                          "; write 0 to 1000");
  const std::size_t n = summary.size();
  PurchaseDistributionResult result;
  result.horizon = options.horizon;
  for (int j = 0; j <= options.most; ++j) {
    result.names.push_back("p_" + std::to_string(j));
    result.p.emplace_back(n, kNaN);
  }
  result.p_more.assign(n, kNaN);
  result.n.assign(n, fit.n);
  const bool beyond = fit.status == Status::ok && t > fit.max_T;
  result.status.assign(n, beyond ? Status::extrapolated : fit.status);
  if (!usable(fit)) return result;
  const CustomerLaws laws(fit, summary, "purchase_distribution");
  const double scale = unit_scale(fit, summary);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      CountLaw counts(outlook(laws.plain(i), history_of(summary, i, scale)), t);
      double rest = 1;
      for (auto& column : result.p) rest -= column[i] = counts.next();
      result.p_more[i] = std::max(rest, 0.0);
    }
  });
  return result;
}

std::vector<Column> PurchaseDistributionResult::columns() const {
  std::vector<Column> all;
  for (std::size_t j = 0; j < p.size(); ++j)
    all.emplace_back(names[j], p[j], "chance of exactly so many purchases");
  all.emplace_back("p_more", p_more, "chance of more");
  all.push_back(Column("n", n, "customers the fit rests on").hidden());
  all.push_back(Column("status", status, status_labels(), "of the chances").hidden());
  return all;
}

std::vector<Scalar> PurchaseDistributionResult::info() const {
  return {{"horizon", data::to_string(horizon), "how far ahead"}};
}

}  // namespace emptor::customers
