#include "customers/ratio_mixture.hpp"

#include "emptor/core/interval.hpp"

#include "core/optimize.hpp"
#include "core/parallel.hpp"
#include "core/special.hpp"
#include "customers/crowded_days.hpp"
#include "customers/mixture_weights.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace emptor::customers {
namespace {

constexpr std::size_t kMostRateLaws = 2;
constexpr double kPenalty = 9;  // (10 - 1) log w_unchanged, Stephens (2017)
constexpr double kLargestRatio = 6;
constexpr std::size_t kNodes = 10;
constexpr std::size_t kBlock = 256;

/// Gauss-Legendre on (-1, 1), and the integrals of its interpolants from -1 to each node.
struct Rule {
  std::array<double, kNodes> node{};
  std::array<double, kNodes> weight{};
  std::array<std::array<double, kNodes>, kNodes> partial{};
};

double legendre(double x, double& derivative) {
  double before = 1, value = x;
  for (std::size_t k = 2; k <= kNodes; ++k) {
    const auto n = static_cast<double>(k);
    const double next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
    before = value;
    value = next;
  }
  derivative = static_cast<double>(kNodes) * (x * value - before) / (x * x - 1);
  return value;
}

Rule make_rule() {
  Rule rule;
  for (std::size_t i = 0; i < kNodes; ++i) {
    double x = -std::cos(M_PI * (static_cast<double>(i) + 0.75) / (kNodes + 0.5));
    double derivative = 1;
    for (int step = 0; step < 20; ++step) x -= legendre(x, derivative) / derivative;
    legendre(x, derivative);
    rule.node[i] = x;
    rule.weight[i] = 2 / ((1 - x * x) * derivative * derivative);
  }
  const auto lagrange = [&](std::size_t j, double x) {
    double value = 1;
    for (std::size_t l = 0; l < kNodes; ++l)
      if (l != j) value *= (x - rule.node[l]) / (rule.node[j] - rule.node[l]);
    return value;
  };
  for (std::size_t i = 0; i < kNodes; ++i) {
    const double half = (rule.node[i] + 1) / 2;
    for (std::size_t j = 0; j < kNodes; ++j)
      for (std::size_t q = 0; q < kNodes; ++q)
        rule.partial[i][j] += half * rule.weight[q] * lagrange(j, -1 + half * (rule.node[q] + 1));
  }
  return rule;
}

const Rule& rule() {
  static const Rule kRule = make_rule();
  return kRule;
}

/// The line of rho cut at the ends of the laws, with nodes in every piece.
struct Grid {
  struct Piece {
    double low;
    double high;
    std::array<double, kNodes> node;
    std::array<double, kNodes> log_node;
  };
  std::vector<Piece> pieces;

  explicit Grid(std::span<const double> extra_cuts = {}) {
    std::vector<double> cuts{0.05};
    for (const RatioLaw& law : kRatioLawTable) {
      cuts.push_back(law.low);
      cuts.push_back(law.high);
    }
    for (const double cut : extra_cuts)
      if (cut > 0 && cut < kLargestRatio) cuts.push_back(cut);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      Piece piece{cuts[i], cuts[i + 1], {}, {}};
      for (std::size_t q = 0; q < kNodes; ++q) {
        piece.node[q] = piece.low + (piece.high - piece.low) * (rule().node[q] + 1) / 2;
        piece.log_node[q] = std::log(piece.node[q]);
      }
      pieces.push_back(piece);
    }
  }

  /// The density of the uniform laws on every piece.
  [[nodiscard]] std::vector<double> density(const RatioWeights& weights) const {
    std::vector<double> result(pieces.size(), 0.0);
    for (std::size_t k = 2; k < kRatioLaws; ++k)
      for (std::size_t p = 0; p < pieces.size(); ++p)
        if (kRatioLawTable[k].low <= pieces[p].low && pieces[p].high <= kRatioLawTable[k].high)
          result[p] += weights[k] / (kRatioLawTable[k].high - kRatioLawTable[k].low);
    return result;
  }
};

/// One gamma law of the customer's rate, after his baseline.
struct RateAfter {
  double log_share;  ///< of the laws, given n1
  double size;       ///< the law's shape
  double exposure;   ///< the law's rate parameter
};

