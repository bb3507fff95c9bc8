#include "emptor/learn/validation.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace emptor::learn {
namespace {

TEST(GroupedFolds, TryEveryRowOnceAndKeepKeysApart) {
  core::Random random(1);
  std::vector<std::uint64_t> key;
  for (int i = 0; i < 5000; ++i) key.push_back(random.below(1500));
  const auto folds = grouped_folds(key, 5, 3);
  std::vector<int> tried(key.size(), 0);
  for (const Fold& fold : folds) {
    EXPECT_NEAR(static_cast<double>(fold.test.size()), 1000, 150);
    EXPECT_EQ(fold.test.size() + fold.train.size(), key.size());
    std::set<std::uint64_t> test;
    for (const std::size_t i : fold.test) {
      ++tried[i];
      test.insert(key[i]);
    }
    for (const std::size_t i : fold.train) EXPECT_EQ(test.count(key[i]), 0U);
  }
  EXPECT_EQ(std::count(tried.begin(), tried.end(), 1), 5000);
}

TEST(GroupedFolds, ARowsFoldDoesNotDependOnTheOthers) {
  const std::vector<std::uint64_t> all{5, 6, 7, 8, 9, 10, 11}, some{9, 5, 11};
  const auto a = grouped_folds(all, 3, 1), b = grouped_folds(some, 3, 1);
  for (std::size_t f = 0; f < 3; ++f)
    for (const std::size_t i : b[f].test)
      EXPECT_TRUE(std::any_of(a[f].test.begin(), a[f].test.end(),
                              [&](std::size_t k) { return all[k] == some[i]; }));
  EXPECT_THROW(grouped_folds(all, 1, 1), InvalidArgument);
}

TEST(TimeOrderedFolds, NeverLearnFromWhatWasNotKnown) {
  core::Random random(2);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<std::int64_t> known, outcome;
    std::vector<std::uint64_t> key;
    for (std::uint64_t i = 0, n = 1 + random.below(60); i < n; ++i) {
      known.push_back(static_cast<std::int64_t>(random.below(8)) * 30);
      outcome.push_back(known.back() + static_cast<std::int64_t>(random.below(100)));
      key.push_back(random.below(12));
    }
    for (const int groups : {1, 3}) {
      std::set<std::size_t> tried;
      for (const Fold& fold : time_ordered_folds(known, outcome, key, groups)) {
        ASSERT_FALSE(fold.train.empty());
        const std::int64_t moment = known[fold.test.front()];
        std::set<std::uint64_t> test;
        for (const std::size_t i : fold.test) {
          EXPECT_EQ(known[i], moment);
          EXPECT_TRUE(tried.insert(i).second);
          test.insert(key[i]);
        }
        for (const std::size_t i : fold.train) {
          EXPECT_LE(outcome[i], moment);
          EXPECT_LT(known[i], moment);
          if (groups > 1) {
            EXPECT_EQ(test.count(key[i]), 0U);
          }
        }
      }
    }
  }
  const std::vector<std::int64_t> known{5}, outcome{4};
  const std::vector<std::uint64_t> key{1};
  EXPECT_THROW(time_ordered_folds(known, outcome, key), InvalidArgument);
}

}  // namespace
}  // namespace emptor::learn
