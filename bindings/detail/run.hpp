#pragma once

#include <atomic>
#include <cstddef>
#include <future>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include "emptor/core/context.hpp"

#include <pybind11/pybind11.h>

namespace emptor::bindings {

namespace py = pybind11;

/// The keyword arguments every computation takes, in this order, after its own.
struct Call {
  std::optional<int> threads{};
  py::object progress = py::none();
  std::size_t memory_limit = 0;
};

/// Runs `compute(context)` without the GIL in a thread of its own, while the calling thread looks
/// for Ctrl-C and reports progress every 50 ms. An exception of the progress callback stops it too.
/// `compute` must not touch Python objects.
template <typename Compute>
auto run(const Call& call, Compute&& compute) {
  using Result = std::invoke_result_t<Compute, const Context&>;
  Context context;
  context.threads = call.threads.value_or(0);
  context.memory_limit = call.memory_limit;
  std::atomic<double> done{0};
  const bool wants_progress = !call.progress.is_none();
  if (wants_progress) context.progress = [&done](double share) { done.store(share); };

  std::packaged_task<Result()> task([&] { return compute(std::as_const(context)); });
  auto future = task.get_future();
  py::gil_scoped_release unlocked;
  std::thread worker(std::move(task));
  struct Join {
    std::thread& thread;
    ~Join() { thread.join(); }
  } join{worker};
  double reported = -1;
  while (future.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    try {
      py::gil_scoped_acquire locked;
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (wants_progress && done.load() != reported) {
        reported = done.load();
        call.progress(reported);
      }
    } catch (...) {
      context.stop.request_stop();
      future.wait();
      throw;
    }
  }
  return future.get();
}

}  // namespace emptor::bindings
