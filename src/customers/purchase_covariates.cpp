#include "customers/purchase_covariates.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace emptor::customers {
namespace {

constexpr std::size_t kBlock = 256;
/// Share of a covariate's variance that those before it leave unexplained, at the least.
constexpr double kLeastOwn = 1e-9;
/// Mean over standard deviation of a covariate, at the most: beyond, the parameters of a customer
/// with the number 0 lie where no double does.
constexpr double kFarthest = 100;
constexpr std::size_t kMostEffects = 100;

std::string fitting(const std::string& what) { return "fit_purchases: " + what; }
std::string quoted(std::string_view name) { return "'" + std::string(name.substr(0, 40)) + "'"; }

}  // namespace

std::array<double, 4> direction_of(PurchaseModel model, CovariateRole role) {
  if (role == CovariateRole::buying) return {0, -1, 0, 0};
  if (model == PurchaseModel::pnbd) return {0, 0, 0, -1};
  return {0, 0, 1, role == CovariateRole::spread ? 1.0 : 0.0};
}

std::string effect_name(const CovariateEffect& effect,
                        std::span<const learn::FeatureInfo> covariates) {
  const learn::FeatureInfo& of = covariates[static_cast<std::size_t>(effect.covariate)];
  std::string name(covariate_role_labels()[static_cast<std::size_t>(effect.role)]);
  name += ": " + of.name;
  if (effect.level >= 0) name += " = " + of.levels[static_cast<std::size_t>(effect.level)];
  return name;
}

CovariateValues::CovariateValues(std::span<const learn::FeatureInfo> covariates,
                                 std::span<const CovariateEffect> effects,
                                 const PurchaseSummaryView& summary, std::string_view function)
    : effects_(effects.begin(), effects.end()),
      given_(learn::match(covariates, summary.covariates, function)) {
  for (std::size_t c = 0; c < given_.features.size(); ++c) {
    const learn::Feature& column = given_.features[c];
    const std::string start = std::string(function) + ": covariate " + quoted(column.name) + " is ";
    for (std::size_t i = 0; i < column.size(); ++i) {
      const bool missing = column.is_category() ? column.code[i] < 0 : std::isnan(column.number[i]);
      if (missing)
        throw InvalidArgument(start + "missing in row " + std::to_string(i) +
                              "; fill it in, or leave such customers out");
      if (!column.is_category() || given_.level_of(c, i) >= 0) continue;
      std::string known;
      for (const std::string& level : covariates[c].levels)
        known += (known.empty() ? "" : ", ") + quoted(level);
      throw InvalidArgument(start + quoted(column.categories->to_string(column.code[i])) +
                            " in row " + std::to_string(i) + ", which the fit has not seen; it " +
                            "knows " + known.substr(0, 200));
    }
  }
}

namespace {

/// The levels of a category that have an effect: all but the most frequent.
std::vector<std::int32_t> levels_with_effect(const learn::FeatureInfo& info,
                                             const learn::Feature& column) {
  std::vector<std::size_t> size(info.levels.size());
  for (const std::int32_t code : column.code) {
    if (code < 0) continue;
    const auto at = std::lower_bound(info.levels.begin(), info.levels.end(),
                                     column.categories->to_string(code));
    ++size[static_cast<std::size_t>(at - info.levels.begin())];
  }
  const auto most = std::max_element(size.begin(), size.end()) - size.begin();
  std::vector<std::int32_t> levels;
  for (std::int32_t level = 0; level < static_cast<std::int32_t>(size.size()); ++level)
    if (level != most) levels.push_back(level);
  return levels;
}

/// Adds the effects of one covariate in one role.
void add_effects(const std::string& name, CovariateRole role, std::span<const learn::Feature> given,
                 std::vector<learn::FeatureInfo>& covariates,
                 std::vector<CovariateEffect>& effects) {
  const auto at = std::find_if(given.begin(), given.end(),
                               [&](const learn::Feature& one) { return one.name == name; });
  if (at == given.end())
    throw InvalidArgument(fitting("the summary has no column " + quoted(name) +
                                  " for covariates; add it to the summary"));
  auto known = std::find_if(covariates.begin(), covariates.end(),
                            [&](const learn::FeatureInfo& one) { return one.name == name; });
  if (known == covariates.end()) {
    covariates.push_back(learn::remember(std::span(&*at, 1)).front());
    known = covariates.end() - 1;
  }
  const CovariateEffect effect{role, static_cast<std::int32_t>(known - covariates.begin()), -1};
  if (!known->category) {
    effects.push_back(effect);
    return;
  }
  const auto levels = levels_with_effect(*known, *at);
  if (levels.empty())
    throw InvalidArgument(
        fitting("covariate " + quoted(name) + " is the same for all customers; leave it out"));
  for (const std::int32_t level : levels) effects.push_back({role, effect.covariate, level});
}

}  // namespace

