#include "mining/pair_excess.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Not above 1 - exp(-hazard), and near it: its series, cut after a negative term.
double least_share(double h) noexcept {
  return h < 1 ? h * (1 - h / 2 * (1 - h / 3 * (1 - h / 4))) : 0.632;
}

}  // namespace

void ExcessOf::choose(std::int32_t consequent) {
  const Visits& visits = search_.visits;
  first_.assign(visits.code.size(), std::numeric_limits<std::int32_t>::max());
  for (const auto v : visits.visits_of(search_.plan.consequents[at(consequent)])) {
    auto& first = first_[at(visits.customer[at(v)])];
    first = std::min(first, v);
  }
  theta_.clear();
  for (int bin = 0; bin < visits.n_bins; ++bin)
    theta_.push_back(search_.rates->theta(bin, at(consequent)));
}

template <typename Each>
void ExcessOf::for_people(std::span<const std::int32_t> index, Each&& each) const {
  const Visits& visits = search_.visits;
  for (const auto v : index) {
    const auto first = first_[at(visits.customer[at(v)])];
    const auto end = visits.load_begin[at(v) + 1];
    if (first <= v || visits.load_begin[at(v)] == end) continue;
    double hazard = 0;
    for (auto l = at(visits.load_begin[at(v)]); l < at(end); ++l)
      hazard += visits.load_size[l] * theta_[at(visits.load_bin[l])];
    if (!each(hazard, first < visits.window_end[at(v)])) return;
  }
}

Excess ExcessOf::operator()(std::span<const std::int32_t> index) const {
  double sum = 0, clustered = 0, binomial = 0;
  for_people(index, [&](double hazard, bool event) {
    const double buys = 1 - std::exp(-hazard);
    const double rest = (event ? 1 : 0) - buys;
    sum += rest;
    clustered += rest * rest;
    binomial += buys * (1 - buys);
    return true;
  });
  return {sum, std::max(clustered, binomial)};
}

bool ExcessOf::is_below(std::span<const std::int32_t> index, std::int64_t events, double z,
                        double least) const {
  // Above the value by as much as those not seen yet would be expected to buy, and below the
  // variance; with room for rounding.
  double most = static_cast<double>(events) + 1e-9, variance = -1e-9;
  bool below = false;
  for_people(index, [&](double hazard, bool event) {
    const double buys = least_share(hazard);
    const double rest = event ? std::max(0.0, 1 - hazard) : buys;
    most -= buys;
    variance += rest * rest;
    const double above = most - least;
    below = above < 0 || above * above < z * z * variance;
    return !below;
  });
  return below;
}

std::vector<std::vector<std::int32_t>> heaviest_first(const Search& search,
                                                      const Context& context) {
  const Visits& visits = search.visits;
  std::vector<std::uint8_t> weight(visits.size());  // the logarithm is order enough, and dealt fast
  for (std::size_t v = 0; v < visits.size(); ++v) {
    const auto begin = visits.load_size.begin() + visits.load_begin[v];
    const auto end = visits.load_size.begin() + visits.load_begin[v + 1];
    const auto load = static_cast<std::uint64_t>(std::accumulate(begin, end, 0.0));
    weight[v] = static_cast<std::uint8_t>(64 - std::bit_width(load));
  }
  std::vector<std::vector<std::int32_t>> dealt(search.plan.index.size());
  core::parallel_ranges(context, dealt.size(), 64, [&](std::size_t first, std::size_t last) {
    for (auto a = first; a < last; ++a) {
      const auto& index = search.plan.index[a];
      std::array<std::size_t, 66> next{};
      for (const auto v : index) ++next[weight[at(v)] + 1U];
      std::partial_sum(next.begin(), next.end(), next.begin());
      dealt[a].resize(index.size());
      for (const auto v : index) dealt[a][next[weight[at(v)]]++] = v;
    }
  });
  return dealt;
}

PairTally tally(const Visits& visits, const BuyersOf& consequent,
                std::span<const std::int32_t> index) {
  PairTally tally;
  for (const auto v : index) {
    std::int64_t inside = 0;
    for (const auto with : consequent.visits_of(visits.customer[at(v)])) {
      tally.same_day += with == v ? 1 : 0;
      inside += static_cast<int>(with > v) & static_cast<int>(with < visits.window_end[at(v)]);
    }
    tally.visits += inside;
    tally.naive_buyers += inside > 0 ? 1 : 0;
  }
  return tally;
}

}  // namespace emptor::mining::next
