#include "mining/random_table.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

namespace emptor::mining {
namespace {

// Every 0/1 table with the given margins, counted one by one: the mean number of columns that hold
// the rows i and j.
class AllTables {
 public:
  AllTables(std::vector<int> rows, std::vector<int> columns)
      : rows_(std::move(rows)), left_(std::move(columns)), mask_(rows_.size(), 0) {
    shared_.assign(rows_.size() * rows_.size(), 0);
    place(0);
    for (double& s : shared_) s /= n_;
  }
  [[nodiscard]] double shared(std::size_t i, std::size_t j) const {
    return shared_[i * rows_.size() + j];
  }
  [[nodiscard]] double tables() const { return n_; }

 private:
  void place(std::size_t row) {
    if (row == rows_.size()) {
      for (const int l : left_) {
        if (l != 0) return;
      }
      ++n_;
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        for (std::size_t j = 0; j < rows_.size(); ++j) {
          shared_[i * rows_.size() + j] += __builtin_popcount(mask_[i] & mask_[j]);
        }
      }
      return;
    }
    for (unsigned mask = 0; mask < (1U << left_.size()); ++mask) {
      if (__builtin_popcount(mask) != rows_[row]) continue;
      bool fits = true;
      for (std::size_t v = 0; v < left_.size(); ++v) fits &= (mask >> v & 1) == 0 || left_[v] > 0;
      if (!fits) continue;
      for (std::size_t v = 0; v < left_.size(); ++v) left_[v] -= static_cast<int>(mask >> v & 1);
      mask_[row] = mask;
      place(row + 1);
      for (std::size_t v = 0; v < left_.size(); ++v) left_[v] += static_cast<int>(mask >> v & 1);
    }
  }
  std::vector<int> rows_, left_;
  std::vector<unsigned> mask_;
  std::vector<double> shared_;
  double n_ = 0;
};

struct Classes {
  std::vector<RandomTable::Items> items{};
  std::vector<RandomTable::Visits> visits{};
  std::vector<std::size_t> kind{};  // per row
};

Classes classes_of(const std::vector<int>& rows, const std::vector<int>& columns) {
  std::map<int, int> r, c;
  for (const int x : rows) ++r[x];
  for (const int x : columns) ++c[x];
  Classes out;
  for (const auto& [visits, n] : r) out.items.push_back({visits, static_cast<double>(n)});
  for (const auto& [size, n] : c) out.visits.push_back({size, static_cast<double>(n)});
  for (const int x : rows) {
    std::size_t k = 0;
    while (out.items[k].visits != x) ++k;
    out.kind.push_back(k);
  }
  return out;
}

// Tables of a few items and visits are where the approximation is worst; with more of them it is
// better than the bound by far.
TEST(RandomTable, ExpectedIsTheMeanOverAllTables) {
  const std::vector<std::pair<std::vector<int>, std::vector<int>>> tables{
      {{1, 1, 1, 1, 1, 1, 1, 1}, {4, 4}}, {{1, 1, 1, 1, 2, 2}, {2, 2, 2, 2}},
      {{1, 1, 1, 2, 2, 3}, {1, 2, 3, 4}}, {{1, 1, 1, 1, 1, 2, 3}, {1, 1, 2, 2, 4}},
      {{2, 2, 2, 2, 2, 2}, {3, 3, 3, 3}}, {{1, 1, 2, 2, 3, 3}, {2, 2, 2, 3, 3}},
  };
  for (const auto& [rows, columns] : tables) {
    ASSERT_EQ(std::accumulate(rows.begin(), rows.end(), 0),
              std::accumulate(columns.begin(), columns.end(), 0));
    const AllTables all(rows, columns);
    ASSERT_GT(all.tables(), 0);
    const Classes classes = classes_of(rows, columns);
    const RandomTable table(classes.items, classes.visits);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = i + 1; j < rows.size(); ++j) {
        EXPECT_NEAR(table.expected(classes.kind[i], classes.kind[j]), all.shared(i, j), 0.035)
            << rows.size() << ": " << rows[i] << ' ' << rows[j];
      }
    }
  }
}

// Over all pairs the expected numbers add up to the pairs the visits hold.
TEST(RandomTable, CompanionsAddUpToWhatVisitsHold) {
  const std::vector<int> rows{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 5};
  const std::vector<int> columns{1, 2, 2, 3, 3, 5, 8};
  const Classes classes = classes_of(rows, columns);
  const RandomTable table(classes.items, classes.visits);
  double expected = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      expected += table.expected(classes.kind[i], classes.kind[j]);
    }
  }
  EXPECT_NEAR(expected, 0 + 1 + 1 + 3 + 3 + 10 + 28, 0.01);
}

// Two items in visits of equal size that hold much else: the hypergeometric law.
TEST(RandomTable, LargeEqualVisitsAreHypergeometric) {
  const std::vector<RandomTable::Items> items{{2, 5000}, {3, 2}, {4, 1}};
  const std::vector<RandomTable::Visits> visits{{1001, 10}};
  const RandomTable table(items, visits);
  EXPECT_NEAR(table.expected(1, 2), 3 * 4 / 10.0, 0.002);
  EXPECT_NEAR(table.variance(1, 2), 3 * 4 * 7 * 6 / (10.0 * 10 * 9), 0.002);
}

TEST(RandomTable, MarginsThatDecideLeaveNoVariance) {
  // An item in all visits; and one visit: nothing can vary.
  const std::vector<RandomTable::Items> items{{1, 3}, {3, 1}};
  const std::vector<RandomTable::Visits> visits{{2, 3}};
  const RandomTable table(items, visits);
  EXPECT_NEAR(table.variance(0, 1), 0, 1e-12);
  EXPECT_NEAR(table.expected(0, 1), 1, 1e-6);
  const std::vector<RandomTable::Visits> one{{4, 1}};
  EXPECT_EQ(RandomTable(items, one).variance(0, 0), 0);
  // Visits of one item hold no pair.
  const std::vector<RandomTable::Items> single{{1, 2}, {2, 1}};
  const std::vector<RandomTable::Visits> singles{{1, 4}};
  EXPECT_NEAR(RandomTable(single, singles).expected(0, 1), 0, 1e-6);
}

}  // namespace
}  // namespace emptor::mining
