#include "mining/pair_tests.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "mining/stretched_poisson.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::mining {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// What does not depend on the pair.
struct Terms {
  std::vector<double> weight;    // per stratum: baskets * size_factor
  std::vector<double> variance;  // per stratum: baskets^2 / (baskets - 1)
  std::vector<double> places;    // [rank * strata + h]: c, see places_taken
};

Terms make_terms(const PairIndex& pairs, const Context& context) {
  const Strata& strata = pairs.strata;
  Terms terms;
  for (std::size_t h = 0; h < strata.count(); ++h) {
    const double n = strata.n[h];
    terms.weight.push_back(n * strata.size_factor[h]);
    terms.variance.push_back(n > 1 ? n * n / (n - 1) : 0.0);
  }
  terms.places.assign(pairs.share.size(), 0);
  core::parallel_for(context, strata.count(),
                     [&](std::size_t h) { places_taken(strata, h, pairs.share, terms.places); });
  return terms;
}

// The strata of one pair, and what is usual for it.
class PairStrata {
 public:
  PairStrata(const PairIndex& pairs, const Terms& terms, const PairSums& pair)
      : pairs_(pairs),
        terms_(terms),
        strata_(pairs.strata.count()),
        a_(pairs.share.data() + index(pair.a) * strata_),
        b_(pairs.share.data() + index(pair.b) * strata_),
        places_a_(terms.places.data() + index(pair.a) * strata_),
        places_b_(terms.places.data() + index(pair.b) * strata_) {}
  // Shared baskets.
  [[nodiscard]] double expected() const {
    double sum = 0;
    for (std::size_t h = 0; h < strata_; ++h) {
      sum += terms_.weight[h] * (a_[h] * b_[h] * (1 - taken(h)));
    }
    return sum;
  }
  // ... of their number: of the score less its mean -p q taken, for one basket.
  [[nodiscard]] double variance() const {
    double sum = 0;
    for (std::size_t h = 0; h < strata_; ++h) {
      const double p = a_[h];
      const double q = b_[h];
      const double t = taken(h);
      sum += terms_.variance[h] * p * q *
             ((1 - p) * (1 - q) - t * (1 - 2 * p) * (1 - 2 * q) - p * q * t * t);
    }
    return sum;
  }
  // Sum over baskets of the squared scores (1{a} - p_a)(1{b} - p_b).
  [[nodiscard]] double scores(const PairSums& pair) const {
    double sum = 0;
    double shared = 0;
    for (std::size_t h = 0; h < strata_; ++h) {
      const double p = a_[h];
      const double q = b_[h];
      const double both = p * q * (1 - taken(h));
      shared += terms_.weight[h] * both * (1 - 2 * p) * (1 - 2 * q);
      sum += pairs_.strata.n[h] * p * q * (p + q - 3 * p * q);
    }
    if (pair.expected > 0) sum += static_cast<double>(pair.n) * shared / pair.expected;
    return sum;
  }

 private:
  [[nodiscard]] double taken(std::size_t h) const {
    return std::min(1.0, places_a_[h] * places_b_[h]);
  }
  const PairIndex& pairs_;
  const Terms& terms_;
  std::size_t strata_;
  const double *a_, *b_, *places_a_, *places_b_;
};

// How much more the scores vary when they are summed by customer than when every basket stands for
// itself; at least 1.
double design_effect(const PairIndex& pairs, const Terms& terms, const PairSums& pair) {
  if (!pairs.clustered()) return 1;
  const double scores = PairStrata(pairs, terms, pair).scores(pair);
  return scores > 0 ? std::max(1.0, pairs.squared_scores(pair) / scores) : 1.0;
}

// Whether a pair can be listed at all: the design effect only makes its p-value larger, and a
// q-value is never below the p-value. Below one standard deviation the tail is above .15. Cheap
// questions first: most pairs are hopeless.
bool can_be_listed(const PairIndex& pairs, const Terms& terms, double fdr, PairSums& pair) {
  const PairStrata strata(pairs, terms, pair);
  const auto n = static_cast<double>(pair.n);
  pair.expected = strata.expected();
  if (fdr < 0.15 && n < pair.expected) return false;
  pair.variance = strata.variance();
  pair.p_value = std::numeric_limits<double>::quiet_NaN();
  if (fdr >= 1) return true;
  if (fdr < 0.15 && n - pair.expected < std::sqrt(std::max(0.0, pair.variance))) return false;
  pair.p_value = stretched_upper_tail(n, pair.expected, pair.variance);
  return pair.p_value <= fdr;
}

TestedPairs::Pair test(const PairIndex& pairs, const Terms& terms, const PairSums& pair) {
  const double effect = design_effect(pairs, terms, pair);
  const double p =
      effect > 1 || std::isnan(pair.p_value)
          ? stretched_upper_tail(static_cast<double>(pair.n), pair.expected, pair.variance * effect)
          : pair.p_value;
  return {pair.a, pair.b, pair.n, pair.expected, p};
}

}  // namespace

TestedPairs test_pairs(const PairIndex& pairs, double fdr, const Context& context) {
  const Terms terms = make_terms(pairs, context);
  struct Block {
    TestedPairs tested{};
    std::size_t counted = 0;
  };
  std::vector<Block> blocks(pairs.blocks());
  std::atomic<std::size_t> rows{0};
  const auto limit = context.memory_limit;
  const std::size_t bytes =
      3 * (sizeof(TestedPairs::Pair) + (pairs.clustered() ? sizeof(PairSums) : 0));
  const auto select = [&](PairSums& pair) { return can_be_listed(pairs, terms, fdr, pair); };
  pairs.for_each_row(context, select, [&](auto block, auto row, std::size_t n) {
    Block& own = blocks[block];
    own.counted += n;
    const std::size_t total = rows.fetch_add(row.size()) + row.size();
    if (limit > 0 && total * bytes > limit) {
      throw MemoryLimit("bought_together: more than " + std::to_string(total) +
                        " pairs can be listed, about " +
                        std::to_string(total * bytes / 1000000 + 1) + " MB so far, the limit is " +
                        std::to_string(limit / 1000000) + " MB; raise memory_limit or min_count");
    }
    for (const PairSums& pair : row) own.tested.pair.push_back(test(pairs, terms, pair));
    if (pairs.clustered()) own.tested.sums.insert(own.tested.sums.end(), row.begin(), row.end());
  });
  TestedPairs tested;
  tested.pair.reserve(rows.load());
  if (pairs.clustered()) tested.sums.reserve(rows.load());
  for (Block& block : blocks) {
    tested.n_counted += static_cast<std::int64_t>(block.counted);
    const TestedPairs& own = block.tested;
    tested.pair.insert(tested.pair.end(), own.pair.begin(), own.pair.end());
    tested.sums.insert(tested.sums.end(), own.sums.begin(), own.sums.end());
    block.tested = {};
  }
  return tested;
}

}  // namespace emptor::mining
