#include "emptor/forecasting/reconcile.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "forecasting/reconcile_tree.hpp"

#include <Eigen/Dense>
#include <Eigen/SparseCholesky>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

namespace emptor::forecasting {
namespace {

using Sparse = Eigen::SparseMatrix<double>;
using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

constexpr std::array<std::string_view, 6> kMethods{"bottom_up",  "top_down", "ols",
                                                   "structural", "variance", "shrunk"};
/// Variances are at least this part of the largest: a perfect past is not a sure future.
constexpr double kLeastVariance = 1e-10;
constexpr int kBlockRounds = 20;  ///< of pivoting many at once, before one at a time
constexpr int kMostRounds = 10000;

constexpr const char* kContradiction =
    "locked nodes say something twice or contradict each other; lock fewer";
constexpr const char* kNoneFound =
    "no forecasts of at least 0 were found that keep the locked nodes";

[[noreturn]] void fail(const std::string& what) { throw InvalidArgument("reconcile: " + what); }

/// W = diagonal + low low', the latter without columns if there is no correlation.
struct Covariance {
  Vector diagonal;
  Matrix low;
  double shrinkage = 1;
};

void at_least(Vector& variance) {
  const double most = variance.maxCoeff();
  for (double& v : variance) v = std::max(v, most > 0 ? kLeastVariance * most : 1.0);
}

/// The covariance of past errors with its correlations shrunk (Schaefer and Strimmer 2005). All
/// sums over pairs of nodes are made from the moments' products with each other.
Covariance shrunk_covariance(std::span<const double> error, std::size_t nodes) {
  const auto n = static_cast<Eigen::Index>(nodes);
  const auto t = static_cast<Eigen::Index>(error.size() / nodes);
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Matrix e = Eigen::Map<const Rows>(error.data(), n, t);
  e.colwise() -= Vector(e.rowwise().mean());
  const auto moments = static_cast<double>(t);
  Covariance out;
  out.diagonal = e.rowwise().squaredNorm() / (moments - 1);
  at_least(out.diagonal);
  // z has mean 0 and mean square 1 by node (0 for a node without errors).
  Matrix z = e;
  for (Eigen::Index i = 0; i < n; ++i) {
    const double norm = e.row(i).norm();
    if (norm > 0) z.row(i) *= std::sqrt(moments) / norm;
  }
  const Matrix gram = z.transpose() * z;
  const Vector fourth = z.array().pow(4).rowwise().sum();
  const double all = gram.squaredNorm() / (moments * moments);  // sum over pairs of (mean z z)^2
  const double own = static_cast<double>((z.rowwise().squaredNorm().array() > 0).count());
  // Sum over pairs and moments of (z z)^2, without a node with itself.
  const double squares = gram.diagonal().array().square().sum() - fourth.sum();
  const double off = all - own;
  const double scale = moments / std::pow(moments - 1, 3);
  const double spread = scale * (squares - moments * off);
  const double correlation = off * std::pow(moments / (moments - 1), 2);
  out.shrinkage = correlation > 0 ? std::clamp(spread / correlation, 0.0, 1.0) : 1.0;
  out.low = e * std::sqrt((1 - out.shrinkage) / (moments - 1));
  out.diagonal *= out.shrinkage;
  at_least(out.diagonal);
  return out;
}

/// Solves C W C' x = r for constraints C that are sums of nodes, then fixed nodes.
class Projection {
 public:
  Projection(const Tree& tree, const Covariance& w, std::span<const std::size_t> fixed)
      : w_(w), rows_(static_cast<Eigen::Index>(tree.sums + fixed.size())) {
    std::vector<Eigen::Triplet<double>> entries;
    entries.reserve(tree.sums + tree.levels * tree.finest + fixed.size());
    for (std::size_t i = 0; i < tree.sums; ++i) entries.emplace_back(index(i), index(i), 1.0);
    for (std::size_t level = 0; level < tree.levels; ++level) {
      for (std::size_t s = 0; s < tree.finest; ++s) {
        entries.emplace_back(index(tree.at(level, s)), index(tree.sums + s), -1.0);
      }
    }
    for (std::size_t k = 0; k < fixed.size(); ++k) {
      entries.emplace_back(index(tree.sums + k), index(fixed[k]), 1.0);
    }
    c_.resize(rows_, static_cast<Eigen::Index>(tree.nodes()));
    c_.setFromTriplets(entries.begin(), entries.end());
    const Sparse m = c_ * w.diagonal.asDiagonal() * Sparse(c_.transpose());
    cholesky_.compute(m);
    if (cholesky_.info() != Eigen::Success) {
      fail(kContradiction);
    }
    if (w.low.cols() == 0) return;
    const Matrix v = c_ * w.low;
    solved_ = cholesky_.solve(v);
    capacity_.compute(Matrix::Identity(v.cols(), v.cols()) + v.transpose() * solved_);
  }

