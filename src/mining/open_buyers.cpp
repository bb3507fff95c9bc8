#include "mining/open_buyers.hpp"

#include <cstddef>
#include <vector>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Rows of the result by their antecedent, in compressed-row form.
struct RowsByAntecedent {
  std::vector<std::size_t> begin{};
  std::vector<std::size_t> row{};
};

RowsByAntecedent rows_of(const BoughtNext& result, std::int32_t group, std::int32_t n_items) {
  const auto of_group = [&](std::size_t i) {
    return result.group.empty() || result.group[i] == group;
  };
  RowsByAntecedent rows;
  rows.begin.assign(at(n_items) + 1, 0);
  for (std::size_t i = 0; i < result.size(); ++i)
    if (of_group(i)) ++rows.begin[at(result.antecedent[i]) + 1];
  for (std::size_t k = 1; k < rows.begin.size(); ++k) rows.begin[k] += rows.begin[k - 1];
  rows.row.resize(rows.begin.back());
  auto next = rows.begin;
  for (std::size_t i = 0; i < result.size(); ++i)
    if (of_group(i)) rows.row[next[at(result.antecedent[i])]++] = i;
  return rows;
}

}  // namespace

void count_open_buyers(std::span<const PurchasesView> parts, std::span<const std::int32_t> codes,
                       const data::Span& window, BoughtNext& result) {
  result.n_open.assign(result.size(), 0);
  result.expected_open.assign(result.size(), 0.0);
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const PurchasesView& part = parts[p];
    const auto rows = rows_of(result, codes.empty() ? 0 : codes[p], part.n_items);
    std::vector<std::size_t> seen(at(part.n_items), 0);  // 1 + the customer's first purchase
    std::vector<data::Day> last(at(part.n_items), 0);
    std::vector<std::int32_t> own;
    for (std::size_t begin = 0, end = 0; begin < part.customer.size(); begin = end) {
      own.clear();
      for (; end < part.customer.size() && part.customer[end] == part.customer[begin]; ++end) {
        const auto item = at(part.item[end]);
        if (seen[item] != begin + 1) own.push_back(part.item[end]);
        seen[item] = begin + 1;
        last[item] = part.day[end];
      }
      for (const auto antecedent : own) {
        const data::Day close = data::add(last[at(antecedent)], window);
        if (close <= part.last_day) continue;
        const double left = static_cast<double>(close - part.last_day) /
                            static_cast<double>(close - last[at(antecedent)]);
        for (auto k = rows.begin[at(antecedent)]; k < rows.begin[at(antecedent) + 1]; ++k) {
          const std::size_t row = rows.row[k];
          if (seen[at(result.consequent[row])] == begin + 1) continue;
          ++result.n_open[row];
          result.expected_open[row] += left * result.p_within[row];
        }
      }
    }
  }
}

}  // namespace emptor::mining::next
