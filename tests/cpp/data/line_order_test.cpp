#include "data/line_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <tuple>

namespace emptor::data {
namespace {

/// Rows drawn so that most columns tie; customer 0 has more lines than one block of work.
TEST(LineOrder, IsThatOfAPlainSortOnAnyNumberOfThreads) {
  std::mt19937 random(9);
  const std::size_t n = 250000;
  UnorderedLines drawn;
  std::vector<std::int32_t> other(n);
  std::vector<std::uint8_t> keep;
  drawn.customers = 30;
  for (std::size_t i = 0; i < n; ++i) {
    drawn.customer.push_back(random() % 2 == 0 ? 0 : static_cast<std::int32_t>(random() % 31) - 1);
    drawn.time.push_back(static_cast<std::int64_t>(random() % 50));
    drawn.order.push_back(static_cast<std::int32_t>(random() % 5));
    drawn.product.push_back(static_cast<std::int32_t>(random() % 5) - 1);
    keep.push_back(random() % 10 == 0 ? 0 : 1);
    other[i] = static_cast<std::int32_t>(random() % 3);
  }
  drawn.compare = [&](std::uint32_t a, std::uint32_t b) { return other[a] - other[b]; };
  std::vector<std::uint32_t> expected;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (keep[i] != 0) expected.push_back(i);
  }
  const auto key = [&](std::uint32_t i) {
    return std::tuple(drawn.customer[i], drawn.time[i], drawn.order[i], drawn.product[i], other[i],
                      i);
  };
  std::sort(expected.begin(), expected.end(),
            [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  for (const int threads : {1, 2, 3, 8}) {
    UnorderedLines lines = drawn;
    lines.keep = keep;  // borrowed: stays with the test
    Context context;
    context.threads = threads;
    const LineOrder out = order_lines(std::move(lines), context);
    ASSERT_TRUE(std::equal(out.index.begin(), out.index.end(), expected.begin(), expected.end()));
    ASSERT_EQ(out.customer_begin.size(), 31U);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::uint32_t row = expected[i];
      ASSERT_EQ(out.customer[i], drawn.customer[row]);
      ASSERT_EQ(out.time[i], drawn.time[row]);
      ASSERT_EQ(out.product[i], drawn.product[row]);
      const auto columns = [&](std::uint32_t r) {
        return std::tuple(drawn.customer[r], drawn.time[r], drawn.order[r], drawn.product[r],
                          other[r]);
      };
      const bool repeats = i > 0 && columns(row) == columns(expected[i - 1]);
      ASSERT_EQ(out.repeats[i] != 0, repeats);
    }
    for (std::int32_t c = 0; c < 30; ++c) {
      const auto begin = static_cast<std::size_t>(out.customer_begin[static_cast<std::size_t>(c)]);
      ASSERT_EQ(out.customer[begin], c);
      ASSERT_EQ(out.customer[begin - 1], c - 1);
    }
  }
}

}  // namespace
}  // namespace emptor::data
