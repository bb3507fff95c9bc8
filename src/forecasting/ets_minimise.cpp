#include "forecasting/ets_minimise.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace emptor::forecasting::smoothing {

struct Buffers::Matrices {
  Workspace work{};
  Eigen::MatrixXd curvature{}, damped{};
  Eigen::VectorXd gradient{}, at{}, low{}, high{}, step{}, free_step{}, right{};
};
Buffers::Buffers() : matrices_(std::make_unique<Matrices>()) {}
Buffers::~Buffers() = default;

namespace {

using Matrices = Buffers::Matrices;

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr int kMostIterations = 100;
constexpr double kLeastDamping = 1e-4;
/// A step that is expected to lower the loss by less ends the search.
constexpr double kTolerance = 1e-8;
/// Errors of a perfect fit, of values of size 1: as large as their rounding.
constexpr double kRounding = 1e-28;

auto index(int column) { return static_cast<Eigen::Index>(column); }

double penalty(const EtsPrior& prior, const EtsParameters& p) {
  double out = 2 * prior.beta_rate * p.beta;
  if (p.model.damped) out += 2 * prior.phi_rate * (kMostPhi - p.phi);
  return out;
}

double from_sums(const Sums& sums) {
  if (!sums.valid) return kInfinite;
  const auto n = static_cast<double>(sums.known);
  return n * std::log(std::max(sums.squares, n * kRounding)) + 2 * sums.log_mean;
}

/// The free parameters as the search sees them. Under usual bounds the season's weight is a share
/// of 1 - alpha and the trend's one of alpha, so that the bounds are a box.
class Coordinates {
 public:
  Coordinates(const Problem& problem, const EtsParameters& p)
      : columns_(columns_of(problem, p)), usual_(problem.bounds == EtsBounds::usual) {}

  [[nodiscard]] const Columns& columns() const { return columns_; }

  void read(const EtsParameters& p, Eigen::VectorXd& x) const {
    x.resize(columns_.count);
    const auto set = [&](int column, double value) {
      if (column >= 0) x[index(column)] = value;
    };
    set(columns_.level, p.level);
    set(columns_.slope, p.slope);
    set(columns_.alpha, p.alpha);
    set(columns_.beta, usual_ ? p.beta / p.alpha : p.beta);
    set(columns_.gamma, usual_ ? p.gamma / (1 - p.alpha) : p.gamma);
    set(columns_.phi, p.phi);
    if (columns_.season < 0) return;
    for (std::size_t k = 0; k + 1 < p.season.size(); ++k) {
      x[columns_.season + static_cast<Eigen::Index>(k)] = p.season[k];
    }
  }

  void write(const Eigen::VectorXd& x, EtsParameters& p) const {
    const auto get = [&](int column, double& value) {
      if (column >= 0) value = x[index(column)];
    };
    get(columns_.level, p.level);
    get(columns_.slope, p.slope);
    get(columns_.alpha, p.alpha);
    get(columns_.phi, p.phi);
    if (columns_.beta >= 0) p.beta = (usual_ ? p.alpha : 1) * x[index(columns_.beta)];
    if (columns_.gamma >= 0) p.gamma = (usual_ ? 1 - p.alpha : 1) * x[index(columns_.gamma)];
    if (columns_.season < 0) return;
    const std::size_t m = p.season.size();
    double last = p.model.season == EtsSeason::multiplicative ? static_cast<double>(m) : 0;
    for (std::size_t k = 0; k + 1 < m; ++k) {
      p.season[k] = x[columns_.season + static_cast<Eigen::Index>(k)];
      last -= p.season[k];
    }
    p.season[m - 1] = last;
  }

  void limits(Eigen::VectorXd& low, Eigen::VectorXd& high) const {
    low.setConstant(columns_.count, -kInfinite);
    high.setConstant(columns_.count, kInfinite);
    const auto set = [&](int column, double from, double to) {
      if (column < 0) return;
      low[index(column)] = from;
      high[index(column)] = to;
    };
    set(columns_.alpha, kLeastWeight, usual_ ? kMostWeight : 2);
    set(columns_.beta, kLeastWeight, usual_ ? 1 : 4);
    set(columns_.gamma, kLeastWeight, usual_ ? 1 : 2);
    set(columns_.phi, kLeastPhi, kMostPhi);
  }

  /// Turns derivatives by beta and gamma into those by their shares.
  template <typename Rows>
  void to_shares(const EtsParameters& p, Rows&& v) const {
    if (!usual_) return;
    if (columns_.alpha >= 0) {
      auto alpha = v.row(index(columns_.alpha));
      if (columns_.beta >= 0) alpha += p.beta / p.alpha * v.row(index(columns_.beta));
      if (columns_.gamma >= 0) alpha -= p.gamma / (1 - p.alpha) * v.row(index(columns_.gamma));
    }
    if (columns_.beta >= 0) v.row(index(columns_.beta)) *= p.alpha;
    if (columns_.gamma >= 0) v.row(index(columns_.gamma)) *= 1 - p.alpha;
  }

