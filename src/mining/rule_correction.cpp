#include "mining/rule_correction.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/random.hpp"
#include "core/special.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

namespace emptor::mining {
namespace {

constexpr std::size_t kBlocks = 256;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// p-values in twentieths of a power of ten: bucket k counts those in (10^-(k+1)/20, 10^-k/20], the
// last one all below.
constexpr std::size_t kBuckets = 6001;
using Histogram = std::array<std::int64_t, kBuckets>;

std::size_t bucket_of(double p) {
  const double k = std::floor(-20 * std::log10(p));
  return static_cast<std::size_t>(std::clamp(k, 0.0, static_cast<double>(kBuckets - 1)));
}

// The items of every stratum's other side, so that rows are short and close together.
struct Sides {
  const RuleData& data;
  const RuleScreen& screen;
  std::vector<std::int32_t> consequents{};

  Sides(const RuleData& d, const RuleScreen& s, const RuleSpace& space) : data(d), screen(s) {
    for (std::size_t r = 0; r < space.consequent.size(); ++r) {
      if (space.consequent[r] != 0) consequents.push_back(static_cast<std::int32_t>(r));
    }
  }
};

// Were all of the rarer one's baskets in every stratum shared.
void count_smallest(const Sides& sides, std::int32_t x, std::int64_t min_count,
                    Histogram& histogram) {
  const RuleData& data = sides.data;
  const std::size_t strata = data.strata.count();
  const std::uint32_t* const a = sides.screen.strata_of(x);
  const auto items = sides.screen.items_of(x);
  std::vector<std::size_t> used;
  for (std::size_t h = 0; h < strata; ++h) {
    if (a[h] > 0) used.push_back(h);
  }
  for (const std::int32_t y : sides.consequents) {
    if (!data.apart(items, y)) continue;
    const double* const b = data.count.data() + index(y) * strata;
    double most = 0;
    for (const std::size_t h : used) most += std::min<double>(a[h], b[h]);
    if (most < static_cast<double>(min_count)) continue;  // never listed
    Usual usual;
    for (const std::size_t h : used) {
      usual.add(data.strata.n[h], a[h], b[h], data.taken(items, {&y, 1}, {}, h),
                data.strata.size_factor[h]);
    }
    ++histogram[bucket_of(stretched_upper_tail(most, usual.expected, usual.variance))];
  }
}

// Baskets with each antecedent, laid end to end.
struct Lists {
  std::vector<std::size_t> begin{0};
  std::vector<RuleData::Position> basket{};
};

Lists lists_of(const RuleData& data, const RuleScreen& screen, const RuleSpace& space,
               const Context& context) {
  const ClusterSums none(data);
  RuleTester tester(data, none);
  Lists lists;
  for (const std::int32_t x : space.antecedents) {
    for (const auto b : tester.baskets_with(screen.items_of(x))) {
      if (data.stratum[b] >= 0) lists.basket.push_back(b);
    }
    lists.begin.push_back(lists.basket.size());
    if (context.stop.stop_requested()) throw Cancelled();
    if (context.memory_limit > 0 && lists.basket.size() * 4 > context.memory_limit) {
      throw MemoryLimit("association_rules: the baskets of all antecedents do not fit into " +
                        std::to_string(context.memory_limit / 1000000) +
                        " MB, as westfall_young needs; raise memory_limit or min_count");
    }
  }
  return lists;
}

// partner[b]: the basket whose consequents b gets.
void permute(const RuleData& data, core::Random& random, std::vector<RuleData::Position>& partner) {
  std::vector<std::vector<RuleData::Position>> members(data.strata.count());
  for (std::size_t b = 0; b < data.baskets(); ++b) {
    if (data.stratum[b] >= 0) {
      members[index(data.stratum[b])].push_back(static_cast<RuleData::Position>(b));
    }
  }
  for (const auto& own : members) {
    std::vector<RuleData::Position> drawn(own);
    for (std::size_t i = drawn.size(); i > 1; --i) {
      std::swap(drawn[i - 1], drawn[static_cast<std::size_t>(random.below(i))]);
    }
    for (std::size_t i = 0; i < own.size(); ++i) partner[own[i]] = drawn[i];
  }
}

class Permutation {
 public:
  Permutation(const RuleData& data, const RuleScreen& screen, const RuleSpace& space)
      : data_(data), screen_(screen), space_(space), count_(data.items(), 0) {}