/// The likelihood of rho for one row, at most 1 per law of the rate; with one law its greatest
/// value on [0, 6] is 1. Factors that do not depend on rho, mean and law are left out.
class RowLikelihood {
 public:
  double y;          ///< occasions of the window over phi
  double log_scale;  ///< what was divided by

  /// `exposure` is that of the window, times g.
  RowLikelihood(std::span<const RateAfter> laws, double exposure, double y_)
      : y(y_), log_scale(-std::numeric_limits<double>::infinity()), count_(laws.size()) {
    for (std::size_t k = 0; k < count_; ++k) {
      const RateAfter& law = laws[k];
      Part& part = parts_[k];
      part = {law.size, exposure * law.size / law.exposure, law.exposure / exposure, 0};
      part.constant =
          law.log_share + law.size * std::log(law.size) + (y > 0 ? y * std::log(part.mean) : 0);
      if (count_ > 1) part.constant += core::log_gamma(law.size + y) - core::log_gamma(law.size);
      const double peak = std::min(y / part.mean, kLargestRatio);
      log_scale = std::max(log_scale, part.constant + (y > 0 ? y * std::log(peak) : 0) -
                                          (law.size + y) * std::log(law.size + peak * part.mean));
      share_[k] = std::exp(law.log_share);
    }
    for (std::size_t k = 0; k < count_; ++k) parts_[k].constant -= log_scale;
  }
  [[nodiscard]] double at(double rho, double log_rho) const {
    double sum = 0;
    for (std::size_t k = 0; k < count_; ++k) sum += part_at(parts_[k], rho, log_rho);
    return sum;
  }
  [[nodiscard]] double stopped() const { return y > 0 ? 0 : at(0, 0); }
  /// Occasions over phi expected at rho = 1, the window not yet seen.
  [[nodiscard]] double mean() const {
    double sum = 0;
    for (std::size_t k = 0; k < count_; ++k) sum += share_[k] * parts_[k].mean;
    return sum;
  }
  /// Mean and mean square of the occasions over phi expected at rho = 1, both windows seen, were
  /// `rho` the ratio.
  [[nodiscard]] std::pair<double, double> after(double rho) const {
    double mean = 0, square = 0, total = 0;
    for (std::size_t k = 0; k < count_; ++k) {
      const Part& part = parts_[k];
      const double shape = part.size + y;
      const double value = shape / (part.per_unit + rho);
      const double weight =
          count_ == 1 ? 1 : part_at(part, rho, y > 0 && rho > 0 ? std::log(rho) : 0);
      mean += weight * value;
      square += weight * value * value * (1 + 1 / shape);
      total += weight;
    }
    if (!(total > 0)) return {0, 0};
    return {mean / total, square / total};
  }

 private:
  struct Part {
    double size = 1;
    double mean = 1;      ///< at rho = 1
    double per_unit = 1;  ///< the law's rate parameter over the window's exposure
    double constant = 0;
  };
  [[nodiscard]] double part_at(const Part& part, double rho, double log_rho) const {
    return std::exp(part.constant + (y > 0 ? y * log_rho : 0) -
                    (part.size + y) * std::log(part.size + rho * part.mean));
  }
  std::size_t count_;
  std::array<Part, kMostRateLaws> parts_{};
  std::array<double, kMostRateLaws> share_{};
};

RowLikelihood row_likelihood(const RatioRow& row, const RatePrior& prior, double phi, double g) {
  const double n1 = row.n1 / phi;
  std::array<RateAfter, kMostRateLaws> laws{};
  double most = -std::numeric_limits<double>::infinity();
  const std::size_t count = prior.laws.size();
  for (std::size_t k = 0; k < count; ++k) {
    const RateLaw& law = prior.laws[k];
    laws[k] = {0, law.shape + n1, law.rate + row.e1};
    if (count == 1) break;
    laws[k].log_share = std::log(law.share) + core::log_gamma(law.shape + n1) -
                        core::log_gamma(law.shape) + law.shape * std::log(law.rate) -
                        (law.shape + n1) * std::log(law.rate + row.e1);
    most = std::max(most, laws[k].log_share);
  }
  if (count > 1) {
    double sum = 0;
    for (std::size_t k = 0; k < count; ++k) sum += std::exp(laws[k].log_share - most);
    for (std::size_t k = 0; k < count; ++k) laws[k].log_share -= most + std::log(sum);
  }
  return {std::span(laws).first(count), g * row.e2, row.n2 / phi};
}

