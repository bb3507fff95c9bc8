#include "mining/pair_excess.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

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

bool ExcessOf::choose_index(const std::vector<std::int32_t>& index, std::int64_t events,
                            double least) {
  const Visits& visits = search_.visits;
  people_.clear();
  auto most = static_cast<double>(events) + 1e-9;  // the excess of those seen so far and all events
  for (const auto v : index) {
    const auto first = first_[at(visits.customer[at(v)])];
    const auto end = visits.load_begin[at(v) + 1];
    if (first <= v || visits.load_begin[at(v)] == end) continue;
    double hazard = 0;
    for (auto l = at(visits.load_begin[at(v)]); l < at(end); ++l)
      hazard += visits.load_size[l] * theta_[at(visits.load_bin[l])];
    // 1 - exp(-h) >= h - h^2 / 2, and above 1/2 from h = 1 on
    most -= hazard < 1 ? hazard - hazard * hazard / 2 : 0.5;
    if (most < least) return false;
    people_.push_back({hazard, first < visits.window_end[at(v)]});
  }
  return true;
}

Excess ExcessOf::operator()() const {
  double sum = 0, clustered = 0, binomial = 0;
  for (const auto& person : people_) {
    const double buys = 1 - std::exp(-person.hazard);
    const double rest = (person.event ? 1 : 0) - buys;
    sum += rest;
    clustered += rest * rest;
    binomial += buys * (1 - buys);
  }
  return {sum, std::max(clustered, binomial)};
}

PairTally tally(const Visits& visits, std::int32_t consequent,
                const std::vector<std::int32_t>& index) {
  PairTally tally;
  const auto with_b = visits.visits_of(consequent);
  auto next = with_b.begin();
  for (const auto v : index) {
    next = first_from(next, with_b.end(), v);
    if (next != with_b.end() && *next == v) {
      ++tally.same_day;
      ++next;
    }
    const auto before = tally.visits;
    for (auto i = next; i != with_b.end() && *i < visits.window_end[at(v)]; ++i) ++tally.visits;
    tally.naive_buyers += tally.visits > before ? 1 : 0;
  }
  return tally;
}

}  // namespace emptor::mining::next
