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

}  // namespace
}  // namespace emptor::mining::next