void laws_of_row(const Grid& grid, const RowLikelihood& f, double* out) {
  std::fill(out, out + kRatioLaws, 0.0);
  out[kUnchanged] = f.at(1, 0);
  out[kStopped] = f.stopped();
  for (const Grid::Piece& piece : grid.pieces) {
    double integral = 0;
    for (std::size_t q = 0; q < kNodes; ++q)
      integral += rule().weight[q] * f.at(piece.node[q], piece.log_node[q]);
    integral *= (piece.high - piece.low) / 2;
    for (std::size_t k = 2; k < kRatioLaws; ++k)
      if (kRatioLawTable[k].low <= piece.low && piece.high <= kRatioLawTable[k].high)
        out[k] += integral / (kRatioLawTable[k].high - kRatioLawTable[k].low);
  }
}

MixtureLikelihood likelihoods(std::span<const RatioRow> rows, const RatePrior& prior, double phi,
                              double g, const Grid& grid, const Context& context) {
  MixtureLikelihood data;
  data.components = kRatioLaws;
  data.likelihood.resize(rows.size() * kRatioLaws);
  data.count.resize(rows.size());
  data.log_scale.resize(rows.size());
  core::parallel_ranges(context, rows.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const RowLikelihood f = row_likelihood(rows[i], prior, phi, g);
      laws_of_row(grid, f, data.likelihood.data() + i * kRatioLaws);
      data.count[i] = static_cast<double>(rows[i].count);
      data.log_scale[i] = f.log_scale;
    }
  });
  return data;
}

RatioWeights to_array(const std::vector<double>& weights) {
  RatioWeights result{};
  std::copy(weights.begin(), weights.end(), result.begin());
  return result;
}

/// The posterior law of rho for one row under one set of weights.
class Posterior {
 public:
  Posterior(const Grid& grid, const std::vector<std::array<double, kNodes>>& values,
            double unchanged, double stopped, const RatioWeights& weights,
            const std::vector<double>& density)
      : grid_(grid), values_(values), density_(density) {
    stopped_ = weights[kStopped] * stopped;
    unchanged_ = weights[kUnchanged] * unchanged;
    total_ = stopped_ + unchanged_;
    mass_.resize(grid.pieces.size());
    for (std::size_t p = 0; p < mass_.size(); ++p) {
      mass_[p] = integral(p, [](double) { return 1.0; });
      total_ += mass_[p];
    }
  }

  /// Mean of h(rho).
  template <typename Function>
  [[nodiscard]] double mean(Function&& h) const {
    double sum = stopped_ * h(0.0) + unchanged_ * h(1.0);
    for (std::size_t p = 0; p < mass_.size(); ++p)
      if (density_[p] > 0) sum += integral(p, h);
    return sum / total_;
  }

  /// P(rho <= x); x must be a cut of the grid.
  [[nodiscard]] double cdf(double x) const {
    double sum = stopped_ + (x >= 1 ? unchanged_ : 0);
    for (std::size_t p = 0; p < mass_.size(); ++p)
      if (grid_.pieces[p].high <= x) sum += mass_[p];
    return sum / total_;
  }

  [[nodiscard]] double quantile(double probability) const {
    const double target = probability * total_;
    double below = stopped_;
    if (below >= target) return 0;
    for (std::size_t p = 0; p < mass_.size(); ++p) {
      const Grid::Piece& piece = grid_.pieces[p];
      if (piece.low == 1) {
        below += unchanged_;
        if (below >= target) return 1;
      }
      if (below + mass_[p] >= target) return inside(p, target - below);
      below += mass_[p];
    }
    return kLargestRatio;
  }