  /// The nearest to y with C y = target; `pressure` gets what each constraint pulls with.
  [[nodiscard]] Vector nearest(const Vector& y, const Vector& target, Vector& pressure) const {
    const Vector r = c_ * y - target;
    pressure = cholesky_.solve(r);
    if (w_.low.cols() > 0) pressure -= solved_ * capacity_.solve(solved_.transpose() * r);
    const Vector g = c_.transpose() * pressure;
    Vector out = y - w_.diagonal.cwiseProduct(g);
    if (w_.low.cols() > 0) out -= w_.low * (w_.low.transpose() * g);
    if (!out.allFinite()) fail(kContradiction);
    return out;
  }
  [[nodiscard]] Eigen::Index rows() const { return rows_; }

 private:
  static int index(std::size_t i) { return static_cast<int>(i); }
  const Covariance& w_;
  Eigen::Index rows_;
  Sparse c_;
  Eigen::SimplicialLDLT<Sparse> cholesky_;
  Matrix solved_;
  Eigen::LLT<Matrix> capacity_;
};

std::vector<std::size_t> locked_nodes(std::span<const std::uint8_t> locked) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < locked.size(); ++i) {
    if (locked[i] != 0) out.push_back(i);
  }
  return out;
}

Vector targets(const Projection& p, const Tree& tree, std::span<const std::size_t> locked,
               const Vector& y) {
  Vector out = Vector::Zero(p.rows());
  for (std::size_t k = 0; k < locked.size(); ++k) {
    out[static_cast<Eigen::Index>(tree.sums + k)] = y[static_cast<Eigen::Index>(locked[k])];
  }
  return out;
}

/// Exact sums of the finest forecasts: what was solved adds up but for rounding.
void write(const Tree& tree, const Vector& solved, std::span<const std::size_t> locked,
           const Vector& base, std::span<double> y) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = solved[static_cast<Eigen::Index>(i)];
  sum_up(tree, y);
  for (std::size_t i : locked) y[i] = base[static_cast<Eigen::Index>(i)];
}

/// Least change with finest forecasts of at least 0: those at 0 are held there while the change
/// pulls them down. Many are exchanged at once; if that goes round in circles, the last one alone,
/// which ends (Murty 1974).
Vector nonnegative_nearest(const Tree& tree, const Covariance& w,
                           const std::vector<std::size_t>& locked, const Vector& y,
                           const Context& context) {
  const double tolerance = 1e-9 * std::max(1.0, y.cwiseAbs().maxCoeff());
  std::vector<std::uint8_t> is_locked(tree.nodes(), 0), held(tree.nodes(), 0);
  for (std::size_t i : locked) is_locked[i] = 1;
  for (int round = 0; round < kMostRounds; ++round) {
    if (context.stop.stop_requested()) throw Cancelled();
    std::vector<std::size_t> fixed(locked);
    for (std::size_t i = tree.sums; i < tree.nodes(); ++i) {
      if (held[i] != 0) fixed.push_back(i);
    }
    const Projection p(tree, w, fixed);
    Vector pressure;
    Vector out = p.nearest(y, targets(p, tree, locked, y), pressure);
    std::vector<std::size_t> wrong;
    for (std::size_t i = tree.sums; i < tree.nodes(); ++i) {
      if (held[i] == 0 && is_locked[i] == 0 && out[static_cast<Eigen::Index>(i)] < -tolerance) {
        wrong.push_back(i);
      }
    }
    const double largest = pressure.size() > 0 ? pressure.cwiseAbs().maxCoeff() : 0;
    for (std::size_t k = locked.size(); k < fixed.size(); ++k) {
      if (pressure[static_cast<Eigen::Index>(tree.sums + k)] > 1e-9 * largest) {
        wrong.push_back(fixed[k]);
      }
    }
    if (wrong.empty()) {
      for (std::size_t i = tree.sums; i < tree.nodes(); ++i) {
        auto& v = out[static_cast<Eigen::Index>(i)];
        if (is_locked[i] == 0) v = held[i] != 0 ? 0.0 : std::max(v, 0.0);
      }
      return out;
    }
    if (round >= kBlockRounds) wrong = {*std::max_element(wrong.begin(), wrong.end())};
    for (std::size_t i : wrong) held[i] ^= 1;
  }
  fail(kNoneFound);
}

