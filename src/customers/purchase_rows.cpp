#include "customers/purchase_rows.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace emptor::customers {
namespace {

using Row = PurchaseRows::Row;

/// Open addressing on the bits of (x, t_x, T); rows keep the order in which they first came.
class Collapsed {
 public:
  explicit Collapsed(std::size_t expected) : slots_(std::bit_ceil(2 * expected + 2), -1) {}

  void add(double x, double last, double T) {
    const std::size_t mask = slots_.size() - 1;
    std::uint64_t key = core::hash_integer(std::bit_cast<std::uint64_t>(x) ^
                                           std::rotl(std::bit_cast<std::uint64_t>(last), 21));
    key = core::hash_integer(key ^ std::bit_cast<std::uint64_t>(T));
    for (std::size_t at = key & mask;; at = (at + 1) & mask) {
      if (slots_[at] < 0) {
        slots_[at] = static_cast<std::int32_t>(rows.size());
        rows.push_back({x, last, T, 1});
        return;
      }
      Row& row = rows[static_cast<std::size_t>(slots_[at])];
      if (row.x == x && row.last == last && row.T == T) {
        row.weight += 1;
        return;
      }
    }
  }
  std::vector<Row> rows{};

 private:
  std::vector<std::int32_t> slots_;
};

std::vector<std::pair<double, double>> counts_of(const std::vector<Row>& rows) {
  constexpr std::size_t kSmall = 4096;
  std::vector<double> small(kSmall, 0.0);
  std::vector<std::pair<double, double>> counts, large;
  for (const Row& row : rows) {
    if (row.x < kSmall)
      small[static_cast<std::size_t>(row.x)] += row.weight;
    else
      large.emplace_back(row.x, row.weight);
  }
  for (std::size_t x = 0; x < kSmall; ++x)
    if (small[x] > 0) counts.emplace_back(static_cast<double>(x), small[x]);
  std::sort(large.begin(), large.end());
  for (const auto& [x, weight] : large) {
    if (counts.empty() || counts.back().first != x) counts.emplace_back(x, 0.0);
    counts.back().second += weight;
  }
  return counts;
}

PurchaseRows collapse_every(const PurchaseSummaryView& summary, std::size_t step) {
  // Where the first rows are nearly all distinct, as with times that are no whole days, so will
  // the others be, and looking for equals would cost more than it saves.
  constexpr std::size_t kProbe = 4096;
  PurchaseRows result;
  const std::size_t n = summary.size();
  const auto fill = [&](std::size_t limit, bool collapse) {
    Collapsed table(collapse ? std::min(limit, n / step + 1) : 1);
    if (!collapse) table.rows.reserve(n / step + 1);
    std::size_t taken = 0;
    for (std::size_t i = step / 2; i < n && taken < limit; i += step, ++taken) {
      const auto x = static_cast<double>(summary.frequency[i]);
      if (collapse)
        table.add(x, summary.recency[i], summary.T[i]);
      else
        table.rows.push_back({x, summary.recency[i], summary.T[i], 1});
    }
    result.rows = std::move(table.rows);
    return taken;
  };
  const std::size_t probed = fill(kProbe, true);
  const bool repeated = result.rows.size() < probed - probed / 8;
  if (n / step + 1 > kProbe) fill(n, repeated);
  for (std::size_t i = step / 2; i < n; i += step) {
    if (!summary.log_gaps.empty()) result.log_gaps += summary.log_gaps[i];
    result.purchases += static_cast<double>(summary.frequency[i]);
  }
  for (const Row& row : result.rows) result.customers += row.weight;
  result.counts = counts_of(result.rows);
  return result;
}

}  // namespace

PurchaseRows collapse(const PurchaseSummaryView& summary) { return collapse_every(summary, 1); }

PurchaseRows thinned(const PurchaseSummaryView& summary, std::size_t size) {
  return collapse_every(summary, std::max<std::size_t>(1, summary.size() / size));
}

void Likelihood::operator+=(const Likelihood& o) {
  value += o.value;
  for (std::size_t i = 0; i < 4; ++i) gradient[i] += o.gradient[i];
  for (std::size_t i = 0; i < 16; ++i) hessian[i] += o.hessian[i];
}

void Likelihood::mirror() {
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < i; ++j) hessian[4 * i + j] = hessian[4 * j + i];
}

}  // namespace emptor::customers