 private:
  template <typename Function>
  [[nodiscard]] double integral(std::size_t p, Function&& h) const {
    const Grid::Piece& piece = grid_.pieces[p];
    double sum = 0;
    for (std::size_t q = 0; q < kNodes; ++q)
      sum += rule().weight[q] * values_[p][q] * h(piece.node[q]);
    return density_[p] * sum * (piece.high - piece.low) / 2;
  }

  /// Where the mass of piece p from its lower end on reaches `target`: cumulated exactly up to the
  /// nodes, straight lines between them.
  [[nodiscard]] double inside(std::size_t p, double target) const {
    const Grid::Piece& piece = grid_.pieces[p];
    double x = piece.low, reached = 0;
    for (std::size_t q = 0; q <= kNodes; ++q) {
      double next = mass_[p];
      if (q < kNodes) {
        next = 0;
        for (std::size_t j = 0; j < kNodes; ++j) next += rule().partial[q][j] * values_[p][j];
        next *= density_[p] * (piece.high - piece.low) / 2;
      }
      next = std::max(next, reached);
      const double end = q < kNodes ? piece.node[q] : piece.high;
      if (next >= target)
        return next > reached ? x + (end - x) * (target - reached) / (next - reached) : x;
      x = end;
      reached = next;
    }
    return piece.high;
  }

  const Grid& grid_;
  const std::vector<std::array<double, kNodes>>& values_;
  const std::vector<double>& density_;
  std::vector<double> mass_;
  double stopped_ = 0;
  double unchanged_ = 0;
  double total_ = 0;
};

/// g rho at most this much of the reference counts as a drop of min_drop.
double drop_cut(const RatioMixture& mixture, const RatioMixtureOptions& options) {
  return (1 - options.min_drop) * mixture.reference;
}

/// The log g near `start` that maximises a profile log-likelihood.
template <typename Profile>
core::Minimum best_change(Profile&& profile, double start) {
  constexpr double kStride = 0.25;
  double best = start, value = profile(start);
  for (const double direction : {1.0, -1.0})
    for (int i = 0; i < 12; ++i) {
      const double next = best + direction * kStride;
      const double at = profile(next);
      if (at <= value) break;
      best = next;
      value = at;
    }
  return core::brent([&](double x) { return -profile(x); }, best - kStride, best + kStride, 1e-5,
                     60);
}

/// How far from `best` in one direction the profile falls by `fall` below `value`: false position
/// on the square root of the fall, which is nearly straight.
template <typename Profile>
double change_end(Profile&& profile, double best, double value, double direction, double fall) {
  double inner = 0, at_inner = -std::sqrt(fall), outer = 0.02, at_outer = 0;
  const auto root = [&](double distance) {
    const double lost = value - profile(best + direction * distance);
    return std::sqrt(std::max(lost, 0.0)) - std::sqrt(fall);
  };
  while ((at_outer = root(outer)) < 0 && outer < 4) {
    inner = outer;
    at_inner = at_outer;
    outer *= 2;
  }
  for (int i = 0; i < 8 && at_outer > 0.02; ++i) {
    const double share = std::clamp(at_inner / (at_inner - at_outer), 0.1, 0.95);
    const double middle = inner + (outer - inner) * share;
    const double at = root(middle);
    (at < 0 ? inner : outer) = middle;
    (at < 0 ? at_inner : at_outer) = at;
  }
  return best + direction * outer;
}

/// What the interval of the market's change says of one customer's rate.
struct ChangeOf {
  double low;
  double high;
};

