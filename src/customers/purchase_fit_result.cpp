// How a fitted purchase model is named, shown and kept.
#include "emptor/core/error.hpp"
#include "emptor/customers/fit_purchases.hpp"

#include "customers/purchase_covariates.hpp"

#include <algorithm>
#include <array>
#include <map>

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

std::string covariance_name(std::size_t i) { return "log_covariance_" + std::to_string(i + 1); }

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
  const std::size_t size = value_column.size();
  std::vector<std::vector<double>> rows(size);
  std::vector<std::string> names(size);
  for (std::size_t i = 0; i < size; ++i) {
    names[i] = covariance_name(i);
    for (std::size_t j = 0; j < size; ++j) rows[i].push_back(log_covariance[i * size + j]);
    all.push_back(Column(names[i], rows[i]).hidden());
  }
  const EffectColumns written = effect_columns(*this);
  if (!effects.empty()) {
    all.push_back(Column("role", written.role).hidden());
    all.push_back(Column("covariate", written.covariate).hidden());
    all.push_back(Column("level", written.level).hidden());
    all.push_back(Column("against", written.against).hidden());
  }
  std::vector<Scalar> scalars = info();
  scalars.push_back({"kind", std::string(kKind)});
  return save_columns_bytes(all, scalars);
}

namespace {

template <typename T>
T scalar(const std::map<std::string_view, const Scalar*>& all, std::string_view name) {
  const auto found = all.find(name);
  const T* value = found == all.end() ? nullptr : std::get_if<T>(&found->second->value);
  if (value == nullptr)
    throw FormatError("purchase fit: '" + std::string(name) + "' is missing or of another type");
  return *value;
}

template <typename T>
std::vector<T> column(const LoadedColumns& loaded, std::string_view name, ColumnKind kind) {
  for (const Column& one : loaded.columns)
    if (one.name == name && one.kind == kind) {
      const auto values = one.values<T>();
      return {values.begin(), values.end()};
    }
  throw FormatError("purchase fit: column '" + std::string(name) + "' is missing");
}

bool has_column(const LoadedColumns& loaded, std::string_view name) {
  return std::any_of(loaded.columns.begin(), loaded.columns.end(),
                     [&](const Column& one) { return one.name == name; });
}

std::size_t place(Names names, std::string_view text, std::string_view what) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == text) return i;
  throw FormatError("purchase fit: unknown " + std::string(what) + " '" +
                    std::string(text.substr(0, 40)) + "'");
}

}  // namespace

PurchaseFit purchase_fit_from(std::string_view bytes) {
  const LoadedColumns loaded = load_columns_bytes(bytes);
  std::map<std::string_view, const Scalar*> all;
  for (const Scalar& one : loaded.info) all.emplace(one.name, &one);
  if (all.find("kind") == all.end() || scalar<std::string>(all, "kind") != kKind)
    throw FormatError("purchase fit: the bytes hold something else");
  PurchaseFit fit;
  const auto model = [&](std::string_view name) {
    return static_cast<PurchaseModel>(place(kModels, scalar<std::string>(all, name), name));
  };
  fit.model = model("model");
  fit.asked = model("asked");
  const std::int64_t k = scalar<std::int64_t>(all, "k");
  if (k < 1 || k > 12) throw FormatError("purchase fit: k is " + std::to_string(k));
  fit.k = static_cast<int>(k);
  try {
    fit.unit = parse_time_unit(scalar<std::string>(all, "unit"));
  } catch (const InvalidArgument& error) {
    throw FormatError(std::string("purchase fit: ") + error.what());
  }
  fit.log_likelihood = scalar<double>(all, "log_likelihood");
  fit.aic = scalar<double>(all, "aic");
  fit.bic = scalar<double>(all, "bic");
  fit.n = scalar<std::int64_t>(all, "n");
  fit.n_repeat = scalar<std::int64_t>(all, "n_repeat");
  fit.purchases = scalar<std::int64_t>(all, "purchases");
  fit.max_T = scalar<double>(all, "max_T");
  fit.converged = scalar<bool>(all, "converged");
  fit.iterations = static_cast<int>(scalar<std::int64_t>(all, "iterations"));
  fit.level = scalar<double>(all, "level");
  fit.status =
      static_cast<Status>(place(status_labels(), scalar<std::string>(all, "status"), "status"));
  fit.reason =
      static_cast<PurchaseFitReason>(place(kReasons, scalar<std::string>(all, "reason"), "reason"));
  fit.low = column<double>(loaded, "value_low", ColumnKind::float64);
  fit.high = column<double>(loaded, "value_high", ColumnKind::float64);
  fit.standard_error = column<double>(loaded, "standard_error", ColumnKind::float64);
  fit.n_column = column<std::int64_t>(loaded, "n", ColumnKind::int64);
  const std::size_t p = parameter_names(fit.model).size();
  fit.value_column = column<double>(loaded, "value", ColumnKind::float64);
  if (fit.value_column.size() < p ||
      (fit.value_column.size() > p) != has_column(loaded, "covariate"))
    throw FormatError("purchase fit: " + std::to_string(fit.value_column.size()) +
                      " parameters for " + std::string(to_string(fit.model)));
  const auto rest = fit.value_column.begin() + static_cast<std::ptrdiff_t>(p);
  fit.parameters.assign(fit.value_column.begin(), rest);
  fit.coefficients.assign(rest, fit.value_column.end());
  for (const auto name : parameter_names(fit.model)) fit.parameter_column.emplace_back(name);
  if (!fit.coefficients.empty()) {
    read_effects(fit, {column<std::string>(loaded, "role", ColumnKind::text),
                       column<std::string>(loaded, "covariate", ColumnKind::text),
                       column<std::string>(loaded, "level", ColumnKind::text),
                       column<std::string>(loaded, "against", ColumnKind::text)});
    for (const CovariateEffect& effect : fit.effects)
      fit.parameter_column.push_back(effect_name(effect, fit.covariates));
  }
  const auto states = column<std::uint8_t>(loaded, "status", ColumnKind::label);
  for (const std::uint8_t state : states) {
    if (state >= status_labels().size()) throw FormatError("purchase fit: unknown status");
    fit.status_column.push_back(static_cast<Status>(state));
  }
  for (std::size_t i = 0; i < fit.value_column.size(); ++i) {
    const auto row = column<double>(loaded, covariance_name(i), ColumnKind::float64);
    fit.log_covariance.insert(fit.log_covariance.end(), row.begin(), row.end());
  }
  return fit;
}

}  // namespace emptor::customers
