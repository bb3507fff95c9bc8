#pragma once

#include "emptor/forecasting/ets.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::forecasting::smoothing {

/// What one pass over a series leaves.
struct Sums {
  double squares = 0;   ///< of the errors, relative ones if the error multiplies
  double log_mean = 0;  ///< sum of ln mu; 0 if the error adds
  std::int64_t known = 0;
  bool valid = true;  ///< false where a mean or a factor is not above 0, or numbers overflow
};

/// Every step's states and relative or plain error; vectors that are empty are not written.
struct Trace {
  std::span<double> fitted{}, level{}, slope{}, season{}, residual{};
};

/// Runs over y and leaves in `p` the states after its last value. NaN is missing.
Sums pass(EtsParameters& p, std::span<const double> y, const Trace& trace = {});

/// Which derivatives are taken, as columns; -1: not taken. Places of the season but the last, which
/// makes up for the others, follow each other from `season`.
struct Columns {
  int level = -1, slope = -1, season = -1, alpha = -1, beta = -1, gamma = -1, phi = -1;
  int count = 0;
  /// Columns with room for vectors and for the error itself.
  [[nodiscard]] std::size_t width() const noexcept {
    return (static_cast<std::size_t>(count) + 4) / 4 * 4;
  }
};

/// Room for the derivatives of one series, used again for the next.
struct Workspace {
  std::vector<double> rows{};  ///< a step's derivatives of the error, and the error
  std::vector<double> level{}, slope{}, season{}, next{}, mean{};
  std::vector<double> ring{};       ///< the season's states
  std::vector<double> normal{};     ///< width x width: products of rows, lower triangle by columns
  std::vector<double> log_slope{};  ///< sum of d ln mu, if the error multiplies
};

/// A pass that also takes derivatives by the columns, forward with the states: `normal` gets
/// J'J, in its row `count` J'e, and `log_slope`. `p` is not changed.
struct Kernel {
  std::string_view name;
  Sums (*run)(const EtsParameters& p, std::span<const double> y, const Columns& columns,
              Workspace& work);
};

/// "plain" and what else this processor can run, slowest first. All give the same bits.
std::span<const Kernel> usable_kernels() noexcept;
inline Sums derive(const EtsParameters& p, std::span<const double> y, const Columns& columns,
                   Workspace& work) {
  return usable_kernels().back().run(p, y, columns, work);
}

}  // namespace emptor::forecasting::smoothing