 private:
  Columns columns_;
  bool usual_;
};

/// Loss, gradient and least squares' curvature at p.
double derivatives(const Problem& problem, const Coordinates& coordinates, const EtsParameters& p,
                   Matrices& b) {
  const Columns& c = coordinates.columns();
  const Sums sums = derive(p, problem.y, c, b.work);
  const double fit = from_sums(sums);
  if (!std::isfinite(fit)) return kInfinite;
  const auto n = static_cast<double>(sums.known);
  const auto width = static_cast<Eigen::Index>(c.width());
  const Eigen::Map<const Eigen::MatrixXd> normal(b.work.normal.data(), width, width);
  const double factor = 2 * n / std::max(sums.squares, n * kRounding);
  b.curvature = factor * normal.topLeftCorner(c.count, c.count);
  b.curvature.triangularView<Eigen::StrictlyUpper>() =
      b.curvature.transpose().triangularView<Eigen::StrictlyUpper>();
  b.gradient = factor * normal.row(c.count).head(c.count).transpose();
  if (p.model.error == EtsError::multiplicative) {
    const Eigen::Map<const Eigen::VectorXd> logs(b.work.log_slope.data(), c.count);
    b.gradient += 2 * logs;
  }
  if (c.beta >= 0) b.gradient[c.beta] += 2 * problem.prior.beta_rate;
  if (c.phi >= 0) b.gradient[c.phi] -= 2 * problem.prior.phi_rate;
  coordinates.to_shares(p, b.gradient);
  coordinates.to_shares(p, b.curvature);
  coordinates.to_shares(p, b.curvature.transpose());
  return fit + penalty(problem.prior, p);
}

/// By how much the quadratic says the loss falls.
double expected_fall(const Matrices& b) {
  return -b.gradient.dot(b.step) - 0.5 * b.step.dot(b.curvature * b.step);
}

/// The step to the least of the quadratic with its diagonal raised by `damping`, coordinates in
/// `held` kept at their steps.
void solve(Matrices& b, double damping, const std::vector<bool>& held) {
  const Eigen::Index k = b.at.size();
  b.damped = b.curvature;
  b.damped.diagonal() *= 1 + damping;
  b.right = -b.gradient;
  for (Eigen::Index i = 0; i < k; ++i) {
    if (held[static_cast<std::size_t>(i)]) b.right -= b.curvature.col(i) * b.step[i];
  }
  for (Eigen::Index i = 0; i < k; ++i) {
    const bool flat = !(b.curvature(i, i) > 0);
    if (!held[static_cast<std::size_t>(i)] && !flat) continue;
    b.damped.row(i).setZero();
    b.damped.col(i).setZero();
    b.damped(i, i) = 1;
    b.right[i] = held[static_cast<std::size_t>(i)] ? b.step[i] : 0;
  }
  const Eigen::LDLT<Eigen::Ref<Eigen::MatrixXd>> factor(b.damped);
  b.step = factor.solve(b.right);
}

/// Writes `b.step`, which stays within the bounds: coordinates that would leave are held there and
/// the others solved for again. Returns by how much the loss should fall.
double take_step(Matrices& b, double damping) {
  const Eigen::Index k = b.at.size();
  b.step.setZero(k);
  std::vector<bool> held(static_cast<std::size_t>(k), false);
  for (Eigen::Index i = 0; i < k; ++i) {
    held[static_cast<std::size_t>(i)] =
        (b.at[i] <= b.low[i] && b.gradient[i] > 0) || (b.at[i] >= b.high[i] && b.gradient[i] < 0);
  }
  for (Eigen::Index round = 0; round <= k; ++round) {
    solve(b, damping, held);
    if (round == 0) b.free_step = b.step;
    bool left = false;
    for (Eigen::Index i = 0; i < k; ++i) {
      const double to = std::clamp(b.at[i] + b.step[i], b.low[i], b.high[i]);
      if (to == b.at[i] + b.step[i] || held[static_cast<std::size_t>(i)]) continue;
      b.step[i] = to - b.at[i];
      held[static_cast<std::size_t>(i)] = left = true;
    }
    if (!left) break;
  }
  const double fall = expected_fall(b);
  if (fall > 0) return fall;
  // Held in the wrong order: as far as the free step goes before the first bound.
  double share = 1;
  for (Eigen::Index i = 0; i < k; ++i) {
    const double step = b.free_step[i];
    if (step > 0) share = std::min(share, (b.high[i] - b.at[i]) / step);
    if (step < 0) share = std::min(share, (b.low[i] - b.at[i]) / step);
  }
  b.step = share * b.free_step;
  return expected_fall(b);
}

}  // namespace

