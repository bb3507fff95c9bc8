#include "mining/pair_expected.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

namespace emptor::mining::next {
namespace {

TEST(PairExpected, SumsTheProbabilitiesOfTheWindowsVisits) {
  const auto shop = test::small_shop(5, 40, 150);
  const data::Span span{90, data::Span::Unit::days};
  const auto visits = make_visits(shop.view(), span, span);
  const auto windows = make_windows(visits);
  std::vector<std::int32_t> items;
  for (std::int32_t i = 0; i < 37; ++i) items.push_back(i);
  const Rates rates(visits, items);
  std::vector<std::int32_t> rows;  // more than one run of single precision
  for (std::size_t r = 0; r < windows.size(); r += 2) rows.push_back(static_cast<std::int32_t>(r));
  ASSERT_GT(rows.size(), 100U);
  for (const auto& variant : usable_kernels()) {
    SCOPED_TRACE(variant.name);
    ExpectedBlock table(visits, windows, rates, variant);
    for (const auto& [first, width] :
         {std::pair<std::size_t, std::size_t>{0, 16}, std::pair<std::size_t, std::size_t>{32, 5}}) {
      table.fill(first, width);
      const Sixteen total = table.sum(rows);
      for (std::size_t b = 0; b < width; ++b) {
        double sum = 0, squares = 0;
        for (const auto r : rows) {
          const auto v = static_cast<std::size_t>(windows.visit[static_cast<std::size_t>(r)]);
          double expected = 0;
          for (auto j = v + 1; j < static_cast<std::size_t>(visits.window_end[v]); ++j)
            expected += static_cast<double>(rates.probability(j, first + b));
          EXPECT_NEAR(table.row(static_cast<std::size_t>(r))[b], expected, 1e-5);
          sum += expected;
          squares += expected * expected;
        }
        EXPECT_NEAR(total.sum[b], sum, 1e-5 * (1 + sum));
        EXPECT_NEAR(total.squares[b], squares, 1e-5 * (1 + squares));
      }
    }
  }
}

}  // namespace
}  // namespace emptor::mining::next
