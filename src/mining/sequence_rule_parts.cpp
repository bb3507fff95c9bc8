#include "mining/sequence_rule_parts.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace emptor::mining::timed {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Sums over one customer's visits.
struct Own {
  double o1 = 0, e1 = 0, o0 = 0, e0 = 0;
};

/// Sums the visits [from, to): how many have B, and how many would.
class Counter {
 public:
  Counter(const Visits& visits, const Rates& rates, std::size_t b, std::int32_t consequent)
      : rates_(rates), b_(b), with_(visits.visits_of(consequent)) {}
  void operator()(std::int32_t from, std::int32_t to, double& observed, double& expected) const {
    if (from >= to) return;
    const auto first = std::lower_bound(with_.begin(), with_.end(), from);
    const auto last = std::lower_bound(first, with_.end(), to);
    observed += static_cast<double>(last - first);
    for (auto v = from; v < to; ++v) expected += static_cast<double>(rates_.probability(at(v), b_));
  }

 private:
  const Rates& rates_;
  std::size_t b_;
  std::span<const std::int32_t> with_;
};

}  // namespace

PartTest test_part(const Visits& visits, const Rates& rates, std::size_t b, std::int32_t consequent,
                   std::span<const std::int32_t> whole, std::span<const std::int32_t> part) {
  const Counter count(visits, rates, b, consequent);
  std::vector<Own> customers;
  PartTest test;
  std::size_t i = 0, k = 0;
  while (i < whole.size() || k < part.size()) {
    const auto customer_of = [&](std::span<const std::int32_t> index, std::size_t j) {
      return j < index.size() ? visits.customer[at(index[j])]
                              : static_cast<std::int32_t>(visits.code.size());
    };
    const auto c = std::min(customer_of(whole, i), customer_of(part, k));
    Own own;
    std::int32_t completed = visits.first_visit[at(c) + 1];  // never, as far as is known
    if (customer_of(whole, i) == c) {
      completed = whole[i++];
      count(completed + 1, visits.window_end[at(completed)], own.o1, own.e1);
    }
    if (customer_of(part, k) == c) {
      const auto v = part[k++];
      count(v + 1, std::min(completed, visits.window_end[at(v)]), own.o0, own.e0);
    }
    test.observed += own.o1;
    test.expected += own.e1;
    test.part_observed += own.o0;
    test.part_expected += own.e0;
    customers.push_back(own);
  }
  const double expected = test.expected + test.part_expected;
  const double observed = test.observed + test.part_observed;
  if (!(test.expected > 0 && test.part_expected > 0 && test.observed > 0)) return test;
  const double w = test.expected / expected;
  const double ratio = observed / expected;
  double clustered = 0;
  for (const Own& own : customers) {
    const double u = (1 - w) * (own.o1 - ratio * own.e1) - w * (own.o0 - ratio * own.e0);
    clustered += u * u;
  }
  const double score = test.observed - w * observed;
  const double normal =
      core::normal_sf((score - 0.5) / std::sqrt(std::max(clustered, observed * w * (1 - w))));
  test.p = std::max(normal, core::beta_cdf(w, test.observed, observed - test.observed + 1));
  return test;
}

Items part_of(std::span<const std::int32_t> set, std::int32_t mask) {
  Items part;
  for (std::size_t i = 0; i < set.size(); ++i)
    if ((mask >> i & 1) != 0) part.push_back(set[i]);
  return part;
}

}  // namespace emptor::mining::timed