double loss_at(const Problem& problem, const EtsParameters& at, double* without_prior) {
  EtsParameters p = at;
  const double fit = from_sums(pass(p, problem.y));
  if (without_prior != nullptr) *without_prior = fit;
  return fit + penalty(problem.prior, at);
}

Columns columns_of(const Problem& problem, const EtsParameters& at) {
  Columns c;
  const bool seasonal = at.model.season != EtsSeason::none;
  const bool trend = at.model.trend != EtsTrend::none;
  const auto take = [&](int& column, bool wanted) {
    if (wanted) column = c.count++;
  };
  take(c.level, problem.states);
  take(c.slope, problem.states && trend);
  if (seasonal && problem.season) {
    c.season = c.count;
    c.count += static_cast<int>(at.season.size()) - 1;
  }
  take(c.alpha, problem.alpha);
  take(c.beta, problem.beta && trend);
  take(c.gamma, problem.gamma && seasonal);
  take(c.phi, problem.phi && at.model.damped);
  return c;
}

Optimum minimise(const Problem& problem, const EtsParameters& start, Buffers& buffers) {
  Matrices& b = *buffers;
  const Coordinates coordinates(problem, start);
  Optimum out;
  out.at = start;
  coordinates.read(start, b.at);
  coordinates.limits(b.low, b.high);
  b.at = b.at.cwiseMax(b.low).cwiseMin(b.high);
  coordinates.write(b.at, out.at);
  out.loss = derivatives(problem, coordinates, out.at, b);
  if (!std::isfinite(out.loss)) return out;
  double damping = 1e-3;
  double raise = 4;
  EtsParameters trial = out.at;
  for (; out.iterations < kMostIterations && coordinates.columns().count > 0; ++out.iterations) {
    const double expected = take_step(b, damping);
    // Small because it is a minimum, not because it is damped.
    if (!(expected * (1 + damping) > kTolerance)) {
      out.converged = std::isfinite(expected);
      break;
    }
    if (out.iterations > 3 && damping < 0.1 && out.loss - 4 * expected > problem.give_up_above)
      break;
    const Eigen::VectorXd next = (b.at + b.step).cwiseMax(b.low).cwiseMin(b.high);
    coordinates.write(next, trial);
    double loss = kInfinite;
    if (problem.bounds == EtsBounds::usual || is_admissible(trial)) loss = loss_at(problem, trial);
    const double gain = (out.loss - loss) / expected;
    if (gain > 1e-4) {
      b.at = next;
      out.at = trial;
      out.loss = derivatives(problem, coordinates, out.at, b);
      // A small gain tells of overshooting: least squares' curvature is too small there.
      damping = std::max(damping * (gain > 0.75 ? 0.1 : gain < 0.25 ? 8 : 0.5), kLeastDamping);
      raise = 4;
    } else {
      damping *= raise;
      raise *= 2;
    }
  }
  loss_at(problem, out.at, &out.fit);
  return out;
}

double loss_and_gradient(const Problem& problem, const EtsParameters& at,
                         std::vector<double>& gradient) {
  Buffers buffers;
  const double loss = derivatives(problem, Coordinates(problem, at), at, *buffers);
  gradient.assign((*buffers).gradient.begin(), (*buffers).gradient.end());
  return loss;
}

EtsParameters moved(const Problem& problem, const EtsParameters& at, int column, double by) {
  const Coordinates coordinates(problem, at);
  Eigen::VectorXd x;
  coordinates.read(at, x);
  x[index(column)] += by;
  EtsParameters out = at;
  coordinates.write(x, out);
  return out;
}

bool is_admissible(const EtsParameters& p) {
  const auto m = static_cast<Eigen::Index>(p.season.size());
  const bool trend = p.model.trend != EtsTrend::none;
  const Eigen::Index size = 1 + (trend ? 1 : 0) + m;
  // How a value that was never seen would have moved the states: transition less gain * weights.
  Eigen::MatrixXd f = Eigen::MatrixXd::Zero(size, size);
  Eigen::VectorXd weight = Eigen::VectorXd::Zero(size);
  Eigen::VectorXd gain = Eigen::VectorXd::Zero(size);
  f(0, 0) = weight[0] = 1;
  gain[0] = p.alpha;
  const Eigen::Index first = trend ? 2 : 1;
  if (trend) {
    f(0, 1) = f(1, 1) = weight[1] = p.phi;
    gain[1] = p.beta;
  }
  if (m > 0) {
    for (Eigen::Index k = 0; k + 1 < m; ++k) f(first + k, first + k + 1) = 1;
    f(size - 1, first) = weight[first] = 1;
    gain[size - 1] = p.gamma;
  }
  f -= gain * weight.transpose();
  const Eigen::VectorXcd roots = f.eigenvalues();
  // The season's sum and the level can move against each other without a trace: that root is 1.
  return roots.cwiseAbs().maxCoeff() <= 1 + 1e-8;
}

}  // namespace emptor::forecasting::smoothing
