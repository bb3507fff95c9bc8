#pragma once

#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::learn {

/// How scores become probabilities.
enum class CalibrationKind : std::uint8_t {
  none,      ///< as they are
  platt,     ///< log-odds stretched and moved (Platt 1999)
  beta,      ///< ln p and ln (1 - p) weighted apart (Kull, Silva Filho and Flach 2017)
  isotonic,  ///< the rising step function that fits best; wants a thousand cases or more
};
/// "none", "platt", "beta", "isotonic".
EMPTOR_EXPORT std::span<const std::string_view> calibration_labels() noexcept;
/// @throws InvalidArgument naming the four.
EMPTOR_EXPORT CalibrationKind parse_calibration(std::string_view text);

/// Fitted on scores of cases the scoring model did not learn from.
struct Calibration {
  CalibrationKind kind = CalibrationKind::none;
  /// platt: logit = a z + c; beta: logit = a ln p - b ln (1 - p) + c, with z the log-odds of p.
  double a = 1, b = 1, c = 0;
  /// isotonic: probability at log-odds, straight lines between, flat outside.
  std::vector<double> at{}, probability{};
  std::int64_t n = 0;
  std::int64_t n_events = 0;
  Status status = Status::ok;  ///< not_enough_data: one class only; scores stay as they are
};

/// Two probabilities per score: isotonic fits that hold the new case with outcome 0 and with 1.
/// Whatever the scoring model, one of the two is calibrated (Vovk and Petej 2014).
struct VennAbers {
  std::vector<double> score{};  ///< distinct, ascending
  std::vector<double> low{};    ///< p0 at a score, and between it and the next above
  std::vector<double> high{};   ///< p1 at a score, and between it and the next below
  std::int64_t n = 0;
};

struct VennAbersBand {
  std::vector<double> low{}, high{};  ///< p0 and p1
  std::vector<double> probability{};  ///< p1 / (1 - p0 + p1), least regret under log loss
};

/// Fits a calibration to log-odds of held-out cases and what came of them. Platt's targets are
/// (events + 1) / (events + 2) and 1 / (others + 2); the slopes of beta are held at 0 or above.
/// @throws InvalidArgument naming the row.
EMPTOR_EXPORT Calibration fit_calibration(std::span<const double> log_odds,
                                          std::span<const std::uint8_t> outcome,
                                          CalibrationKind kind);

/// Probabilities of log-odds.
EMPTOR_EXPORT std::vector<double> calibrate(const Calibration& calibration,
                                            std::span<const double> log_odds);

/// Least squares among sequences that never fall (pool adjacent violators). Weights above 0; empty:
/// all 1.
EMPTOR_EXPORT std::vector<double> isotonic_regression(std::span<const double> value,
                                                      std::span<const double> weight = {});

/// Inductive Venn-Abers prediction from scores of held-out cases, in O(n log n) (Vovk, Petej and
/// Fedorova 2015).
EMPTOR_EXPORT VennAbers fit_venn_abers(std::span<const double> score,
                                       std::span<const std::uint8_t> outcome);

EMPTOR_EXPORT VennAbersBand venn_abers(const VennAbers& fitted, std::span<const double> score);

}  // namespace emptor::learn