/// The same of levels within each other, by passes instead of factorisations.
void nested_nearest(const Tree& tree, std::span<const std::size_t> parent, const Vector& variance,
                    const std::vector<std::size_t>& locked, bool nonnegative,
                    std::span<const double> base, std::span<double> out, const Context& context) {
  NestedChange change(tree, parent);
  std::vector<double> y(base.begin(), base.end()), w(variance.begin(), variance.end());
  std::vector<std::uint8_t> is_locked(tree.nodes(), 0), held(tree.nodes(), 0);
  double most = 1;
  for (double v : y) most = std::max(most, std::abs(v));
  for (std::size_t i : locked) {
    is_locked[i] = 1;
    w[i] = 0;
  }
  for (int round = 0; round < kMostRounds; ++round) {
    if (context.stop.stop_requested()) throw Cancelled();
    if (!change.solve(y, w, out)) fail(kContradiction);
    std::vector<std::size_t> wrong;
    for (std::size_t i = tree.sums; i < tree.nodes() && nonnegative; ++i) {
      if (is_locked[i] != 0) continue;
      const double own = variance[static_cast<Eigen::Index>(i)];
      const bool leave = held[i] != 0 && base[i] + own * change.pull(i) > 1e-9 * most;
      if (leave || (held[i] == 0 && out[i] < -1e-9 * most)) wrong.push_back(i);
    }
    if (wrong.empty()) break;
    if (round + 1 == kMostRounds) fail(kNoneFound);
    if (round >= kBlockRounds) wrong = {wrong.back()};
    for (std::size_t i : wrong) {
      held[i] ^= 1;
      y[i] = held[i] != 0 ? 0 : base[i];
      w[i] = held[i] != 0 ? 0 : variance[static_cast<Eigen::Index>(i)];
    }
  }
  for (std::size_t i = tree.sums; i < tree.nodes() && nonnegative; ++i) {
    if (is_locked[i] == 0) out[i] = std::max(out[i], 0.0);
  }
  sum_up(tree, parent, out);
  for (std::size_t i : locked) out[i] = base[i];
}

void check(const Tree& tree, const BaseForecasts& b, const ReconcileOptions& o) {
  if (b.horizon < 1) fail("horizon is " + std::to_string(b.horizon) + "; write 1 or more");
  const std::size_t n = tree.nodes();
  const auto h = static_cast<std::size_t>(b.horizon);
  if (b.forecast.size() != n * h) {
    fail("forecast has " + std::to_string(b.forecast.size()) + " numbers; " + std::to_string(n) +
         " nodes of " + std::to_string(h) + " steps need " + std::to_string(n * h));
  }
  for (std::size_t i = 0; i < n * h; ++i) {
    if (!std::isfinite(b.forecast[i])) {
      fail("the forecast of node " + std::to_string(i / h) + ", step " + std::to_string(i % h + 1) +
           " is missing or infinite; forecast every node");
    }
  }
  if (!b.locked.empty() && b.locked.size() != n) {
    fail("locked has " + std::to_string(b.locked.size()) + " entries for " + std::to_string(n) +
         " nodes");
  }
  const bool plain =
      o.method == ReconcileMethod::bottom_up || o.method == ReconcileMethod::top_down;
  if (plain && std::count(b.locked.begin(), b.locked.end(), 1) > 0) {
    fail("nodes can be locked with \"ols\", \"structural\", \"variance\" and \"shrunk\" only");
  }
  if (o.method == ReconcileMethod::variance) {
    if (b.variance.size() != n && b.variance.size() != n * h) {
      fail("variance has " + std::to_string(b.variance.size()) +
           " numbers; write one for each of " + std::to_string(n) +
           " nodes, or for each of their steps");
    }
    for (double v : b.variance) {
      if (!(std::isfinite(v) && v >= 0)) fail("a variance is missing, infinite or under 0");
    }
  }
  if (o.method == ReconcileMethod::shrunk) {
    if (b.error.size() % n != 0 || b.error.size() / n < 3) {
      fail("shrunk needs 3 or more past errors of each of " + std::to_string(n) +
           " nodes; error has " + std::to_string(b.error.size()) + " numbers");
    }
    for (double e : b.error) {
      if (!std::isfinite(e)) fail("a past error is missing or infinite; leave its moment out");
    }
  }
}