/// That interval for every row. Against the median customer the change drops out. An absolute drop
/// is 1 - g rho, so the uncertainty of g widens its interval, and so does that g is a mean over
/// customers: either the days of all change alike, by g, or their purchases do, and then the days
/// of those who buy often change less than g says and the days of others more.
std::vector<ChangeOf> changes(std::span<const RatioRow> rows, const RatioMixture& mixture,
                              const RatioMixtureOptions& options, const Context& context) {
  if (options.relative_to_median)
    return std::vector<ChangeOf>(rows.size(), {1 / mixture.reference, 1 / mixture.reference});
  constexpr double kDeviations = 2;
  std::vector<double> days(rows.size()), spread(rows.size()), count(rows.size());
  core::parallel_ranges(context, rows.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const RatioRow& row = rows[i];
      const auto [mean, square] =
          row_likelihood(row, mixture.prior, mixture.phi, mixture.g).after(1);
      const double per_day = mixture.phi / (mixture.g * row.e2);
      days[i] = mean * per_day;
      spread[i] = std::sqrt(std::max(square - mean * mean, 0.0)) * per_day;
      count[i] = static_cast<double>(row.count);
    }
  });
  const double low = purchase_factor(days, count, mixture.g_low);
  const double high = purchase_factor(days, count, mixture.g_high);
  std::vector<ChangeOf> result;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::array rates{std::max(days[i] - kDeviations * spread[i], 0.0),
                           days[i] + kDeviations * spread[i]};
    result.push_back(
        {std::min({mixture.g_low, day_ratio(low, rates[0]), day_ratio(low, rates[1])}),
         std::max({mixture.g_high, day_ratio(high, rates[0]), day_ratio(high, rates[1])})});
  }
  return result;
}

}  // namespace

double ratio_cdf(const RatioWeights& weights, double x) {
  double sum = x >= 0 ? weights[kStopped] : 0;
  if (x >= 1) sum += weights[kUnchanged];
  for (std::size_t k = 2; k < kRatioLaws; ++k) {
    const RatioLaw& law = kRatioLawTable[k];
    sum += weights[k] * std::clamp((x - law.low) / (law.high - law.low), 0.0, 1.0);
  }
  return sum;
}

double ratio_median(const RatioWeights& weights) {
  if (ratio_cdf(weights, 0) >= 0.5) return 0;
  double low = 0, high = kLargestRatio;
  while (high - low > 1e-12) {
    const double middle = (low + high) / 2;
    (ratio_cdf(weights, middle) < 0.5 ? low : high) = middle;
  }
  return std::abs(high - 1) < 1e-9 ? 1 : high;
}

RatioWeights law_likelihoods(double size, double mean, double y) {
  RatioWeights result{};
  const std::array law{RateAfter{0, size, size / mean}};
  laws_of_row(Grid(), RowLikelihood(law, 1, y), result.data());
  return result;
}

RatioMixture fit_ratio_mixture(std::span<const RatioRow> rows, const RatePrior& prior, double phi,
                               const RatioMixtureOptions& options, const Context& context) {
  const Grid grid;
  const std::array<double, kRatioLaws> no_cost{};
  double seen = 0, expected = 0;
  for (const RatioRow& row : rows) {
    const auto count = static_cast<double>(row.count);
    seen += count * row.n2 / phi;
    expected += count * row_likelihood(row, prior, phi, 1).mean();
  }
  const auto profile = [&](double penalty) {
    return [&, penalty](double log_g) {
      return fit_weights(likelihoods(rows, prior, phi, std::exp(log_g), grid, context), penalty,
                         no_cost, 0, context)
          .value;
    };
  };
  RatioMixture mixture;
  mixture.prior = prior;
  mixture.phi = phi;
  const double log_g =
      best_change(profile(kPenalty), std::log(std::max(seen, 0.5) / expected)).x.front();
  mixture.g = std::exp(log_g);
  // The penalty holds falls for the market's change where they are few, so the interval is that of
  // the likelihood without it.
  const double z = normal_half_width(options.level);
  const auto free = best_change(profile(0), log_g);
  for (const double direction : {-1.0, 1.0}) {
    const double end = change_end(profile(0), free.x.front(), -free.value, direction, z * z / 2);
    (direction < 0 ? mixture.g_low : mixture.g_high) =
        direction < 0 ? std::min(mixture.g, std::exp(end)) : std::max(mixture.g, std::exp(end));
  }
  const MixtureLikelihood data = likelihoods(rows, prior, phi, mixture.g, grid, context);
  const MixtureWeights best = fit_weights(data, kPenalty, no_cost, 0, context);
  mixture.weights = to_array(best.weights);
  mixture.log_likelihood = best.value;
  mixture.gap = best.gap;
  mixture.converged = best.converged && prior.converged;
  mixture.reference = options.relative_to_median ? ratio_median(mixture.weights) : 1 / mixture.g;
  mixture.guard = mixture.mirror = mixture.weights;
  if (options.likelihood_drop > 0) {
    std::array<double, kRatioLaws> falls{}, rises{};
    for (std::size_t k = 0; k < kRatioLaws; ++k) {
      RatioWeights one{};
      one[k] = 1;
      falls[k] = ratio_cdf(one, drop_cut(mixture, options));
      rises[k] = -falls[k];
    }
    const auto near = [&](const std::array<double, kRatioLaws>& cost) {
      return to_array(
          least_cost_weights(data, kPenalty, cost, best, options.likelihood_drop, context).weights);
    };
    mixture.guard = near(falls);
    mixture.mirror = near(rises);
  }
  return mixture;
}

