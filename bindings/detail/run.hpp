#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/error.hpp"

#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

namespace emptor::bindings {

namespace py = pybind11;

/// The keyword arguments every computation takes, in this order, after its own.
struct Call {
  std::optional<int> threads{};
  py::object progress = py::none();  ///< None (at a terminal only), True, False or a callable
  std::optional<std::size_t> memory_limit{};
};

/// Runs `compute(context)` without the GIL in a thread of its own, while the calling thread looks
/// for Ctrl-C and reports progress every 50 ms. An exception of the progress callback stops it too.
/// `compute` must not touch Python objects.
/// @throws InvalidArgument for a negative number of threads
template <typename Compute>
auto run(const Call& call, Compute&& compute) {
  using Result = std::invoke_result_t<Compute, const Context&>;
  Context context;
  context.threads = call.threads.value_or(0);
  if (context.threads < 0) {
    throw InvalidArgument("threads must be at least 1, or None for all of them, got " +
                          std::to_string(context.threads));
  }
  context.memory_limit = call.memory_limit.value_or(0);
  std::atomic<double> done{0};
  context.progress = [&done](double share) { done.store(share); };

  // Chosen on the first report, so that short calls never pay for it.
  std::optional<py::object> reporter;
  const auto report = [&](double share) {
    if (!reporter) {
      reporter = py::module_::import("emptor._progress").attr("reporter")(call.progress);
    }
    if (!reporter->is_none()) (*reporter)(share);
  };

  std::packaged_task<Result()> task([&] { return compute(std::as_const(context)); });
  auto future = task.get_future();
  {
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
        if (done.load() != reported) {
          reported = done.load();
          report(reported);
        }
      } catch (...) {
        context.stop.request_stop();
        future.wait();
        throw;
      }
    }
  }
  if (reporter && py::hasattr(*reporter, "close")) reporter->attr("close")();
  return future.get();
}

}  // namespace emptor::bindings
