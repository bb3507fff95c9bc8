#include "emptor/learn/calibration.hpp"

#include "emptor/core/error.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

namespace emptor::learn {
namespace {

constexpr std::array<std::string_view, 4> kLabels{"none", "platt", "beta", "isotonic"};

double sigmoid(double z) {
  return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}
/// ln (1 + e^z).
double softplus(double z) { return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)); }

void check(const char* function, std::span<const double> score,
           std::span<const std::uint8_t> outcome) {
  const std::string start = std::string(function) + ": ";
  if (score.size() != outcome.size())
    throw InvalidArgument(start + std::to_string(score.size()) + " scores but " +
                          std::to_string(outcome.size()) + " outcomes");
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (!std::isfinite(score[i]))
      throw InvalidArgument(start + "scores must be finite; row " + std::to_string(i) + " is not");
    if (outcome[i] > 1)
      throw InvalidArgument(start + "outcome must be 0 or 1; row " + std::to_string(i) + " has " +
                            std::to_string(outcome[i]));
  }
}

/// Rows in the order of their scores.
std::vector<std::size_t> ranked(std::span<const double> score) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
  return order;
}

/// Cases of equal scores taken together.
struct Ties {
  std::vector<double> score{}, n{}, events{};
};

Ties tied(std::span<const double> score, std::span<const std::uint8_t> outcome) {
  Ties ties;
  for (const std::size_t i : ranked(score)) {
    if (ties.score.empty() || score[i] != ties.score.back()) {
      ties.score.push_back(score[i]);
      ties.n.push_back(0);
      ties.events.push_back(0);
    }
    ties.n.back() += 1;
    ties.events.back() += outcome[i];
  }
  return ties;
}

/// Logistic regression of targets in (0, 1) on a constant and up to two columns, by damped Newton.
template <typename Features>
Eigen::Vector3d small_logistic(std::size_t n, const Features& x, std::span<const double> target,
                               const std::array<bool, 3>& free) {
  Eigen::Vector3d beta = Eigen::Vector3d::Zero();
  const auto loss_at = [&](const Eigen::Vector3d& b) {
    double loss = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double z = x(i).dot(b);
      loss += softplus(z) - target[i] * z;
    }
    return loss;
  };
  double loss = loss_at(beta);
  for (int iteration = 0; iteration < 100; ++iteration) {
    Eigen::Vector3d gradient = Eigen::Vector3d::Zero();
    Eigen::Matrix3d curvature = Eigen::Matrix3d::Identity() * 1e-10;
    for (std::size_t i = 0; i < n; ++i) {
      const Eigen::Vector3d row = x(i);
      const double p = sigmoid(row.dot(beta));
      gradient += (target[i] - p) * row;
      curvature += p * (1 - p) * row * row.transpose();
    }
    for (Eigen::Index k = 0; k < 3; ++k) {
      if (free[static_cast<std::size_t>(k)]) continue;
      curvature.row(k).setZero();
      curvature.col(k).setZero();
      curvature(k, k) = 1;
      gradient[k] = 0;
    }
    const Eigen::Vector3d step = curvature.ldlt().solve(gradient);
    double share = 1;
    double next = loss_at(beta + step);
    while (!(next <= loss) && share > 1e-8) next = loss_at(beta + (share *= 0.5) * step);
    if (!(next <= loss)) break;
    beta += share * step;
    const double gained = loss - next;
    loss = next;
    if (gained <= 1e-13 * (1 + loss)) break;
  }
  return beta;
}

void fit_platt(Calibration& calibration, std::span<const double> log_odds,
               std::span<const double> target) {
  const auto x = [&](std::size_t i) { return Eigen::Vector3d(log_odds[i], 0, 1); };
  const auto beta = small_logistic(log_odds.size(), x, target, {true, false, true});
  calibration.a = beta[0];
  calibration.c = beta[2];
}

void fit_beta(Calibration& calibration, std::span<const double> log_odds,
              std::span<const double> target) {
  // ln p = -softplus(-z), -ln(1 - p) = softplus(z).
  const auto x = [&](std::size_t i) {
    return Eigen::Vector3d(-softplus(-log_odds[i]), softplus(log_odds[i]), 1);
  };
  std::array<bool, 3> free{true, true, true};
  auto beta = small_logistic(log_odds.size(), x, target, free);
  // A slope below 0 would turn the order around: it is held at 0 and the others are fitted again.
  for (const std::size_t k : {0U, 1U})
    if (beta[static_cast<Eigen::Index>(k)] < 0) {
      free[k] = false;
      beta = small_logistic(log_odds.size(), x, target, free);
    }
  calibration.a = std::max(0.0, beta[0]);
  calibration.b = std::max(0.0, beta[1]);
  calibration.c = beta[2];
}

