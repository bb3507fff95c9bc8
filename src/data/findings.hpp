#pragma once

#include "emptor/data/input.hpp"
#include "emptor/data/quality.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// How many rows something happened to, and the first five of them. Tallies of blocks are merged in
/// block order.
struct Tally {
  static constexpr std::int64_t kShown = 5;
  std::int64_t n = 0;
  std::array<std::int64_t, 5> rows{};

  void add(std::size_t row) noexcept {
    if (n < kShown) rows[static_cast<std::size_t>(n)] = static_cast<std::int64_t>(row);
    n += 1;
  }
  void merge(const Tally& next) noexcept {
    for (std::int64_t i = 0; i < std::min(next.n, kShown) && n + i < kShown; ++i) {
      rows[static_cast<std::size_t>(n + i)] = next.rows[static_cast<std::size_t>(i)];
    }
    n += next.n;
  }
  [[nodiscard]] std::int64_t shown() const noexcept { return std::min(n, kShown); }
};

/// Where the rows of a table stand in its source; outlives the table.
struct Positions {
  std::string word = "row";
  std::int64_t first = 0;
  std::vector<std::int64_t> at{};
  std::vector<InputTable::Part> parts{};

  [[nodiscard]] std::int64_t of(std::int64_t row) const noexcept {
    return at.empty() ? first + row : at[static_cast<std::size_t>(row)];
  }
  /// "line 7", or "may.csv line 7" where several files were read as one.
  [[nodiscard]] std::string name(std::int64_t row) const { return place(of(row)); }
  [[nodiscard]] std::string place(std::int64_t position) const;
};

/// Adds a row to what quality() tells.
void add_finding(Quality& quality, Finding finding, std::string_view table, std::string_view column,
                 std::string_view code, std::string message, std::int64_t n, std::string examples,
                 std::string details = {});

/// "line 7: 'abc'; line 9: ''"; without the found texts if `found` is empty.
std::string examples_of(const Tally& tally, const Positions& positions,
                        const std::function<std::string(std::int64_t)>& found = {});

/// "1 line" or "1,234 lines".
std::string counted(std::int64_t n, std::string_view one, std::string_view many);

}  // namespace emptor::data
