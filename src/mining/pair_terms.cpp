#include "mining/pair_terms.hpp"

#include <algorithm>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

}  // namespace

void WindowTerms::choose(std::size_t b) {
  share_.clear();
  for (int bin = 0; bin < visits_.n_bins; ++bin) share_.push_back(rates_.share(bin, b));
  probability_.choose(b);
  terms_.clear();
}

void WindowTerms::fill(std::size_t customer, std::span<const std::int32_t> on) {
  const auto begin = at(visits_.first_visit[customer]);
  const auto n_all = at(visits_.first_visit[customer + 1]) - begin;
  before_.resize(n_all + 1);
  Before sums;
  for (std::size_t k = 0, i = 0; k < n_all; ++k) {
    before_[k] = sums;
    const auto v = begin + k;
    const bool with = at(on[std::min(i, on.size() - 1)]) == v;
    i += with ? 1 : 0;
    sums.share += share_[at(visits_.bin[v])];
    sums.expected += static_cast<double>(probability_(v));
    sums.with += with ? 1 : 0;
  }
  before_[n_all] = sums;
  const auto first_row = windows_.customer_begin[customer];
  const auto n_rows = windows_.customer_begin[customer + 1] - first_row;
  terms_.resize(n_rows + 1);
  terms_[n_rows] = Term();
  const Before& all = sums;
  const auto n = static_cast<std::int32_t>(n_all) - 1;  // the index visit is left out
  for (std::size_t r = 0; r < n_rows; ++r) {
    const auto v = at(windows_.visit[first_row + r]);
    const auto end = at(visits_.window_end[v]);
    const Before& here = before_[v - begin];
    const Before& from = before_[v - begin + 1];
    const Before& to = before_[end - begin];
    const double o = to.with - from.with;
    auto& lane = terms_[r].lane;
    const double expected = to.expected - from.expected;
    lane[kVisits] = static_cast<float>(o);
    lane[kEvents] = static_cast<float>(static_cast<int>(from.with == 0) & static_cast<int>(o > 0));
    lane[kSquares] = static_cast<float>(o * (o - 2 * expected));
    lane[kLargest] = static_cast<float>(o - expected);
    const std::int32_t positives = all.with - (from.with - here.with);
    // Worked out for all, since a branch that nobody foresees costs more than two divisions; where
    // they divide by zero nothing is informed.
    const bool informs =
        (static_cast<std::int32_t>(end - v) - 1 < n) & (positives != 0) & (positives != n);
    const double q = (to.share - from.share) / (all.share - (from.share - here.share));
    const double information = positives * q * (1 - q) * (n - positives) / (n - 1);
    const auto score = informs ? static_cast<float>(o - positives * q) : 0.0F;
    lane[kScore] = lane[kLargestScore] = score;
    lane[kInformation] = informs ? static_cast<float>(information) : 0.0F;
    lane[kScoreSquares] = score * score;
  }
}

}  // namespace emptor::mining::next