void fit_isotonic(Calibration& calibration, std::span<const double> log_odds,
                  std::span<const std::uint8_t> outcome) {
  const Ties ties = tied(log_odds, outcome);
  std::vector<double> mean(ties.n.size());
  for (std::size_t k = 0; k < mean.size(); ++k) mean[k] = ties.events[k] / ties.n[k];
  const std::vector<double> level = isotonic_regression(mean, ties.n);
  for (std::size_t k = 0; k < level.size(); ++k) {
    // Only the ends of a flat stretch are needed.
    const bool inner =
        k > 0 && k + 1 < level.size() && level[k] == level[k - 1] && level[k] == level[k + 1];
    if (inner) continue;
    calibration.at.push_back(ties.score[k]);
    calibration.probability.push_back(level[k]);
  }
}

double interpolated(const Calibration& calibration, double z) {
  const auto& at = calibration.at;
  const auto above = std::lower_bound(at.begin(), at.end(), z) - at.begin();
  const auto k = static_cast<std::size_t>(above);
  if (k == at.size()) return calibration.probability.back();
  if (k == 0 || at[k] == z) return calibration.probability[k];
  const double share = (z - at[k - 1]) / (at[k] - at[k - 1]);
  return calibration.probability[k - 1] +
         share * (calibration.probability[k] - calibration.probability[k - 1]);
}

struct Point {
  double x = 0, y = 0;
};

/// Whether b lies at or above the line from a to c: no corner of a convex curve.
bool above(const Point& a, const Point& b, const Point& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) <= 0;
}

/// p1 at every distinct score: the slope of the convex minorant of the cumulative sums where one
/// more event lies at that score. The event starts left of all points and wanders right past one
/// score after the other; corners it has passed are taken off a stack and put back where needed.
std::vector<double> with_an_event(const Ties& ties) {
  const std::size_t k = ties.score.size();
  std::vector<Point> point(k + 2);  // point[i + 1] is P_i; point[0] is the event's own start
  point[0] = {-1, -1};
  point[1] = {0, 0};
  for (std::size_t i = 0; i < k; ++i)
    point[i + 2] = {point[i + 1].x + ties.n[i], point[i + 1].y + ties.events[i]};
  std::vector<Point> corners;
  for (const Point& p : point) {
    while (corners.size() > 1 && above(corners[corners.size() - 2], corners.back(), p))
      corners.pop_back();
    corners.push_back(p);
  }
  std::reverse(corners.begin(), corners.end());
  std::vector<double> p1(k);
  for (std::size_t i = 0; i < k; ++i) {
    const Point &top = corners.back(), &next = corners[corners.size() - 2];
    p1[i] = (next.y - top.y) / (next.x - top.x);
    const Point moved{point[i].x + point[i + 2].x - point[i + 1].x,
                      point[i].y + point[i + 2].y - point[i + 1].y};
    point[i + 1] = moved;
    if (above(top, moved, next)) continue;
    corners.pop_back();
    while (corners.size() > 1 && above(moved, corners.back(), corners[corners.size() - 2]))
      corners.pop_back();
    corners.push_back(moved);
  }
  return p1;
}

}  // namespace

std::span<const std::string_view> calibration_labels() noexcept { return kLabels; }

CalibrationKind parse_calibration(std::string_view text) {
  const auto found = std::find(kLabels.begin(), kLabels.end(), text);
  if (found == kLabels.end())
    throw InvalidArgument(
        "calibration must be \"none\", \"platt\", \"beta\" or \"isotonic\", got \"" +
        std::string(text.substr(0, 40)) + "\"");
  return static_cast<CalibrationKind>(found - kLabels.begin());
}

