// How a fitted purchase model is named, shown and kept.
#include "emptor/core/error.hpp"
#include "emptor/customers/fit_purchases.hpp"

#include "customers/purchase_covariates.hpp"
#include "customers/saved_fit.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace emptor::customers {
namespace {

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 6> kModels{"mbgnbd", "bgnbd",   "pnbd",
                                                  "nbd",    "mbgcnbd", "bgcnbd"};
constexpr std::array<std::string_view, 4> kBeta{"r", "alpha", "a", "b"};
constexpr std::array<std::string_view, 4> kPareto{"r", "alpha", "s", "beta"};
constexpr std::array<std::string_view, 2> kGamma{"r", "alpha"};
constexpr std::array<std::string_view, 7> kReasons{
    "",          "no_leaving",    "same_rates",        "same_leaving",
    "no_repeat", "few_customers", "covariate_at_bound"};
constexpr std::array<std::string_view, 3> kRoles{"buying", "leaving", "spread"};
constexpr std::string_view kKind = "purchase_fit";

/// What the coefficients belong to, a row per row of the fit's table.
struct EffectColumns {
  std::vector<std::string> role{}, covariate{};
  std::vector<std::string> level{};    ///< "" for a number
  std::vector<std::string> against{};  ///< the level without an effect of its own
};

EffectColumns effect_columns(const PurchaseFit& fit) {
  EffectColumns out;
  for (auto* column : {&out.role, &out.covariate, &out.level, &out.against})
    column->resize(fit.parameters.size());
  for (const CovariateEffect& effect : fit.effects) {
    const learn::FeatureInfo& of = fit.covariates[static_cast<std::size_t>(effect.covariate)];
    out.role.emplace_back(kRoles[static_cast<std::size_t>(effect.role)]);
    out.covariate.push_back(of.name);
    std::vector<bool> own(of.levels.size());
    for (const CovariateEffect& other : fit.effects)
      if (other.covariate == effect.covariate && other.level >= 0)
        own[static_cast<std::size_t>(other.level)] = true;
    out.level.push_back(of.category ? of.levels[static_cast<std::size_t>(effect.level)] : "");
    const auto without = std::find(own.begin(), own.end(), false) - own.begin();
    out.against.push_back(of.category ? of.levels[static_cast<std::size_t>(without)] : "");
  }
  return out;
}

/// The covariates and effects that wrote these columns.
void read_effects(PurchaseFit& fit, const EffectColumns& in) {
  const std::size_t p = fit.parameters.size();
  for (std::size_t i = p; i < in.covariate.size(); ++i) {
    auto at = std::find_if(fit.covariates.begin(), fit.covariates.end(),
                           [&](const auto& one) { return one.name == in.covariate[i]; });
    if (at == fit.covariates.end()) {
      fit.covariates.push_back({in.covariate[i], !in.level[i].empty(), {}});
      at = fit.covariates.end() - 1;
      if (at->category) at->levels.push_back(in.against[i]);
    }
    if (at->category != !in.level[i].empty())
      throw FormatError("purchase fit: a covariate is both a number and a category");
    if (at->category &&
        std::find(at->levels.begin(), at->levels.end(), in.level[i]) == at->levels.end())
      at->levels.push_back(in.level[i]);
  }
  for (learn::FeatureInfo& one : fit.covariates) std::sort(one.levels.begin(), one.levels.end());
  for (std::size_t i = p; i < in.covariate.size(); ++i) {
    CovariateEffect effect;
    const auto role = std::find(kRoles.begin(), kRoles.end(), in.role[i]);
    if (role == kRoles.end()) throw FormatError("purchase fit: unknown role of a covariate");
    effect.role = static_cast<CovariateRole>(role - kRoles.begin());
    const auto at = std::find_if(fit.covariates.begin(), fit.covariates.end(),
                                 [&](const auto& one) { return one.name == in.covariate[i]; });
    effect.covariate = static_cast<std::int32_t>(at - fit.covariates.begin());
    if (at->category)
      effect.level = static_cast<std::int32_t>(
          std::lower_bound(at->levels.begin(), at->levels.end(), in.level[i]) - at->levels.begin());
    fit.effects.push_back(effect);
  }
}

}  // namespace

PurchaseModel parse_purchase_model(std::string_view text) {
  for (std::size_t i = 0; i < kModels.size(); ++i)
    if (text == kModels[i]) return static_cast<PurchaseModel>(i);
  throw InvalidArgument(
      "fit_purchases: model must be \"mbgnbd\", \"bgnbd\", \"pnbd\", \"nbd\", \"mbgcnbd\" or "
      "\"bgcnbd\", got '" +
      std::string(text.substr(0, 40)) + "'");
}

std::string_view to_string(PurchaseModel model) noexcept {
  return kModels[static_cast<std::size_t>(model)];
}

Names purchase_model_labels() noexcept { return kModels; }

Names parameter_names(PurchaseModel model) noexcept {
  if (model == PurchaseModel::nbd) return kGamma;
  return model == PurchaseModel::pnbd ? Names(kPareto) : Names(kBeta);
}

Names purchase_fit_reason_labels() noexcept { return kReasons; }

Names covariate_role_labels() noexcept { return kRoles; }

CovariateRole parse_covariate_role(std::string_view text) {
  const auto at = std::find(kRoles.begin(), kRoles.end(), text);
  if (at == kRoles.end())
    throw InvalidArgument(
        "fit_purchases: covariates act on \"buying\", \"leaving\" or \"spread\", got '" +
        std::string(text.substr(0, 40)) + "'");
  return static_cast<CovariateRole>(at - kRoles.begin());
}