CovariateGroups groups_of(const PurchaseCovariates& names, const PurchaseSummaryView& summary,
                          std::vector<learn::FeatureInfo>& covariates) {
  std::vector<CovariateEffect> effects;
  learn::check(summary.covariates, "fit_purchases");
  const auto add = [&](const std::vector<std::string>& of, CovariateRole role) {
    for (const std::string& name : of) {
      if (std::count(of.begin(), of.end(), name) > 1)
        throw InvalidArgument(
            fitting("covariate " + quoted(name) + " is given twice for " +
                    std::string(covariate_role_labels()[static_cast<std::size_t>(role)])));
      add_effects(name, role, summary.covariates, covariates, effects);
    }
  };
  add(names.buying, CovariateRole::buying);
  add(names.leaving, CovariateRole::leaving);
  add(names.spread, CovariateRole::spread);
  if (effects.size() > kMostEffects)
    throw InvalidArgument(fitting("the covariates have " + std::to_string(effects.size()) +
                                  " coefficients, 100 at most; put rare categories together"));
  const CovariateValues values(covariates, effects, summary, "fit_purchases");
  return {values, covariates, std::move(effects), summary};
}

void take_effects(PurchaseFit& fit, std::vector<CovariateEffect> effects) {
  std::vector<learn::FeatureInfo> kept;
  for (std::int32_t c = 0; c < static_cast<std::int32_t>(fit.covariates.size()); ++c) {
    bool used = false;
    for (CovariateEffect& effect : effects) {
      if (effect.covariate != c) continue;
      used = true;
      effect.covariate = static_cast<std::int32_t>(kept.size());
    }
    if (used) kept.push_back(std::move(fit.covariates[static_cast<std::size_t>(c)]));
  }
  fit.covariates = std::move(kept);
  fit.effects = std::move(effects);
}

CovariateGroups::CovariateGroups(const CovariateValues& values,
                                 std::span<const learn::FeatureInfo> covariates,
                                 std::vector<CovariateEffect> effects,
                                 const PurchaseSummaryView& summary)
    : effects_(std::move(effects)) {
  const std::size_t n = summary.size(), m = effects_.size();
  std::vector<double> z(n * m);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t e = 0; e < m; ++e) z[i * m + e] = values(i, e);
  collapse(z, summary);
  centre_.assign(m, 0.0);
  scale_.assign(m, 0.0);
  const auto all = static_cast<double>(n);
  for (std::size_t g = 0; g < size(); ++g)
    for (std::size_t e = 0; e < m; ++e) centre_[e] += customers_[g] * z_[g * m + e] / all;
  for (std::size_t g = 0; g < size(); ++g)
    for (std::size_t e = 0; e < m; ++e) {
      z_[g * m + e] -= centre_[e];
      scale_[e] += customers_[g] * z_[g * m + e] * z_[g * m + e] / all;
    }
  for (std::size_t e = 0; e < m; ++e) {
    const std::string& name = covariates[static_cast<std::size_t>(effects_[e].covariate)].name;
    scale_[e] = std::sqrt(scale_[e]);
    if (!(scale_[e] > 1e-12 * std::fabs(centre_[e])))
      throw InvalidArgument(
          fitting("covariate " + quoted(name) + " is the same for all customers; leave it out"));
    if (std::fabs(centre_[e]) > kFarthest * scale_[e] && effects_[e].level < 0)
      throw InvalidArgument(fitting("covariate " + quoted(name) +
                                    " lies far from 0 for how little it differs; subtract " +
                                    std::to_string(std::llround(centre_[e])) + " from it"));
    for (std::size_t g = 0; g < size(); ++g) z_[g * m + e] /= scale_[e];
  }
  check_distinct(covariates);
}

