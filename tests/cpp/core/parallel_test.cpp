#include "core/parallel.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace emptor::core {
namespace {

Context with_threads(int threads) {
  Context context;
  context.threads = threads;
  return context;
}

TEST(Parallel, EveryBlockOnce) {
  for (const int threads : {0, 1, 2, 3, 8}) {
    std::vector<std::atomic<int>> seen(1001);
    parallel_for(with_threads(threads), seen.size(), [&](std::size_t i) { ++seen[i]; });
    for (const auto& s : seen) ASSERT_EQ(s, 1);
  }
  parallel_for({}, 0, [](std::size_t) { FAIL(); });
}

TEST(Parallel, SameBitsOnAnyNumberOfThreads) {
  const auto sum = [](int threads) {
    const auto partials =
        parallel_map<double>(with_threads(threads), 100003, 64, [](std::size_t b, std::size_t e) {
          double s = 0;
          for (std::size_t i = b; i < e; ++i) s += std::sin(static_cast<double>(i));
          return s;
        });
    return std::accumulate(partials.begin(), partials.end(), 0.0);
  };
  const double one = sum(1);
  for (const int threads : {2, 3, 8}) EXPECT_EQ(sum(threads), one);
}

TEST(Parallel, ThreadsAreBoundedByBlocks) {
  EXPECT_EQ(thread_count(with_threads(8), 3), 3);
  EXPECT_EQ(thread_count(with_threads(8), 0), 1);
  EXPECT_EQ(thread_count(with_threads(2), 100), 2);
  EXPECT_GE(thread_count(with_threads(0), 100), 1);
  EXPECT_LE(thread_count(with_threads(0), 100000),
            static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  std::mutex mutex;
  std::set<std::thread::id> ids;
  parallel_for(with_threads(8), 3, [&](std::size_t) {
    const std::lock_guard lock(mutex);
    ids.insert(std::this_thread::get_id());
  });
  EXPECT_LE(ids.size(), 3U);
  try {
    thread_count(with_threads(-1), 5);
    FAIL();
  } catch (const InvalidArgument& e) {
    EXPECT_STREQ(e.what(), "threads must be 0 (as many as the machine offers) or more, found -1");
  }
}

TEST(Parallel, OneThreadIsTheCallingThread) {
  const auto caller = std::this_thread::get_id();
  parallel_for(with_threads(1), 10,
               [&](std::size_t) { EXPECT_EQ(std::this_thread::get_id(), caller); });
}

TEST(Parallel, TheFirstExceptionIsRethrownAfterAllHaveEnded) {
  for (const int threads : {1, 2, 3, 8}) {
    std::atomic<int> running{0};
    for (int repeat = 0; repeat < 20; ++repeat) {
      try {
        parallel_for(with_threads(threads), 200, [&](std::size_t i) {
          ++running;
          if (i == 37 || i == 38 || i == 90) {
            if (i == 37) std::this_thread::sleep_for(std::chrono::milliseconds(2));
            --running;
            throw std::runtime_error("block " + std::to_string(i));
          }
          --running;
        });
        FAIL();
      } catch (const std::runtime_error& e) {
        EXPECT_STREQ(e.what(), "block 37");
        EXPECT_EQ(running, 0);
      }
    }
  }
}

TEST(Parallel, StopsBetweenBlocks) {
  for (const int threads : {1, 4}) {
    Context context = with_threads(threads);
    std::atomic<int> done{0};
    EXPECT_THROW(parallel_for(context, 100000,
                              [&](std::size_t) {
                                if (++done == 10) context.stop.request_stop();
                              }),
                 Cancelled);
    EXPECT_LT(done, 1000);
  }
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_THROW(parallel_for(stopped, 1, [](std::size_t) { FAIL(); }), Cancelled);
}

TEST(Parallel, ProgressComesFromTheCallingThreadAndRises) {
  for (const int threads : {1, 3}) {
    Context context = with_threads(threads);
    const auto caller = std::this_thread::get_id();
    std::vector<double> shares;
    context.progress = [&](double share) {
      EXPECT_EQ(std::this_thread::get_id(), caller);
      shares.push_back(share);
    };
    parallel_for(context, 5000, [](std::size_t) {});
    ASSERT_FALSE(shares.empty());
    EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
    EXPECT_EQ(shares.back(), 1);
    EXPECT_LE(shares.size(), 101U);
  }
}

TEST(Parallel, AProgressCallbackMayThrow) {
  Context context = with_threads(3);
  context.progress = [](double) { throw std::runtime_error("enough"); };
  EXPECT_THROW(parallel_for(context, 1000, [](std::size_t) {}), std::runtime_error);
}

TEST(Parallel, RangesCoverTheRest) {
  std::vector<int> seen(10);
  parallel_ranges(with_threads(2), 10, 4, [&](std::size_t begin, std::size_t end) {
    EXPECT_TRUE(end - begin == 4 || (begin == 8 && end == 10));
    for (std::size_t i = begin; i < end; ++i) ++seen[i];
  });
  EXPECT_EQ(seen, std::vector<int>(10, 1));
  EXPECT_THROW(parallel_ranges({}, 10, 0, [](std::size_t, std::size_t) {}), InvalidArgument);
}

}  // namespace
}  // namespace emptor::core
