#include "core/parallel.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <exception>
#include <fstream>
#include <limits>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

namespace emptor::core {
namespace {

// Whole processors of a control group's quota: "quota period" in microseconds, "max" is none.
int quota_of(const std::string& quota, double period) {
  if (quota.empty() || quota == "max" || quota[0] == '-') return std::numeric_limits<int>::max();
  const double processors = std::atof(quota.c_str()) / period;
  return processors > 0 ? static_cast<int>(std::max(1.0, std::ceil(processors)))
                        : std::numeric_limits<int>::max();
}

// The smallest processor quota of the control groups this process lies in (Linux containers); no
// limit elsewhere.
int control_group_limit() {
  int limit = std::numeric_limits<int>::max();
  std::string quota;
  double period = 0;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (line.rfind("0::", 0) != 0) continue;
    for (std::string path = line.substr(3);; path.erase(path.find_last_of('/'))) {
      std::ifstream file("/sys/fs/cgroup" + path + "/cpu.max");
      if (file >> quota >> period && period > 0) limit = std::min(limit, quota_of(quota, period));
      if (path.find('/') == std::string::npos) break;
    }
  }
  std::ifstream file_quota("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  std::ifstream file_period("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  if (file_quota >> quota && file_period >> period && period > 0) {
    limit = std::min(limit, quota_of(quota, period));
  }
  return limit;
}

int available_threads() {
  static const int available = [] {
    const int hardware = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return std::min(hardware, control_group_limit());
  }();
  return available;
}

// What the threads of one call share.
struct Shared {
  const Context& context;
  std::size_t blocks;
  const std::function<void(std::size_t)>& work;
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  std::atomic<bool> cancelled{false};
  std::atomic<bool> failed{false};
  std::mutex mutex{};
  std::exception_ptr error{};
  std::size_t error_block = std::numeric_limits<std::size_t>::max();

  // Blocks are handed out in order and a block once begun is finished, so the failing block of the
  // lowest number is reached on any number of threads: the same error every time.
  void fail(std::size_t block) {
    const std::lock_guard lock(mutex);
    if (block < error_block) {
      error_block = block;
      error = std::current_exception();
    }
    failed.store(true, std::memory_order_relaxed);
  }

  void run(bool reports) {
    double reported = 0;
    while (!failed.load(std::memory_order_relaxed)) {
      const std::size_t block = next.fetch_add(1, std::memory_order_relaxed);
      if (block >= blocks) return;
      if (context.stop.stop_requested()) {
        cancelled.store(true, std::memory_order_relaxed);
        return;
      }
      try {
        work(block);
        const auto finished = done.fetch_add(1, std::memory_order_relaxed) + 1;
        const double share = static_cast<double>(finished) / static_cast<double>(blocks);
        if (reports && share < 1 && share >= reported + 0.01) {
          reported = share;
          context.progress(share);
        }
      } catch (...) {
        fail(block);
        return;
      }
    }
  }
};

}  // namespace

int thread_count(const Context& context, std::size_t blocks) {
  if (context.threads < 0) {
    throw InvalidArgument("threads must be 0 (as many as the machine offers) or more, found " +
                          std::to_string(context.threads));
  }
  const auto wanted =
      static_cast<std::size_t>(context.threads > 0 ? context.threads : available_threads());
  return static_cast<int>(std::max<std::size_t>(1, std::min(wanted, blocks)));
}

void parallel_for(const Context& context, std::size_t blocks,
                  const std::function<void(std::size_t)>& work) {
  const int threads = thread_count(context, blocks);
  if (blocks == 0) return;
  Shared shared{context, blocks, work};
  {
    std::vector<std::jthread> helpers;
    helpers.reserve(static_cast<std::size_t>(threads));
    try {
      for (int i = 1; i < threads; ++i) helpers.emplace_back([&shared] { shared.run(false); });
    } catch (const std::system_error&) {
      // The system gives no more threads: those that run do the work.
    }
    shared.run(static_cast<bool>(context.progress));
  }
  if (shared.error) std::rethrow_exception(shared.error);
  if (shared.cancelled) throw Cancelled();
  if (context.progress) context.progress(1);
}

void parallel_ranges(const Context& context, std::size_t n, std::size_t block,
                     const std::function<void(std::size_t, std::size_t)>& work) {
  if (block == 0) throw InvalidArgument("parallel_ranges: block must be at least 1, found 0");
  parallel_for(context, (n + block - 1) / block,
               [&](std::size_t i) { work(i * block, std::min(n, (i + 1) * block)); });
}

}  // namespace emptor::core
