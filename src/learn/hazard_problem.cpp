#include "learn/hazard_problem.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "learn/design.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::learn {
namespace {

constexpr std::size_t kBlock = 8192;
constexpr double kEdge = 1e-9;  // share of a period that rounding may move a duration by
constexpr double kHeld = 30;    // a linear predictor at which the hazard is 0 or 1
constexpr double kBreath = 1e-12;

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// One yes or no: log-likelihood, its slope by the linear predictor and the expected curvature.
struct Point {
  double value = 0, slope = 0, curvature = 0;
};

Point logit(double z, bool event) noexcept {
  const double tail = std::exp(-std::fabs(z));
  const double p = z >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
  return {(event ? z : 0.0) - std::max(z, 0.0) - std::log1p(tail), (event ? 1 : 0) - p,
          tail / ((1 + tail) * (1 + tail))};
}

Point cloglog(double z, bool event) noexcept {
  const double mu = std::exp(std::min(z, kHeld));
  const double odds = std::expm1(mu);  // 1 / (1 - hazard) - 1
  const double curvature = std::isinf(odds) ? 0 : mu * mu / odds;
  if (!event) return {-mu, -mu, curvature};
  return {std::log(-std::expm1(-mu)), std::isinf(odds) ? 0 : mu / odds, curvature};
}

}  // namespace

double hazard_of(HazardLink link, double eta) noexcept {
  if (link == HazardLink::cloglog) return -std::expm1(-std::exp(std::min(eta, kHeld)));
  return 1 / (1 + std::exp(-eta));
}

double cumulative_hazard_of(HazardLink link, double eta) noexcept {
  if (link == HazardLink::cloglog) return std::exp(std::min(eta, kHeld));
  return std::max(eta, 0.0) + std::log1p(std::exp(-std::fabs(eta)));
}

double cumulative_slope(HazardLink link, double eta) noexcept {
  return link == HazardLink::cloglog ? std::exp(std::min(eta, kHeld)) : hazard_of(link, eta);
}

struct HazardProblem::Sums {
  double value = 0;
  VectorXd own_slope{}, slope{};  // of baselines, of coefficients
  VectorXd own{};                 // curvature of baselines
  MatrixXd cross{}, curvature{};  // coefficients x periods, coefficients x coefficients
};

HazardProblem::HazardProblem(const SurvivalView& view, std::span<const Feature> features,
                             std::span<const FeatureInfo> info, const HazardOptions& options,
                             const Context& context)
    : options_(options), context_(context) {
  context_.progress = nullptr;
  count(view);
  make_columns(features, info);
}

void HazardProblem::count(const SurvivalView& view) {
  const std::size_t rows = view.duration.size();
  double longest = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    if (view.event[i] > 1)
      throw InvalidArgument("hazard_regression: event must be 0 or 1; row " + std::to_string(i) +
                            " has " + std::to_string(view.event[i]) +
                            "; fit one kind of event at a time, the others as censored");
    longest = std::max(longest, view.duration[i] / options_.period);
  }
  if (longest > options_.max_periods)
    throw InvalidArgument("hazard_regression: durations reach over " +
                          std::to_string(std::llround(std::min(std::ceil(longest), 1e15))) +
                          " periods, max_periods is " + std::to_string(options_.max_periods) +
                          "; take a longer period");
  const auto whole = static_cast<std::size_t>(std::ceil(longest - kEdge));
  at_risk_.assign(std::max<std::size_t>(whole, 1), 0);
  events_ = at_risk_;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool event = view.event[i] == 1;
    const double end = view.duration[i] / options_.period;
    const double begin = view.entry.empty() ? 0 : view.entry[i] / options_.period;
    const auto first = static_cast<std::int32_t>(std::max(0.0, std::ceil(begin - kEdge)));
    const auto last = static_cast<std::int32_t>(event ? std::max(1.0, std::ceil(end - kEdge))
                                                      : std::floor(end + kEdge));
    first_.push_back(first);
    last_.push_back(std::max(first, last));
    event_.push_back(event && last > first ? 1 : 0);
    if (last <= first) {
      ++left_out_;
      continue;
    }
    for (std::int32_t t = first; t < last; ++t) ++at_risk_[static_cast<std::size_t>(t)];
    if (event) ++events_[static_cast<std::size_t>(last) - 1];
  }
  while (at_risk_.size() > 1 && at_risk_.back() == 0) {
    at_risk_.pop_back();
    events_.pop_back();
  }
}