void CovariateGroups::collapse(std::span<const double> values, const PurchaseSummaryView& summary) {
  const std::size_t n = summary.size(), m = effects_.size();
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  const auto of = [&](std::size_t i) { return values.subspan(i * m, m); };
  const auto row = [&](std::size_t i) {
    return PurchaseRows::Row{static_cast<double>(summary.frequency[i]), summary.recency[i],
                             summary.T[i], 1};
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto za = of(a), zb = of(b);
    for (std::size_t e = 0; e < m; ++e)
      if (za[e] != zb[e]) return za[e] < zb[e];
    if (summary.frequency[a] != summary.frequency[b])
      return summary.frequency[a] < summary.frequency[b];
    if (summary.recency[a] != summary.recency[b]) return summary.recency[a] < summary.recency[b];
    return summary.T[a] < summary.T[b];
  });
  const auto close = [&] {
    row_begin_.push_back(rows_.size());
    count_begin_.push_back(counts_.size());
  };
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = order[k];
    const auto mine = of(i);
    const bool first = k == 0 || !std::equal(mine.begin(), mine.end(), of(order[k - 1]).begin());
    if (first) {
      if (k > 0) close();
      customers_.push_back(0);
      z_.insert(z_.end(), mine.begin(), mine.end());
    }
    const PurchaseRows::Row own = row(i);
    if (first || counts_.back().first != own.x) counts_.emplace_back(own.x, 0.0);
    counts_.back().second += 1;
    customers_.back() += 1;
    if (!first && rows_.back().x == own.x && rows_.back().last == own.last &&
        rows_.back().T == own.T)
      rows_.back().weight += 1;
    else
      rows_.push_back(own);
  }
  close();
}

// Cholesky's factor of the correlations, effect by effect of one role: what is left on the diagonal
// is the share of an effect that those before it do not tell.
void CovariateGroups::check_distinct(std::span<const learn::FeatureInfo> covariates) const {
  const std::size_t m = effects_.size();
  const auto all = static_cast<Eigen::Index>(m);
  Eigen::MatrixXd correlation = Eigen::MatrixXd::Zero(all, all);
  double customers = 0;
  for (std::size_t g = 0; g < size(); ++g) {
    const Eigen::Map<const Eigen::VectorXd> z(z_.data() + g * m, all);
    correlation.noalias() += customers_[g] * z * z.transpose();
    customers += customers_[g];
  }
  correlation /= customers;
  for (Eigen::Index i = 0; i < all; ++i) {
    const CovariateEffect& mine = effects_[static_cast<std::size_t>(i)];
    for (Eigen::Index j = 0; j < all; ++j)
      if (effects_[static_cast<std::size_t>(j)].role != mine.role) correlation(i, j) = 0;
  }
  for (Eigen::Index i = 0; i < all; ++i) {
    const double own = correlation(i, i);
    const CovariateEffect& effect = effects_[static_cast<std::size_t>(i)];
    if (!(own > kLeastOwn))
      throw InvalidArgument(fitting(
          "covariate " + quoted(covariates[static_cast<std::size_t>(effect.covariate)].name) +
          " follows from those before it; leave it out"));
    const Eigen::VectorXd column = correlation.col(i);
    correlation -= column * column.transpose() / own;
  }
}

PurchaseGroup CovariateGroups::group(std::size_t g) const {
  return {std::span(rows_).subspan(row_begin_[g], row_begin_[g + 1] - row_begin_[g]),
          std::span(counts_).subspan(count_begin_[g], count_begin_[g + 1] - count_begin_[g]),
          customers_[g]};
}

CovariateGroups CovariateGroups::without_leaving() const {
  CovariateGroups out = *this;
  const std::size_t m = effects_.size();
  std::vector<std::size_t> kept;
  for (std::size_t e = 0; e < m; ++e)
    if (effects_[e].role == CovariateRole::buying) kept.push_back(e);
  const auto keep = [&](auto& all, const auto& from, std::size_t rows) {
    all.clear();
    for (std::size_t i = 0; i < rows; ++i)
      for (const std::size_t e : kept) all.push_back(from[i * m + e]);
  };
  keep(out.effects_, effects_, 1);
  keep(out.centre_, centre_, 1);
  keep(out.scale_, scale_, 1);
  keep(out.z_, z_, size());
  return out;
}

namespace {

/// A log-likelihood with derivatives by any number of parameters.
struct Sum {
  double value = 0;
  Eigen::VectorXd gradient{};
  Eigen::MatrixXd hessian{};
};

Likelihood likelihood_of(PurchaseModel model, const PurchaseGroup& group,
                         const PurchaseParameters& at) {
  if (model == PurchaseModel::nbd) return nbd_likelihood(group, at);
  if (model == PurchaseModel::pnbd) return pnbd_likelihood(group, at);
  return bgnbd_likelihood(group, at, model == PurchaseModel::mbgnbd);
}

}  // namespace

