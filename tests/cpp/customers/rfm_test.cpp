#include "emptor/customers/rfm.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

struct Shop {
  std::vector<std::int64_t> begin{0};
  std::vector<data::Day> day{};
  std::vector<double> spend{};
  void customer(std::vector<data::Day> days, double each) {
    for (const data::Day d : days) {
      day.push_back(d);
      spend.push_back(each);
    }
    begin.push_back(static_cast<std::int64_t>(day.size()));
  }
  [[nodiscard]] OccasionsView view() const { return {begin, day, spend}; }
};

Shop random_shop(int customers) {
  Shop shop;
  core::Random random(7);
  for (int c = 0; c < customers; ++c) {
    std::set<data::Day> days;
    const int n = 1 + static_cast<int>(random.poisson(2 * random.exponential()));
    for (int i = 0; i < n; ++i) days.insert(static_cast<data::Day>(random.below(300)));
    shop.customer({days.begin(), days.end()}, 1 + std::floor(20 * random.uniform()));
  }
  return shop;
}

std::string message(const auto& call) {
  try {
    call();
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST(Rfm, MeasuresByHand) {
  Shop shop;
  shop.customer({90, 95, 100}, 10);
  shop.customer({}, 0);
  shop.customer({40}, 5);
  const RfmResult result = rfm({shop.view(), {}, 100});
  EXPECT_EQ(result.customer, (std::vector<std::int32_t>{0, 2}));
  EXPECT_EQ(result.recency_days, (std::vector<std::int64_t>{0, 60}));
  EXPECT_EQ(result.frequency, (std::vector<std::int64_t>{3, 1}));
  EXPECT_EQ(result.monetary, (std::vector<double>{30, 5}));
  EXPECT_EQ(result.first_order, (std::vector<data::Day>{90, 40}));
  EXPECT_EQ(result.usual_gap_days[0], 5);
  EXPECT_TRUE(std::isnan(result.usual_gap_days[1]));
  EXPECT_EQ(result.n_without_purchase, 1);
  EXPECT_EQ(result.n_one_order, 1);
  EXPECT_EQ(result.segment[1], RfmSegment::one_order);
}

// numpy.quantile([5,1,1,2,9,4,4,7], [.2,.4,.6,.8]) = 1.4, 3.6, 4.2, 6.2
TEST(Rfm, CutsAreNumpysQuantiles) {
  const std::array<double, 8> values{5, 1, 1, 2, 9, 4, 4, 7};
  const auto cuts = quintile_cuts(values);
  EXPECT_DOUBLE_EQ(cuts[0], 1.4);
  EXPECT_DOUBLE_EQ(cuts[1], 3.6);
  EXPECT_DOUBLE_EQ(cuts[2], 4.2);
  EXPECT_DOUBLE_EQ(cuts[3], 6.2);
  // Where a cut falls on a value it is that value, to the bit: no value slips into the next score.
  std::vector<double> exact;
  for (int i = 0; i <= 35; ++i) exact.push_back(0.1 * i);
  EXPECT_EQ(quintile_cuts(exact), (std::array{exact[7], exact[14], exact[21], exact[28]}));
}

TEST(Rfm, EqualValuesHaveEqualScores) {
  const Shop shop = random_shop(500);
  const RfmResult result = rfm({shop.view(), {}, 300});
  for (std::size_t i = 0; i < result.customer.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (result.frequency[i] == result.frequency[j]) {
        EXPECT_EQ(result.f[i], result.f[j]);
      }
      if (result.recency_days[i] < result.recency_days[j]) {
        EXPECT_GE(result.r[i], result.r[j]);
      }
      if (result.monetary[i] > result.monetary[j]) {
        EXPECT_GE(result.m[i], result.m[j]);
      }
    }
  EXPECT_EQ(*std::max_element(result.r.begin(), result.r.end()), 5);
  EXPECT_EQ(*std::min_element(result.m.begin(), result.m.end()), 1);
}

// Every cell by a second, independent statement of the table.
TEST(Rfm, SegmentsCoverEveryCellOnce) {
  std::set<RfmSegment> seen;
  for (int r = 1; r <= 5; ++r)
    for (int f = 1; f <= 5; ++f)
      for (int m = 1; m <= 5; ++m)
        for (const bool one_order : {false, true}) {
          const bool recent = r > 3, frequent = f > 3, high = m > 3;
          RfmSegment expected = RfmSegment::quiet;
          if (one_order) {
            expected = recent ? RfmSegment::one_order_new : RfmSegment::one_order;
          } else if (r == 3) {
            expected = frequent ? RfmSegment::steady : RfmSegment::occasional;
          } else if (recent) {
            expected = !frequent ? RfmSegment::growing
                       : high    ? RfmSegment::best
                                 : RfmSegment::frequent;
          } else if (frequent) {
            expected = high ? RfmSegment::best_slower : RfmSegment::frequent_slower;
          } else if (high) {
            expected = RfmSegment::big_spender_quiet;
          }
          EXPECT_EQ(rfm_segment(r, f, m, one_order), expected) << r << f << m << one_order;
          seen.insert(expected);
        }
  EXPECT_EQ(seen.size(), kRfmSegments);
  EXPECT_EQ(message([] { rfm_segment(0, 3, 6, false); }),
            "rfm_segment: scores must be 1 to 5, found 0, 3, 6");
}

TEST(Rfm, WordsJudgeNobody) {
  std::set<std::string_view> names;
  for (const std::string_view label : rfm_segment_labels()) {
    for (const char* word : {"lost", "dead", "churn", "risk", "hibernat"})
      EXPECT_EQ(label.find(word), std::string_view::npos) << label;
    names.insert(label);
  }
  EXPECT_EQ(names.size(), kRfmSegments);
}

TEST(Rfm, OneOrderCustomersAreNamedAsSuch) {
  const Shop shop = random_shop(300);
  const RfmResult result = rfm({shop.view(), {}, 300});
  for (std::size_t i = 0; i < result.customer.size(); ++i) {
    const auto name = rfm_segment_labels()[static_cast<std::size_t>(result.segment[i])];
    EXPECT_EQ(name.starts_with("one order"), result.frequency[i] == 1);
  }
}

TEST(Rfm, SegmentTableAddsUp) {
  const Shop shop = random_shop(400);
  const RfmResult customers = rfm({shop.view(), {}, 300});
  const RfmSegmentsResult table = rfm_segments(customers);
  double revenue = 0, share = 0, total = 0;
  std::int64_t count = 0;
  for (std::size_t s = 0; s < table.segment.size(); ++s) {
    revenue += table.revenue[s];
    share += table.revenue_share[s];
    count += table.customers[s];
    EXPECT_LE(table.revenue_share_low[s], table.revenue_share[s]);
    EXPECT_GE(table.revenue_share_high[s], table.revenue_share[s]);
    if (s > 0) {
      EXPECT_GT(table.segment[s], table.segment[s - 1]);
    }
  }
  for (const double value : customers.monetary) total += value;
  EXPECT_NEAR(revenue, total, 1e-9);
  EXPECT_NEAR(share, 1, 1e-12);
  EXPECT_EQ(count, static_cast<std::int64_t>(customers.customer.size()));
}

TEST(Rfm, NetOfNothingHasNoShare) {
  Shop shop;
  shop.customer({1, 2}, 10);
  shop.customer({5}, 10);
  const std::array<double, 2> net{-10, 10};
  const RfmSegmentsResult table = rfm_segments(rfm({shop.view(), net, 10}));
  for (std::size_t s = 0; s < table.segment.size(); ++s) {
    EXPECT_TRUE(std::isnan(table.revenue_share[s]));
    EXPECT_EQ(table.status[s], Status::undefined);
  }
}

TEST(Rfm, EmptyInOneOut) {
  EXPECT_TRUE(rfm({{}, {}, 10}).customer.empty());
  EXPECT_TRUE(rfm_segments(rfm({{}, {}, 10})).segment.empty());
}

TEST(Rfm, WhatComesAfterTheMomentChangesNothing) {
  Shop before, after;
  before.customer({1, 20}, 10);
  before.customer({7}, 30);
  after.customer({1, 20, 51, 60}, 10);
  after.customer({7, 99}, 30);
  after.customer({77}, 30);
  const RfmResult a = rfm({before.view(), {}, 50}), b = rfm({after.view(), {}, 50});
  EXPECT_EQ(a.recency_days, b.recency_days);
  EXPECT_EQ(a.monetary, b.monetary);
  EXPECT_EQ(a.segment, b.segment);
  EXPECT_EQ(b.n_without_purchase, 1);
}

TEST(Rfm, SameBitsOnAnyNumberOfThreads) {
  const Shop shop = random_shop(40000);
  RfmResult first;
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    const RfmResult result = rfm({shop.view(), {}, 300}, {}, context);
    if (threads == 1) first = result;
    EXPECT_EQ(result.segment, first.segment);
    EXPECT_EQ(result.monetary, first.monetary);
    EXPECT_EQ(result.m, first.m);
  }
}

TEST(Rfm, SaysWhatIsWrong) {
  Shop shop;
  shop.customer({1, 2}, 10);
  const std::array<double, 2> two{1, 2};
  EXPECT_EQ(message([&] {
              rfm({shop.view(), two, 10});
            }),
            "rfm: monetary has 2 values; give one per customer, 1");
  EXPECT_EQ(message([&] {
              rfm({shop.view(), {}});
            }),
            "rfm: last_day is not set; give the last day observed");
  Shop wrong;
  wrong.customer({2, 2}, 10);
  EXPECT_EQ(message([&] {
              rfm({wrong.view(), {}, 10});
            }),
            "rfm: day must rise within a customer; occasion 1 does not");
  Shop free;
  free.customer({2}, 0);
  EXPECT_EQ(message([&] {
              rfm({free.view(), {}, 10});
            }),
            "rfm: spend must be above 0 and finite; occasion 0 is not");
}

}  // namespace emptor::customers