void HazardProblem::make_columns(std::span<const Feature> features,
                                 std::span<const FeatureInfo> info) {
  const std::size_t rows = first_.size();
  const std::vector<std::uint8_t> none(rows);
  const TrainingView view{features, none, {}, {}};
  const MatchedFeatures given = match(info, features, "hazard_regression");
  std::vector<DesignColumn> all = make_design(view, given, info);
  const auto known = missing_columns(all, info.size());
  MatrixXd x(static_cast<Index>(all.size()) + 1, static_cast<Index>(rows));
  x.row(0).setOnes();
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t c = 0; c < all.size(); ++c)
      x(static_cast<Index>(c) + 1, static_cast<Index>(i)) =
          design_value(all[c], given, known[static_cast<std::size_t>(all[c].feature)], i);
    if (last_[i] <= first_[i]) x.col(static_cast<Index>(i)).setZero();
  }
  const std::vector<bool> kept = independent_columns(x * x.transpose());
  for (std::size_t c = 0; c < all.size(); ++c)
    if (kept[c + 1]) design_.push_back(all[c]);
  x_.resize(static_cast<Index>(design_.size()), static_cast<Index>(rows));
  Index next = 0;
  for (std::size_t c = 0; c < all.size(); ++c)
    if (kept[c + 1]) x_.row(next++) = x.row(static_cast<Index>(c) + 1);
}

std::int64_t HazardProblem::all_at_risk() const {
  return std::accumulate(at_risk_.begin(), at_risk_.end(), std::int64_t{0});
}

std::int64_t HazardProblem::all_events() const {
  return std::accumulate(events_.begin(), events_.end(), std::int64_t{0});
}

bool HazardProblem::is_held(std::size_t t) const {
  return options_.smoothness == 0 && (events_[t] == 0 || events_[t] == at_risk_[t]);
}

HazardProblem::Sums HazardProblem::at(const VectorXd& theta) const {
  const auto periods = static_cast<Index>(at_risk_.size());
  const Index columns = x_.rows();
  const auto empty = [&] {
    return Sums{0,
                VectorXd::Zero(periods),
                VectorXd::Zero(columns),
                VectorXd::Zero(periods),
                MatrixXd::Zero(columns, periods),
                MatrixXd::Zero(columns, columns)};
  };
  const auto parts = core::parallel_map<Sums>(
      context_, first_.size(), kBlock, [&](std::size_t from, std::size_t to) {
        Sums sums = empty();
        for (std::size_t i = from; i < to; ++i) {
          const auto x = x_.col(static_cast<Index>(i));
          const double own = theta.tail(columns).dot(x);
          double slope = 0, curvature = 0;
          for (std::int32_t t = first_[i]; t < last_[i]; ++t) {
            const bool event = event_[i] == 1 && t + 1 == last_[i];
            const double z = theta[t] + own;
            const Point p =
                options_.link == HazardLink::logit ? logit(z, event) : cloglog(z, event);
            sums.value += p.value;
            sums.own_slope[t] += p.slope;
            sums.own[t] += p.curvature;
            sums.cross.col(t) += p.curvature * x;
            slope += p.slope;
            curvature += p.curvature;
          }
          sums.slope += slope * x;
          sums.curvature += (curvature * x) * x.transpose();
        }
        return sums;
      });
  Sums total = empty();
  for (const Sums& part : parts) {
    total.value += part.value;
    total.own_slope += part.own_slope;
    total.slope += part.slope;
    total.own += part.own;
    total.cross += part.cross;
    total.curvature += part.curvature;
  }
  return total;
}

