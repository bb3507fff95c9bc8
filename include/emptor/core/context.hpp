#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

namespace emptor {

/// Asks a running computation to stop. Copies share one flag; every computation looks at it once
/// per block of work and throws Cancelled.
class StopToken {
 public:
  void request_stop() const noexcept { flag_->store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool stop_requested() const noexcept {
    return flag_->load(std::memory_order_relaxed);
  }

 private:
  std::shared_ptr<std::atomic<bool>> flag_ = std::make_shared<std::atomic<bool>>(false);
};

/// How a computation runs. Nothing in here changes a bit of a result.
struct Context {
  int threads = 0;  ///< how many threads may work; 0 takes as many as the machine offers
  StopToken stop{};
  /// Called now and then from the calling thread with the share done, 0 to 1.
  std::function<void(double)> progress{};
  std::size_t memory_limit = 0;  ///< bytes a computation may allocate; 0 is no limit
};

}  // namespace emptor