core::SecondOrder CovariateGroups::objective(PurchaseModel model, const Context& context) const {
  const std::size_t p = parameter_names(model).size(), m = effects_.size();
  // How the logarithms of the parameters move with each coefficient, but for z.
  Eigen::MatrixXd moved(static_cast<Eigen::Index>(p), static_cast<Eigen::Index>(m));
  for (std::size_t e = 0; e < m; ++e) {
    const auto direction = direction_of(model, effects_[e].role);
    for (std::size_t j = 0; j < p; ++j)
      moved(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(e)) = direction[j];
  }
  return [=, this, &context](std::span<const double> x, std::span<double> gradient,
                             std::span<double> hessian) {
    const auto rows = static_cast<Eigen::Index>(p), all = static_cast<Eigen::Index>(p + m);
    const Eigen::Map<const Eigen::VectorXd> theta(x.data(), all);
    const auto partials =
        core::parallel_map<Sum>(context, size(), kBlock, [&](std::size_t begin, std::size_t end) {
          Sum sum{0, Eigen::VectorXd::Zero(all), Eigen::MatrixXd::Zero(all, all)};
          Eigen::MatrixXd chain = Eigen::MatrixXd::Identity(rows, all);
          Eigen::VectorXd at(rows), slope(rows);
          Eigen::MatrixXd curve(rows, rows);
          for (std::size_t g = begin; g < end; ++g) {
            const Eigen::Map<const Eigen::VectorXd> z(z_.data() + g * m,
                                                      static_cast<Eigen::Index>(m));
            chain.rightCols(static_cast<Eigen::Index>(m)) = moved * z.asDiagonal();
            at = (chain * theta).array().exp();
            PurchaseParameters own{at[0], at[1]};
            if (p > 2) own = {at[0], at[1], at[2], at[3]};
            const Likelihood here = likelihood_of(model, group(g), own);
            sum.value += here.value;
            for (Eigen::Index i = 0; i < rows; ++i) {
              slope[i] = at[i] * here.gradient[static_cast<std::size_t>(i)];
              for (Eigen::Index j = 0; j < rows; ++j)
                curve(i, j) = at[i] * at[j] * here.hessian[static_cast<std::size_t>(4 * i + j)];
            }
            curve.diagonal() += slope;
            sum.gradient.noalias() += chain.transpose() * slope;
            sum.hessian.noalias() += chain.transpose() * (curve * chain);
          }
          return sum;
        });
    Sum total{0, Eigen::VectorXd::Zero(all), Eigen::MatrixXd::Zero(all, all)};
    for (const Sum& part : partials) {
      total.value += part.value;
      total.gradient += part.gradient;
      total.hessian += part.hessian;
    }
    for (Eigen::Index i = 0; i < all; ++i) {
      gradient[static_cast<std::size_t>(i)] = -total.gradient[i];
      for (Eigen::Index j = 0; j < all; ++j)
        hessian[static_cast<std::size_t>(i * all + j)] = -total.hessian(i, j);
    }
    return -total.value;
  };
}

void take_as_given(PurchaseFit& fit, const CovariateGroups& groups) {
  const std::size_t p = fit.parameters.size(), m = fit.coefficients.size();
  const auto all = static_cast<Eigen::Index>(p + m);
  Eigen::MatrixXd change = Eigen::MatrixXd::Identity(all, all);
  for (std::size_t e = 0; e < m; ++e) {
    const auto column = static_cast<Eigen::Index>(p + e);
    const auto direction = direction_of(fit.model, groups.effects()[e].role);
    change(column, column) = 1 / groups.scale()[e];
    for (std::size_t j = 0; j < p; ++j) {
      const double moved = -direction[j] * groups.centre()[e] / groups.scale()[e];
      change(static_cast<Eigen::Index>(j), column) = moved;
      fit.parameters[j] *= std::exp(moved * fit.coefficients[e]);
    }
    fit.coefficients[e] /= groups.scale()[e];
  }
  using Square = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Eigen::Map<Square> covariance(fit.log_covariance.data(), all, all);
  const Eigen::MatrixXd moved = change * covariance * change.transpose();
  covariance = moved;
}

}  // namespace emptor::customers