std::vector<double> isotonic_regression(std::span<const double> value,
                                        std::span<const double> weight) {
  if (!weight.empty() && weight.size() != value.size())
    throw InvalidArgument("isotonic_regression: weight has " + std::to_string(weight.size()) +
                          " values, value " + std::to_string(value.size()));
  struct Block {
    double mean, weight;
    std::size_t size;
  };
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const double w = weight.empty() ? 1.0 : weight[i];
    if (!(w > 0) || !std::isfinite(value[i]))
      throw InvalidArgument("isotonic_regression: values must be finite and weights above 0; row " +
                            std::to_string(i) + " is not");
    blocks.push_back({value[i], w, 1});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean >= blocks.back().mean) {
      const Block last = blocks.back();
      blocks.pop_back();
      Block& pool = blocks.back();
      pool.mean += (last.mean - pool.mean) * last.weight / (pool.weight + last.weight);
      pool.weight += last.weight;
      pool.size += last.size;
    }
  }
  std::vector<double> result;
  result.reserve(value.size());
  for (const Block& block : blocks) result.insert(result.end(), block.size, block.mean);
  return result;
}

Calibration fit_calibration(std::span<const double> log_odds, std::span<const std::uint8_t> outcome,
                            CalibrationKind kind) {
  check("fit_calibration", log_odds, outcome);
  Calibration calibration;
  calibration.n = static_cast<std::int64_t>(outcome.size());
  for (const std::uint8_t y : outcome) calibration.n_events += y;
  const std::int64_t others = calibration.n - calibration.n_events;
  if (calibration.n_events == 0 || others == 0) {
    calibration.status = Status::not_enough_data;
    return calibration;
  }
  calibration.kind = kind;
  const double yes =
      static_cast<double>(calibration.n_events + 1) / static_cast<double>(calibration.n_events + 2);
  const double no = 1 / static_cast<double>(others + 2);
  std::vector<double> target(outcome.size());
  for (std::size_t i = 0; i < target.size(); ++i) target[i] = outcome[i] == 1 ? yes : no;
  switch (kind) {
    case CalibrationKind::none:
      break;
    case CalibrationKind::platt:
      fit_platt(calibration, log_odds, target);
      break;
    case CalibrationKind::beta:
      fit_beta(calibration, log_odds, target);
      break;
    case CalibrationKind::isotonic:
      fit_isotonic(calibration, log_odds, outcome);
      break;
  }
  return calibration;
}

std::vector<double> calibrate(const Calibration& calibration, std::span<const double> log_odds) {
  std::vector<double> result;
  result.reserve(log_odds.size());
  for (const double z : log_odds) {
    switch (calibration.kind) {
      case CalibrationKind::none:
        result.push_back(sigmoid(z));
        break;
      case CalibrationKind::platt:
        result.push_back(sigmoid(calibration.a * z + calibration.c));
        break;
      case CalibrationKind::beta:
        result.push_back(
            sigmoid(-calibration.a * softplus(-z) + calibration.b * softplus(z) + calibration.c));
        break;
      case CalibrationKind::isotonic:
        result.push_back(interpolated(calibration, z));
        break;
    }
  }
  return result;
}

VennAbers fit_venn_abers(std::span<const double> score, std::span<const std::uint8_t> outcome) {
  check("fit_venn_abers", score, outcome);
  const Ties ties = tied(score, outcome);
  VennAbers fitted;
  fitted.n = static_cast<std::int64_t>(score.size());
  fitted.score = ties.score;
  fitted.high = with_an_event(ties);
  // p0 is one minus p1 of the mirrored problem: scores and outcomes turned around.
  Ties mirror;
  for (std::size_t k = ties.score.size(); k-- > 0;) {
    mirror.score.push_back(-ties.score[k]);
    mirror.n.push_back(ties.n[k]);
    mirror.events.push_back(ties.n[k] - ties.events[k]);
  }
  const std::vector<double> mirrored = with_an_event(mirror);
  for (std::size_t k = mirrored.size(); k-- > 0;) fitted.low.push_back(1 - mirrored[k]);
  return fitted;
}

VennAbersBand venn_abers(const VennAbers& fitted, std::span<const double> score) {
  VennAbersBand band;
  for (const double s : score) {
    const auto at = std::lower_bound(fitted.score.begin(), fitted.score.end(), s);
    const auto k = static_cast<std::size_t>(at - fitted.score.begin());
    const bool equal = at != fitted.score.end() && *at == s;
    // An event between two scores joins the one above, another outcome the one below.
    const double high = k < fitted.high.size() ? fitted.high[k] : 1;
    const double low = equal ? fitted.low[k] : k > 0 ? fitted.low[k - 1] : 0;
    band.low.push_back(low);
    band.high.push_back(high);
    band.probability.push_back(high / (1 - low + high));
  }
  return band;
}

}  // namespace emptor::learn
