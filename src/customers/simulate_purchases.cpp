#include "emptor/customers/simulate_purchases.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/random.hpp"
#include "customers/purchase_request.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::customers {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr std::size_t kBlock = 1024;

/// One life: a rate of buying, and when or after which purchase it ends.
class Life {
 public:
  Life(const PurchaseLaw<double>& law, core::Random& random)
      : random_(random), k_(law.k), clock_(random.gamma(law.r) / law.alpha) {
    if (law.model == PurchaseModel::nbd) return;
    if (law.model == PurchaseModel::pnbd) {
      end_ = random.exponential() * law.b / random.gamma(law.a);
      return;
    }
    const double a = random.gamma(law.a), b = random.gamma(law.b);
    leave_ = a / (a + b);
    if (law.leaves_at_first() && random.uniform() < leave_) end_ = 0;
  }
  [[nodiscard]] double rate() const { return clock_ / k_; }

  /// Time of the purchase after one at `now`; kNever if there is none.
  double next(double now) {
    if (now >= end_) return kNever;
    const double gap = k_ == 1 ? random_.exponential() : random_.gamma(k_);
    const double at = now + gap / clock_;
    if (!(at <= end_)) return kNever;
    if (leave_ > 0 && random_.uniform() < leave_) end_ = at;
    return at;
  }
  /// Whether he is still there at T, having bought up to then.
  [[nodiscard]] bool alive(double T) const { return end_ > T; }

 private:
  core::Random& random_;
  int k_;
  double clock_;  ///< rings per unit of time; every k-th is a purchase
  double leave_ = 0;
  double end_ = kNever;
};

void check(const SimulatePurchasesOptions& options, const PurchaseFit& fit) {
  check_fit("simulate_purchases", fit, 0.95);
  check_no_covariates("simulate_purchases", fit,
                      "simulate from purchase_fit with the parameters of one kind of customer");
  if (!usable(fit))
    throw InvalidArgument("simulate_purchases: the fit has no parameters (not enough data)");
  if (options.customers < 1 || options.customers > std::numeric_limits<std::int32_t>::max())
    throw InvalidArgument("simulate_purchases: customers is " + std::to_string(options.customers) +
                          "; write 1 to 2147483647");
}

}  // namespace

SimulatedPurchases simulate_purchases(const PurchaseFit& fit,
                                      const SimulatePurchasesOptions& options,
                                      const Context& context) {
  check(options, fit);
  const double T = horizon_of("simulate_purchases", fit, options.T);
  const double entry = options.entry ? horizon_of("simulate_purchases", fit, *options.entry) : 0.0;
  if (entry >= T)
    throw InvalidArgument("simulate_purchases: entry \"" + data::to_string(*options.entry) +
                          "\" must be shorter than T, \"" + data::to_string(options.T) + "\"");
  const double holdout =
      options.holdout ? horizon_of("simulate_purchases", fit, *options.holdout) : 0.0;
  const auto n = static_cast<std::size_t>(options.customers);
  SimulatedPurchases result;
  PurchaseSummary& s = result.summary;
  s.unit = fit.unit;
  s.holdout_T = holdout;
  s.customer.resize(n);
  std::iota(s.customer.begin(), s.customer.end(), 0);
  std::vector<std::int64_t> ids(n);
  std::iota(ids.begin(), ids.end(), std::int64_t{1});
  s.ids = Dictionary::from_integers(std::move(ids));
  s.frequency.assign(n, 0);
  for (auto* column : {&s.recency, &s.T, &s.log_gaps, &result.rate}) column->assign(n, 0.0);
  s.holdout_frequency.assign(n, 0);
  result.alive.assign(n, 0);
  const auto law = law_of(fit);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t stop) {
    for (std::size_t i = begin; i < stop; ++i) {
      core::Random random(options.seed, core::hash_integer(i + 1));
      Life life(law, random);
      result.rate[i] = life.rate();
      s.T[i] = T - entry * (static_cast<double>(i) + 0.5) / static_cast<double>(n);
      double now = 0, next = life.next(0);
      for (; next <= s.T[i]; next = life.next(now)) {
        ++s.frequency[i];
        s.log_gaps[i] += std::log(next - now);
        now = s.recency[i] = next;
      }
      // A purchase after T shows that he was there at T, whatever it ended.
      result.alive[i] = life.alive(s.T[i]) || next < kNever;
      for (; next <= s.T[i] + holdout; next = life.next(next)) ++s.holdout_frequency[i];
    }
  });
  for (const std::int64_t x : s.frequency) s.n_repeat += x > 0;
  return result;
}

std::vector<Column> SimulatedPurchases::columns() const {
  std::vector<Column> all{{"customer", summary.customer, *summary.ids, "number of the customer"},
                          {"frequency", summary.frequency, "purchases after the first"},
                          {"recency", summary.recency, "time of the last, in the unit"},
                          {"T", summary.T, "time watched, in the unit"},
                          Column("log_gaps", summary.log_gaps, "sum of ln(time between)").hidden()};
  if (summary.holdout_T > 0)
    all.emplace_back("holdout_frequency", summary.holdout_frequency, "purchases in the holdout");
  all.emplace_back("alive", alive, "whether still there at T");
  all.emplace_back("rate", rate, "purchases per unit of time while there");
  return all;
}

std::vector<Scalar> SimulatedPurchases::info() const {
  std::vector<Scalar> all{{"unit", std::string(to_string(summary.unit)), "of times"},
                          {"n", static_cast<std::int64_t>(summary.customer.size()), "customers"},
                          {"n_repeat", summary.n_repeat, "... with a repeat purchase"}};
  if (summary.holdout_T > 0)
    all.push_back({"holdout_T", summary.holdout_T, "length of the holdout, in the unit"});
  return all;
}

}  // namespace emptor::customers
