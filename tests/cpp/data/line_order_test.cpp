#include "data/line_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <tuple>

namespace emptor::data {
namespace {

constexpr std::size_t kRows = 250000;
constexpr std::int32_t kCustomers = 30;

/// Rows drawn so that most columns tie; customer 0 has more lines than one block of work.
struct Drawn {
  UnorderedLines lines{};
  std::vector<std::int32_t> other{};
  std::vector<std::uint8_t> keep{};

  /// With `by_visit`, rows come by time and order, as exports do.
  explicit Drawn(bool by_visit) : other(kRows) {
    std::mt19937 random(9);
    std::vector<std::pair<std::int64_t, std::int32_t>> visit(kRows);
    for (auto& one : visit) {
      one = {static_cast<std::int64_t>(random() % 50), static_cast<std::int32_t>(random() % 5)};
    }
    if (by_visit) std::sort(visit.begin(), visit.end());
    lines.customers = kCustomers;
    for (std::size_t i = 0; i < kRows; ++i) {
      lines.customer.push_back(random() % 2 == 0 ? 0
                                                 : static_cast<std::int32_t>(random() % 31) - 1);
      lines.time.push_back(visit[i].first);
      lines.day.push_back(static_cast<Day>(visit[i].first / 10));
      lines.order.push_back(visit[i].second);
      lines.product.push_back(static_cast<std::int32_t>(random() % 5) - 1);
      lines.quantity.push_back(static_cast<double>(random() % 2) - 0.5);
      lines.amount.push_back(static_cast<Money>(random() % 2));
      keep.push_back(random() % 10 == 0 ? 0 : 1);
      other[i] = static_cast<std::int32_t>(random() % 3);
    }
  }

  [[nodiscard]] auto columns(std::uint32_t row) const {
    return std::tuple(lines.customer[row], lines.time[row], lines.order[row], lines.product[row],
                      lines.quantity[row], lines.amount[row], other[row]);
  }
  [[nodiscard]] std::vector<std::uint32_t> expected() const {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < kRows; ++i) {
      if (keep[i] != 0) rows.push_back(i);
    }
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
      const auto key_a = columns(a), key_b = columns(b);
      return key_a != key_b ? key_a < key_b : a < b;
    });
    return rows;
  }
};

void check(const Drawn& drawn, const std::vector<std::uint32_t>& expected, int threads) {
  UnorderedLines lines = drawn.lines;
  lines.keep = drawn.keep;
  lines.compare = [&](std::uint32_t a, std::uint32_t b) { return drawn.other[a] - drawn.other[b]; };
  Context context;
  context.threads = threads;
  const OrderedLines out = order_lines(std::move(lines), context);
  ASSERT_TRUE(std::equal(out.row.begin(), out.row.end(), expected.begin(), expected.end()));
  ASSERT_EQ(out.customer_begin.size(), 31U);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::uint32_t row = expected[i];
    ASSERT_EQ(out.customer[i], drawn.lines.customer[row]);
    ASSERT_EQ(out.time[i], drawn.lines.time[row]);
    ASSERT_EQ(out.day[i], drawn.lines.day[row]);
    ASSERT_EQ(out.product[i], drawn.lines.product[row]);
    ASSERT_EQ(out.quantity[i], drawn.lines.quantity[row]);
    ASSERT_EQ(out.amount[i], drawn.lines.amount[row]);
    const bool repeats = i > 0 && drawn.columns(row) == drawn.columns(expected[i - 1]);
    ASSERT_EQ(out.flags[i], repeats ? kDuplicate : 0);
  }
  for (std::int32_t c = 0; c < kCustomers; ++c) {
    const auto begin = static_cast<std::size_t>(out.customer_begin[static_cast<std::size_t>(c)]);
    ASSERT_EQ(out.customer[begin], c);
    ASSERT_EQ(out.customer[begin - 1], c - 1);
  }
}

TEST(LineOrder, IsThatOfAPlainSortOnAnyNumberOfThreads) {
  for (const bool by_visit : {false, true}) {
    const Drawn drawn(by_visit);
    const std::vector<std::uint32_t> expected = drawn.expected();
    for (const int threads : {1, 2, 3, 8}) check(drawn, expected, threads);
  }
}

TEST(LineOrder, KeepsEqualLinesWithoutFurtherColumnsInTheOrderOfTheirRows) {
  UnorderedLines lines;
  lines.customers = 1;
  lines.customer.assign(3, 0);
  lines.time.assign(3, 5);
  lines.day.assign(3, 0);
  lines.quantity.assign(3, 1.0);
  lines.amount.assign(3, 7);
  const std::vector<std::uint8_t> keep{1, 0, 1};
  lines.keep = keep;
  const OrderedLines out = order_lines(std::move(lines), {});
  EXPECT_EQ(std::vector<std::int64_t>(out.row.begin(), out.row.end()),
            (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(out.flags[0], 0);
  EXPECT_EQ(out.flags[1], kDuplicate);
}

}  // namespace
}  // namespace emptor::data