  double smallest(const Lists& lists, std::span<const RuleData::Position> partner) {
    double smallest = 1;
    double hopeless = 1;  // standard deviations: fewer give no smaller p-value
    for (std::size_t k = 0; k < space_.antecedents.size(); ++k) {
      touched_.clear();
      for (std::size_t i = lists.begin[k]; i < lists.begin[k + 1]; ++i) {
        for (const std::int32_t y : data_.in(partner[lists.basket[i]])) {
          if (count_[index(y)]++ == 0) touched_.push_back(y);
        }
      }
      const auto items = screen_.items_of(space_.antecedents[k]);
      for (const std::int32_t y : touched_) {
        const std::uint32_t n = std::exchange(count_[index(y)], 0U);
        if (n < space_.min_count || space_.consequent[index(y)] == 0) continue;
        if (!data_.apart(items, y)) continue;
        const double p = p_value(k, y, n, hopeless);
        if (p >= smallest) continue;
        smallest = p;
        // The stretched Poisson tail is above the normal one.
        hopeless = std::max(1.0, -core::normal_quantile(smallest) - 0.25);
      }
    }
    return smallest;
  }

 private:
  double p_value(std::size_t k, std::int32_t y, double n, double hopeless) const {
    const std::size_t strata = data_.strata.count();
    const std::uint32_t* const a = screen_.strata_of(space_.antecedents[k]);
    const double* const b = data_.count.data() + index(y) * strata;
    Usual usual;
    for (std::size_t h = 0; h < strata; ++h) {
      if (a[h] > 0) usual.add(data_.strata.n[h], a[h], b[h], 0, 1);
    }
    if (n - usual.expected < hopeless * std::sqrt(usual.variance)) return 1;
    return stretched_upper_tail(n, usual.expected, usual.variance);
  }
  const RuleData& data_;
  const RuleScreen& screen_;
  const RuleSpace& space_;
  std::vector<std::uint32_t> count_;
  std::vector<std::int32_t> touched_{};
};

}  // namespace

double tarone_tests(const RuleData& data, const RuleScreen& screen, const RuleSpace& space,
                    double alpha, const Context& context) {
  const Sides sides(data, screen, space);
  const auto blocks = core::parallel_map<std::vector<Histogram>>(
      context, space.antecedents.size(), space.antecedents.size() / kBlocks + 1,
      [&](std::size_t begin, std::size_t end) {
        std::vector<Histogram> own(1);
        own[0].fill(0);
        for (std::size_t k = begin; k < end; ++k) {
          count_smallest(sides, space.antecedents[k], space.min_count, own[0]);
        }
        return own;
      });
  Histogram all{};
  for (const auto& block : blocks) {
    for (std::size_t k = 0; k < kBuckets; ++k) all[k] += block[0][k];
  }
  // From the smallest delta up, as long as delta times the rules that can reach it is within alpha.
  double delta = 0;
  std::int64_t reach = 0;
  for (std::size_t k = kBuckets; k-- > 0;) {
    reach += all[k];
    const double at = std::pow(10.0, -static_cast<double>(k) / 20);
    if (at * static_cast<double>(reach) > alpha) {
      delta = std::max(delta, alpha / static_cast<double>(reach));
      break;
    }
    delta = std::min(at, alpha);
  }
  return alpha / delta;
}

std::vector<double> smallest_p_values(const RuleData& data, const RuleScreen& screen,
                                      const RuleSpace& space, int permutations, std::uint64_t seed,
                                      const Context& context) {
  const Lists lists = lists_of(data, screen, space, context);
  std::vector<double> smallest(static_cast<std::size_t>(permutations), 1);
  core::parallel_for(context, smallest.size(), [&](std::size_t r) {
    core::Random random(seed, r);
    std::vector<RuleData::Position> partner(data.baskets());
    std::iota(partner.begin(), partner.end(), RuleData::Position{0});
    permute(data, random, partner);
    smallest[r] = Permutation(data, screen, space).smallest(lists, partner);
  });
  std::sort(smallest.begin(), smallest.end());
  return smallest;
}

}  // namespace emptor::mining
