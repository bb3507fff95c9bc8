#include "customers/exposure.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <array>
#include <cmath>

namespace emptor::customers {
namespace {

constexpr int kRun = 7;              // days of constant activity in the profile
constexpr double kPriorEvents = 20;  // occasions per run that speak for activity 1
constexpr int kHarmonics = 3;
constexpr int kTwoYears = 730;
constexpr Eigen::Index kSeasonTerms = 6 + 2 * kHarmonics;
constexpr Eigen::Index kTrendTerms = 3;

/// Weekday and yearly terms of a day, 12 of them.
std::array<double, kSeasonTerms> season_terms(data::Day day) {
  std::array<double, kSeasonTerms> terms{};
  const int weekday = data::weekday(day);
  for (int w = 0; w < 6; ++w)
    terms[static_cast<std::size_t>(w)] = weekday == w ? 1 : weekday == 6 ? -1 : 0;
  const data::CivilDate date = data::civil(day);
  const double phase = 2 * M_PI * (day - data::from_civil(date.year, 1, 1)) / 365.2425;
  for (int h = 1; h <= kHarmonics; ++h) {
    terms[static_cast<std::size_t>(4 + 2 * h)] = std::cos(h * phase);
    terms[static_cast<std::size_t>(5 + 2 * h)] = std::sin(h * phase);
  }
  return terms;
}

}  // namespace

std::vector<double> market_profile(std::span<const BaselineHistory> customers, data::Day start,
                                   int length) {
  const auto days = static_cast<std::size_t>(length);
  const int runs = std::max(1, length / kRun);
  const auto run_of = [&](int day) { return std::max(0, runs - 1 - (length - 1 - day) / kRun); };
  std::vector<double> events(static_cast<std::size_t>(runs), 0.0);
  std::vector<double> entered(days + 1, 0.0);  // [entry + 1]: occasions of customers by entry
  for (const BaselineHistory& customer : customers) {
    entered[static_cast<std::size_t>(customer.entry + 1)] +=
        static_cast<double>(customer.days.size());
    for (const data::Day day : customer.days)
      events[static_cast<std::size_t>(run_of(day - start))] += 1;
  }
  // Fixed point of the likelihood equations: activity = occasions / sum over the exposed of their
  // occasions per exposure.
  std::vector<double> activity(days, 1.0);
  std::vector<double> offered(static_cast<std::size_t>(runs));
  for (int step = 0; step < 200; ++step) {
    std::fill(offered.begin(), offered.end(), 0.0);
    std::vector<double> exposure(days + 1, 0.0);  // of a customer who entered the day before
    for (std::size_t d = days; d-- > 0;) exposure[d] = exposure[d + 1] + activity[d];
    double rate = 0;
    for (std::size_t d = 0; d < days; ++d) {
      if (entered[d] > 0) rate += entered[d] / exposure[d];
      offered[static_cast<std::size_t>(run_of(static_cast<int>(d)))] += rate;
    }
    double sum = 0, change = 0;
    std::vector<double> next(days);
    for (std::size_t d = 0; d < days; ++d) {
      const auto run = static_cast<std::size_t>(run_of(static_cast<int>(d)));
      next[d] = (events[run] + kPriorEvents) / (offered[run] + kPriorEvents);
      sum += next[d];
    }
    for (std::size_t d = 0; d < days; ++d) {
      next[d] *= static_cast<double>(length) / sum;
      change = std::max(change, std::abs(next[d] - activity[d]));
    }
    activity = std::move(next);
    if (change < 1e-10) break;
  }
  return activity;
}

Season::Season(data::Day first, std::span<const double> occasions_per_day) {
  const auto days = static_cast<Eigen::Index>(occasions_per_day.size());
  if (days < kTwoYears) return;
  Eigen::MatrixXd design(days, kTrendTerms + kSeasonTerms);
  Eigen::VectorXd count(days);
  double total = 0;
  for (Eigen::Index d = 0; d < days; ++d) {
    const double t = 2 * static_cast<double>(d) / static_cast<double>(days - 1) - 1;
    design.row(d).head(kTrendTerms) << 1, t, t * t;
    const auto terms = season_terms(first + static_cast<data::Day>(d));
    for (Eigen::Index j = 0; j < kSeasonTerms; ++j)
      design(d, kTrendTerms + j) = terms[static_cast<std::size_t>(j)];
    total += count[d] = occasions_per_day[static_cast<std::size_t>(d)];
  }
  if (total < 10.0 * static_cast<double>(kTrendTerms + kSeasonTerms)) return;
  // Poisson regression by Newton, with a ridge that keeps a weekday without any sale finite.
  Eigen::VectorXd beta = Eigen::VectorXd::Zero(design.cols());
  beta[0] = std::log(total / static_cast<double>(days));
  for (int step = 0; step < 100; ++step) {
    const Eigen::VectorXd mean = (design * beta).array().min(50.0).exp();
    Eigen::VectorXd gradient = design.transpose() * (count - mean);
    Eigen::MatrixXd hessian = design.transpose() * mean.asDiagonal() * design;
    for (Eigen::Index j = 1; j < beta.size(); ++j) {
      gradient[j] -= beta[j];
      hessian(j, j) += 1;
    }
    Eigen::VectorXd change = hessian.ldlt().solve(gradient);
    const double largest = change.cwiseAbs().maxCoeff();
    if (largest > 1) change /= largest;
    beta += change;
    if (largest < 1e-10) break;
  }
  if (!beta.allFinite()) return;
  coefficients_.assign(beta.data() + kTrendTerms, beta.data() + beta.size());
}

double Season::at(data::Day day) const {
  if (!known()) return 1;
  const auto terms = season_terms(day);
  double value = 0;
  for (std::size_t j = 0; j < terms.size(); ++j) value += terms[j] * coefficients_[j];
  return std::exp(value);
}

Dispersion dispersion(std::span<const BaselineHistory> customers, data::Day start,
                      std::span<const double> activity, int parts, double min_exposure) {
  std::vector<double> before(activity.size() + 1, 0.0);  // activity before each day
  for (std::size_t d = 0; d < activity.size(); ++d) before[d + 1] = before[d] + activity[d];
  const double end = before.back();
  double squares = 0, freedom = 0;
  Dispersion result;
  std::vector<double> counts(static_cast<std::size_t>(parts)), share(counts.size());
  for (const BaselineHistory& customer : customers) {
    const double from = before[static_cast<std::size_t>(customer.entry + 1)];
    const auto n = static_cast<double>(customer.days.size());
    if (end - from < min_exposure || n < 1) continue;
    const auto part_of = [&](std::size_t day) {
      const double position = (before[day] + activity[day] / 2 - from) / (end - from);
      return std::min(static_cast<std::size_t>(position * parts), counts.size() - 1);
    };
    std::fill(counts.begin(), counts.end(), 0.0);
    std::fill(share.begin(), share.end(), 0.0);
    for (auto d = static_cast<std::size_t>(customer.entry + 1); d < activity.size(); ++d)
      share[part_of(d)] += activity[d] / (end - from);
    for (const data::Day day : customer.days)
      counts[part_of(static_cast<std::size_t>(day - start))] += 1;
    double parts_expected = 1;
    for (std::size_t j = 0; j < counts.size(); ++j) {
      const double deviation = counts[j] - n * share[j];
      squares += deviation * deviation / n;
      parts_expected -= share[j] * share[j];
    }
    freedom += parts_expected;
    ++result.n;
  }
  if (freedom > 0) result.raw = squares / freedom;
  result.phi = std::max(1.0, result.raw);
  return result;
}

}  // namespace emptor::customers