double HazardProblem::penalised(const Sums& sums, const VectorXd& theta) const {
  const auto periods = static_cast<Index>(at_risk_.size());
  const double steps = (theta.segment(1, periods - 1) - theta.head(periods - 1)).squaredNorm();
  return -sums.value + 0.5 * options_.smoothness * steps +
         0.5 * options_.penalty * theta.tail(x_.rows()).squaredNorm();
}

MatrixXd HazardProblem::curvature(const Sums& sums) const {
  const auto periods = static_cast<Index>(at_risk_.size());
  const Index columns = x_.rows();
  MatrixXd all = MatrixXd::Zero(periods + columns, periods + columns);
  all.topLeftCorner(periods, periods) = sums.own.asDiagonal();
  all.bottomLeftCorner(columns, periods) = sums.cross;
  all.topRightCorner(periods, columns) = sums.cross.transpose();
  all.bottomRightCorner(columns, columns) = sums.curvature;
  for (Index c = 0; c < columns; ++c) all(periods + c, periods + c) += options_.penalty;
  for (Index t = 0; t + 1 < periods; ++t) {
    all(t, t) += options_.smoothness;
    all(t + 1, t + 1) += options_.smoothness;
    all(t, t + 1) -= options_.smoothness;
    all(t + 1, t) -= options_.smoothness;
  }
  for (Index t = 0; t < periods; ++t) {
    if (!is_held(static_cast<std::size_t>(t))) continue;
    all.row(t).setZero();
    all.col(t).setZero();
    all(t, t) = 1;
  }
  return all;
}

VectorXd HazardProblem::slope(const Sums& sums, const VectorXd& theta) const {
  const auto periods = static_cast<Index>(at_risk_.size());
  VectorXd all(theta.size());
  all.head(periods) = sums.own_slope;
  all.tail(x_.rows()) = sums.slope - options_.penalty * theta.tail(x_.rows());
  for (Index t = 0; t + 1 < periods; ++t) {
    const double step = options_.smoothness * (theta[t + 1] - theta[t]);
    all[t] += step;
    all[t + 1] -= step;
  }
  for (Index t = 0; t < periods; ++t)
    if (is_held(static_cast<std::size_t>(t))) all[t] = 0;
  return all;
}

VectorXd HazardProblem::start() const {
  const auto periods = static_cast<Index>(at_risk_.size());
  VectorXd theta = VectorXd::Zero(periods + x_.rows());
  const double share = static_cast<double>(all_events()) / static_cast<double>(all_at_risk());
  const double level = options_.link == HazardLink::logit ? std::log(share / (1 - share))
                                                          : std::log(-std::log1p(-share));
  for (Index t = 0; t < periods; ++t) {
    const auto k = static_cast<std::size_t>(t);
    theta[t] = !is_held(k) ? level : events_[k] == 0 ? -kHeld : kHeld;
  }
  return theta;
}

HazardSolution HazardProblem::solve() const {
  HazardSolution s;
  s.theta = start();
  Sums sums = at(s.theta);
  double value = penalised(sums, s.theta);
  const auto lifted = [&] {
    MatrixXd all = curvature(sums);
    all.diagonal().array() += kBreath * std::max(1e-300, all.diagonal().maxCoeff());
    return all;
  };
  while (s.iterations < options_.max_iterations && !s.converged) {
    ++s.iterations;
    const VectorXd step = lifted().ldlt().solve(slope(sums, s.theta));
    if (!step.allFinite()) break;
    double gained = 0;
    for (double share = 1; share > 1e-8; share *= 0.5) {
      const VectorXd trial = s.theta + share * step;
      Sums there = at(trial);
      const double here = penalised(there, trial);
      if (!(here <= value)) continue;
      gained = value - here;
      value = here;
      s.theta = trial;
      sums = std::move(there);
      break;
    }
    s.converged = gained <= options_.tolerance * (1 + std::fabs(value));
  }
  s.log_likelihood = sums.value;
  const Index size = s.theta.size();
  s.covariance = lifted().ldlt().solve(MatrixXd::Identity(size, size));
  for (std::size_t t = 0; t < periods(); ++t)
    if (is_held(t)) s.covariance(static_cast<Index>(t), static_cast<Index>(t)) = 0;
  return s;
}

}  // namespace emptor::learn
