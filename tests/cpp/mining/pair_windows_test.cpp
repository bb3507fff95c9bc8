#include "mining/pair_windows.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

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
  std::size_t n = 0;
  for (std::int32_t item = 0; item < 40; ++item) {
    index.push_back(index_visits(visits, item));
    placebo.push_back(placebo_visits(visits, shop.view(), index.back(), item, 1));
    n += index.back().size();
  }
  const auto starts = make_starts(visits, windows, index, placebo);
  const auto without = make_starts(visits, windows, index, {});
  EXPECT_EQ(starts.start.size(), n);
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
      for (std::size_t k = 0; k < starts.of(c).size(); ++k) {
        const Start& start = starts.of(c)[k];
        if (start.antecedent != static_cast<std::int32_t>(a)) continue;
        EXPECT_EQ(start.row, number(v));
        EXPECT_EQ(start.placebo, number(static_cast<std::size_t>(placebo[a][i])));
        EXPECT_EQ(without.of(c)[k].row, start.row);
        EXPECT_EQ(without.of(c)[k].placebo, n_rows);
        ++found;
        none += start.row == n_rows ? 1 : 0;
      }
    }
  EXPECT_EQ(found, n);
  EXPECT_GT(none, 10U);
}

}  // namespace
}  // namespace emptor::mining::next