std::vector<Column> PurchaseFit::columns() const {
  return {{"parameter", parameter_column, "r and alpha of buying; a and b, s and beta of leaving"},
          {"value", value_column, "maximum likelihood; alpha and beta in the unit of time"},
          {"value_low", low, "lower end of its interval"},
          {"value_high", high, "upper end of its interval"},
          {"standard_error", standard_error, "from the curvature of the likelihood"},
          {"n", n_column, "customers it rests on"},
          {"status", status_column, status_labels(), "boundary where it lies at a bound"}};
}

std::vector<Scalar> PurchaseFit::info() const {
  return {{"model", std::string(to_string(model)), "what was fitted"},
          {"asked", std::string(to_string(asked)), "what was asked for"},
          {"k", std::int64_t{k}, "Erlang shape of the gaps"},
          {"unit", std::string(to_string(unit)), "of times"},
          {"log_likelihood", log_likelihood, "natural logarithm"},
          {"aic", aic, "Akaike's criterion, less is better"},
          {"bic", bic, "Schwarz's criterion, less is better"},
          {"n", n, "customers"},
          {"n_repeat", n_repeat, "... with a repeat purchase"},
          {"purchases", purchases, "repeat purchases"},
          {"max_T", max_T, "the longest a customer was watched, in the unit"},
          {"converged", converged, "whether the search ended at a maximum"},
          {"iterations", std::int64_t{iterations}, "steps of Newton's method"},
          {"status", std::string(status_labels()[static_cast<std::size_t>(status)]), "of the fit"},
          {"reason", std::string(kReasons[static_cast<std::size_t>(reason)]), "behind the status"},
          {"level", level, "confidence of the intervals"}};
}

std::string PurchaseFit::to_bytes() const {
  std::vector<Column> all = columns();
  const EffectColumns written = effect_columns(*this);
  if (!effects.empty()) {
    all.push_back(Column("role", written.role).hidden());
    all.push_back(Column("covariate", written.covariate).hidden());
    all.push_back(Column("level", written.level).hidden());
    all.push_back(Column("against", written.against).hidden());
  }
  return fit_bytes(kKind, std::move(all), info(), log_covariance);
}

PurchaseFit purchase_fit_from(std::string_view bytes) {
  const SavedFit saved(bytes, kKind, "purchase fit");
  PurchaseFit fit;
  fit.model = static_cast<PurchaseModel>(saved.word("model", kModels));
  fit.asked = static_cast<PurchaseModel>(saved.word("asked", kModels));
  const std::int64_t k = saved.scalar<std::int64_t>("k");
  if (k < 1 || k > 12) saved.fail("k is " + std::to_string(k));
  fit.k = static_cast<int>(k);
  try {
    fit.unit = parse_time_unit(saved.scalar<std::string>("unit"));
  } catch (const InvalidArgument& error) {
    saved.fail(error.what());
  }
  fit.log_likelihood = saved.scalar<double>("log_likelihood");
  fit.aic = saved.scalar<double>("aic");
  fit.bic = saved.scalar<double>("bic");
  fit.n = saved.scalar<std::int64_t>("n");
  fit.n_repeat = saved.scalar<std::int64_t>("n_repeat");
  fit.purchases = saved.scalar<std::int64_t>("purchases");
  fit.max_T = saved.scalar<double>("max_T");
  fit.converged = saved.scalar<bool>("converged");
  fit.iterations = static_cast<int>(saved.scalar<std::int64_t>("iterations"));
  fit.level = saved.scalar<double>("level");
  fit.status = static_cast<Status>(saved.word("status", status_labels()));
  fit.reason = static_cast<PurchaseFitReason>(saved.word("reason", kReasons));
  fit.low = saved.numbers("value_low");
  fit.high = saved.numbers("value_high");
  fit.standard_error = saved.numbers("standard_error");
  fit.n_column = saved.column<std::int64_t>("n", ColumnKind::int64);
  const std::size_t p = parameter_names(fit.model).size();
  fit.value_column = saved.numbers("value");
  if (fit.value_column.size() < p || (fit.value_column.size() > p) != saved.has("covariate"))
    saved.fail(std::to_string(fit.value_column.size()) + " parameters for " +
               std::string(to_string(fit.model)));
  const auto rest = fit.value_column.begin() + static_cast<std::ptrdiff_t>(p);
  fit.parameters.assign(fit.value_column.begin(), rest);
  fit.coefficients.assign(rest, fit.value_column.end());
  for (const auto name : parameter_names(fit.model)) fit.parameter_column.emplace_back(name);
  if (!fit.coefficients.empty()) {
    read_effects(fit, {saved.column<std::string>("role", ColumnKind::text),
                       saved.column<std::string>("covariate", ColumnKind::text),
                       saved.column<std::string>("level", ColumnKind::text),
                       saved.column<std::string>("against", ColumnKind::text)});
    for (const CovariateEffect& effect : fit.effects)
      fit.parameter_column.push_back(effect_name(effect, fit.covariates));
  }
  const auto states = saved.column<std::uint8_t>("status", ColumnKind::label);
  for (const std::uint8_t state : states) {
    if (state >= status_labels().size()) saved.fail("unknown status");
    fit.status_column.push_back(static_cast<Status>(state));
  }
  fit.log_covariance = saved.covariance();
  return fit;
}

}  // namespace emptor::customers