Covariance covariance(const Tree& tree, const BaseForecasts& b, const ReconcileOptions& o,
                      std::size_t step) {
  if (o.method == ReconcileMethod::shrunk) return shrunk_covariance(b.error, tree.nodes());
  Covariance w;
  w.diagonal = Vector::Ones(static_cast<Eigen::Index>(tree.nodes()));
  const auto h = static_cast<std::size_t>(b.horizon);
  for (std::size_t i = 0; i < tree.nodes(); ++i) {
    double& v = w.diagonal[static_cast<Eigen::Index>(i)];
    if (o.method == ReconcileMethod::structural && i < tree.sums) {
      v = static_cast<double>(tree.leaves[i]);
    }
    if (o.method == ReconcileMethod::variance) {
      v = b.variance.size() == tree.nodes() ? b.variance[i] : b.variance[i * h + step];
    }
  }
  at_least(w.diagonal);
  return w;
}

}  // namespace

ReconcileMethod parse_reconcile_method(std::string_view text) {
  const auto found = std::find(kMethods.begin(), kMethods.end(), text);
  if (found != kMethods.end()) return static_cast<ReconcileMethod>(found - kMethods.begin());
  std::string message = "reconcile: method is '" + std::string(text.substr(0, 40)) + "'; there are";
  for (std::string_view name : kMethods) message += " " + std::string(name);
  throw InvalidArgument(message);
}

std::string_view to_string(ReconcileMethod method) noexcept {
  return kMethods[static_cast<std::size_t>(method)];
}

Reconciled reconcile(const Hierarchy& hierarchy, const BaseForecasts& base,
                     const ReconcileOptions& options, const Context& context) {
  const Tree tree = checked_tree(hierarchy);
  check(tree, base, options);
  const auto h = static_cast<std::size_t>(base.horizon);
  const bool top_down = options.method == ReconcileMethod::top_down;
  const bool plain = top_down || options.method == ReconcileMethod::bottom_up;
  const bool diagonal = options.method != ReconcileMethod::shrunk;
  std::vector<std::size_t> parent;
  if (top_down || (diagonal && !plain)) parent = parents(tree, !top_down);
  const bool nested = !parent.empty() && !plain;
  const std::vector<std::size_t> locked = locked_nodes(base.locked);
  // One covariance serves all steps unless they have variances of their own.
  const bool by_step =
      options.method == ReconcileMethod::variance && base.variance.size() != tree.nodes();
  Covariance shared;
  std::optional<Projection> projection;
  if (!plain && !by_step) {
    shared = covariance(tree, base, options, 0);
    if (!nested) projection.emplace(tree, shared, locked);
  }
  Reconciled out;
  out.shrinkage = shared.shrinkage;
  out.forecast.resize(tree.nodes() * h);
  core::parallel_for(context, h, [&](std::size_t step) {
    Vector y(static_cast<Eigen::Index>(tree.nodes()));
    for (std::size_t i = 0; i < tree.nodes(); ++i) {
      y[static_cast<Eigen::Index>(i)] = base.forecast[i * h + step];
    }
    std::vector<double> result(y.begin(), y.end());
    if (plain) {
      if (options.nonnegative) {
        for (double& v : result) v = std::max(v, 0.0);
      }
      if (top_down) {
        share_out(tree, parent, result);
      } else {
        sum_up(tree, result);
      }
    } else {
      const Covariance own = by_step ? covariance(tree, base, options, step) : Covariance{};
      const Covariance& w = by_step ? own : shared;
      if (nested) {
        const std::vector<double> given(result);
        nested_nearest(tree, parent, w.diagonal, locked, options.nonnegative, given, result,
                       context);
        for (std::size_t i = 0; i < tree.nodes(); ++i) out.forecast[i * h + step] = result[i];
        return;
      }
      Vector pressure, solved;
      if (by_step) {
        const Projection p(tree, w, locked);
        solved = p.nearest(y, targets(p, tree, locked, y), pressure);
      } else {
        solved = projection->nearest(y, targets(*projection, tree, locked, y), pressure);
      }
      if (options.nonnegative &&
          solved.tail(static_cast<Eigen::Index>(tree.finest)).minCoeff() < 0) {
        solved = nonnegative_nearest(tree, w, locked, y, context);
      }
      write(tree, solved, locked, y, result);
    }
    for (std::size_t i = 0; i < tree.nodes(); ++i) out.forecast[i * h + step] = result[i];
  });
  return out;
}

}  // namespace emptor::forecasting
