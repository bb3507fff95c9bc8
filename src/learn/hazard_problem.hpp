#pragma once

#include "emptor/core/context.hpp"
#include "emptor/learn/hazard_regression.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::learn {

/// The chance of the event in a period at a linear predictor.
double hazard_of(HazardLink link, double eta) noexcept;
/// -ln(1 - hazard), and its derivative by the linear predictor.
double cumulative_hazard_of(HazardLink link, double eta) noexcept;
double cumulative_slope(HazardLink link, double eta) noexcept;

struct HazardSolution {
  Eigen::VectorXd theta{};  ///< baselines, then coefficients per standard deviation
  Eigen::MatrixXd covariance{};
  double log_likelihood = 0;
  int iterations = 0;
  bool converged = false;
};

/// The likelihood of rows and periods, summed row by row: nothing is copied per period.
class HazardProblem {
 public:
  /// @throws InvalidArgument for an event other than 0 and 1, and for too many periods
  HazardProblem(const SurvivalView& view, std::span<const Feature> features,
                std::span<const FeatureInfo> info, const HazardOptions& options,
                const Context& context);
  [[nodiscard]] std::size_t periods() const noexcept { return at_risk_.size(); }
  [[nodiscard]] std::int64_t at_risk(std::size_t t) const { return at_risk_[t]; }
  [[nodiscard]] std::int64_t events(std::size_t t) const { return events_[t]; }
  [[nodiscard]] std::int64_t all_at_risk() const;
  [[nodiscard]] std::int64_t all_events() const;
  [[nodiscard]] std::int64_t left_out() const noexcept { return left_out_; }
  /// Without smoothing, periods in which all rows or none had the event have no finite baseline:
  /// it is held where the hazard is 0 or 1.
  [[nodiscard]] bool is_held(std::size_t t) const;
  [[nodiscard]] const std::vector<DesignColumn>& design() const noexcept { return design_; }
  [[nodiscard]] HazardSolution solve() const;

 private:
  struct Sums;
  void count(const SurvivalView& view);
  void make_columns(std::span<const Feature> features, std::span<const FeatureInfo> info);
  [[nodiscard]] Sums at(const Eigen::VectorXd& theta) const;
  [[nodiscard]] double penalised(const Sums& sums, const Eigen::VectorXd& theta) const;
  [[nodiscard]] Eigen::MatrixXd curvature(const Sums& sums) const;
  [[nodiscard]] Eigen::VectorXd slope(const Sums& sums, const Eigen::VectorXd& theta) const;
  [[nodiscard]] Eigen::VectorXd start() const;

  HazardOptions options_;
  Context context_;
  // Per row: periods [first, last) at risk, and whether the event came in the last of them.
  std::vector<std::int32_t> first_{}, last_{};
  std::vector<std::uint8_t> event_{};
  std::vector<std::int64_t> at_risk_{}, events_{};
  std::int64_t left_out_ = 0;
  std::vector<DesignColumn> design_{};
  Eigen::MatrixXd x_{};  ///< columns of the design x rows
};

}  // namespace emptor::learn
