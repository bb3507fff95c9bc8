#include "customers/decline_evidence.hpp"

#include "emptor/core/multiplicity.hpp"

#include "core/parallel.hpp"
#include "customers/decline_score.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace emptor::customers {
namespace {

constexpr std::size_t kBlock = 256;
constexpr double kLeast = 1e-15;  // beyond it the tangent is but the reciprocal

/// How many times over counts speak: regular buyers' more than once, clumps less. The more
/// cautious of the customer's own gaps and of how all customers' counts scatter.
double regularity(double shape, double phi) { return phi > 1 ? std::min(shape, 1 / phi) : shape; }

}  // namespace

double cauchy_combined(double a, double b) {
  const auto tangent = [](double p) {
    const double within = std::clamp(p, kLeast, 1 - kLeast);
    return std::tan((0.5 - within) * M_PI);
  };
  return std::clamp(0.5 - std::atan((tangent(a) + tangent(b)) / 2) / M_PI, kLeast, 1.0);
}

std::vector<DeclineEvidence> decline_evidence(const DecliningView& view, const DeclineWindows& w,
                                              const DeclineCohort& cohort,
                                              const DeclineActivity& activity,
                                              const RatePrior& prior, double phi, double market,
                                              double level, const Context& context) {
  const ActivityClock clock(w, activity, market);
  const std::size_t n = cohort.candidates.size();
  std::vector<GapRow> gaps(n);
  const auto days = [&](std::size_t i) {
    return recent_days(view.occasions, cohort.candidates[i].code, clock);
  };
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) gaps[i] = gap_row(days(i), clock);
  });
  const GapShapes shapes(gaps, context);
  std::vector<DeclineEvidence> found(n);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const DeclineCandidate& c = cohort.candidates[i];
      DeclineEvidence& one = found[i];
      one.rhythm = shapes.rhythm(gaps[i], prior.laws, phi);
      const double own_phi = std::max(phi, 1 / one.rhythm.shape);
      const double few =
          RateAfterBaseline(c, prior.laws, phi, own_phi).mid_p(c.n2, activity.window * market);
      one.p_steady = cauchy_combined(few, one.rhythm.p_gap);
      one.change =
          change_date(days(i), clock, prior.laws, phi, regularity(one.rhythm.shape, phi), level);
    }
  });
  std::vector<double> p(n);
  for (std::size_t i = 0; i < n; ++i) p[i] = found[i].p_steady;
  const std::vector<double> q = benjamini_hochberg(p);
  for (std::size_t i = 0; i < n; ++i) found[i].q_value = q[i];
  return found;
}

}  // namespace emptor::customers