std::vector<RatioPosterior> ratio_posteriors(std::span<const RatioRow> rows,
                                             const RatioMixture& mixture,
                                             const RatioMixtureOptions& options,
                                             const Context& context) {
  const double reference = mixture.reference;
  const double cut = drop_cut(mixture, options);
  const std::array cuts{cut, reference};
  const Grid grid(cuts);
  const std::array<std::vector<double>, 3> density{
      grid.density(mixture.weights), grid.density(mixture.guard), grid.density(mixture.mirror)};
  const double tail = (1 - options.level) / 2;
  const std::vector<ChangeOf> change = changes(rows, mixture, options, context);
  std::vector<RatioPosterior> result(rows.size());
  core::parallel_ranges(context, rows.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    std::vector<std::array<double, kNodes>> values(grid.pieces.size());
    for (std::size_t i = begin; i < end; ++i) {
      const RatioRow& row = rows[i];
      const RowLikelihood f = row_likelihood(row, mixture.prior, mixture.phi, mixture.g);
      for (std::size_t p = 0; p < grid.pieces.size(); ++p)
        for (std::size_t q = 0; q < kNodes; ++q)
          values[p][q] = f.at(grid.pieces[p].node[q], grid.pieces[p].log_node[q]);
      const Posterior middle(grid, values, f.at(1, 0), f.stopped(), mixture.weights, density[0]);
      const Posterior low(grid, values, f.at(1, 0), f.stopped(), mixture.guard, density[1]);
      const Posterior high(grid, values, f.at(1, 0), f.stopped(), mixture.mirror, density[2]);
      const double per_day = mixture.phi / row.e2;
      const auto loss = [&](double rho) {
        return rho < reference ? (reference - rho) * per_day * f.after(rho).first : 0.0;
      };
      const auto loss_squared = [&](double rho) {
        if (rho >= reference) return 0.0;
        const double lost = (reference - rho) * per_day;
        return lost * lost * f.after(rho).second;
      };
      RatioPosterior& out = result[i];
      out.probability = middle.cdf(cut);
      out.probability_low = std::min(low.cdf(cut), out.probability);
      out.probability_high = std::max(high.cdf(cut), out.probability);
      out.drop = 1 - middle.mean([](double rho) { return rho; }) / reference;
      out.drop_low = std::min(out.drop, 1 - low.quantile(1 - tail) * change[i].high);
      out.drop_high = std::max(out.drop, 1 - high.quantile(tail) * change[i].low);
      // Without an order in the window a full stop cannot be ruled out, whatever the laws near it.
      if (row.n2 == 0) out.drop_high = 1;
      out.loss = middle.mean(loss);
      // Both the share gone and the customer's own rate are uncertain. Nothing is lost unless rho
      // is below the reference; else the loss is near a gamma law of its mean and variance.
      const auto limit = [&](const Posterior& posterior, double p) {
        const double any = posterior.cdf(std::nextafter(reference, 0.0));
        if (p <= 1 - any) return 0.0;
        const double mean = posterior.mean(loss) / any;
        const double second = posterior.mean(loss_squared) / any;
        const double variance = second - mean * mean;
        if (!(mean > 0) || !(variance > 0)) return mean;
        return core::gamma_quantile(1 - (1 - p) / any, mean * mean / variance) * variance / mean;
      };
      out.loss_low = std::min({out.loss, low.mean(loss), limit(low, tail)});
      out.loss_high = std::max({out.loss, high.mean(loss), limit(high, 1 - tail)});
      out.expected = reference * f.mean() * mixture.phi;
    }
  });
  return result;
}

}  // namespace emptor::customers
