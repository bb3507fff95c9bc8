#include "mining/pair_windows.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace emptor::mining::next {
namespace {

TEST(PairWindows, AreTheEligibleVisitsThatOthersFollow) {
  const auto shop = test::small_shop(4, 40, 80);
  const data::Span span{90, data::Span::Unit::days};
  const auto visits = make_visits(shop.view(), span, span);
  const auto windows = make_windows(visits);
  std::size_t r = 0;
  std::vector<std::int32_t> index, expected;
  for (std::size_t v = 0; v < visits.size(); ++v) {
    bool followed = false;
    for (auto j = v + 1; j < visits.size() && visits.customer[j] == visits.customer[v]; ++j)
      followed = followed || visits.day[j] <= visits.day[v] + 90;
    const bool is_row = followed && visits.day[v] >= shop.first_day + 90;
    EXPECT_EQ(windows.row[v], is_row ? static_cast<std::int32_t>(r) : -1);
    if (v % 3 == 0) index.push_back(static_cast<std::int32_t>(v));
    if (v % 3 == 0 && is_row) expected.push_back(static_cast<std::int32_t>(r));
    if (!is_row) continue;
    EXPECT_EQ(windows.visit[r], static_cast<std::int32_t>(v));
    const auto c = static_cast<std::size_t>(visits.customer[v]);
    EXPECT_LE(windows.customer_begin[c], r);
    EXPECT_GT(windows.customer_begin[c + 1], r);
    ++r;
  }
  EXPECT_EQ(windows.size(), r);
  EXPECT_GT(r, 50U);
  EXPECT_EQ(rows_of(windows, index), expected);
}

TEST(PairWindows, StartsNameEachAntecedentsWindowsByCustomer) {
  const auto shop = test::small_shop(4, 40, 80);
  const data::Span span{90, data::Span::Unit::days};
  const auto visits = make_visits(shop.view(), span, span);
  const auto windows = make_windows(visits);
  std::vector<std::vector<std::int32_t>> index, placebo;
  for (std::int32_t item = 0; item < 40; ++item) {
    index.push_back(index_visits(visits, item));
    placebo.push_back(placebo_visits(visits, shop.view(), index.back(), std::array{item}, 1));
  }
  const auto starts = make_starts(visits, windows, index, placebo);
  const auto without = make_starts(visits, windows, index, {});
  std::size_t n_with_row = 0;
  std::size_t found = 0, none = 0;
  for (std::size_t a = 0; a < index.size(); ++a)
    for (std::size_t i = 0; i < index[a].size(); ++i) {
      const auto v = static_cast<std::size_t>(index[a][i]);
      const auto c = static_cast<std::size_t>(visits.customer[v]);
      const auto begin = static_cast<std::int32_t>(windows.customer_begin[c]);
      const auto n_rows = static_cast<std::int32_t>(windows.customer_begin[c + 1]) - begin;
      const auto number = [&](std::size_t visit) {
        return windows.row[visit] < 0 ? n_rows : windows.row[visit] - begin;
      };
      const auto place = static_cast<std::size_t>(placebo[a][i]);
      const auto has_antecedent = [&](const Start& start) {
        return start.antecedent == static_cast<std::int32_t>(a);
      };
      const auto of = starts.of(c), of_without = without.of(c);
      const auto start = std::find_if(of.begin(), of.end(), has_antecedent);
      ASSERT_EQ(start != of.end(), windows.row[v] >= 0 || windows.row[place] >= 0);
      const auto lone = std::find_if(of_without.begin(), of_without.end(), has_antecedent);
      ASSERT_EQ(lone != of_without.end(), windows.row[v] >= 0);
      if (start != of.end()) {
        EXPECT_EQ(start->row, number(v));
        EXPECT_EQ(start->placebo, number(place));
        ++found;
        none += start->row == n_rows || start->placebo == n_rows ? 1 : 0;
      }
      if (lone != of_without.end()) {
        EXPECT_EQ(lone->row, number(v));
        EXPECT_EQ(lone->placebo, n_rows);
        ++n_with_row;
      }
    }
  EXPECT_EQ(starts.start.size(), found);
  EXPECT_EQ(without.start.size(), n_with_row);
  EXPECT_GT(n_with_row, 100U);
  EXPECT_GT(none, 10U);
}

}  // namespace
}  // namespace emptor::mining::next
