// How a fitted purchase model is named, shown and kept.
#include "emptor/core/error.hpp"
#include "emptor/customers/fit_purchases.hpp"

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
constexpr std::array<std::string_view, 6> kReasons{
    "", "no_leaving", "same_rates", "same_leaving", "no_repeat", "few_customers"};
constexpr std::array<std::string_view, 4> kCovariance{"log_covariance_1", "log_covariance_2",
                                                      "log_covariance_3", "log_covariance_4"};
constexpr std::string_view kKind = "purchase_fit";

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

std::vector<Column> PurchaseFit::columns() const {
  return {{"parameter", parameter_column, "r and alpha of buying; a and b, s and beta of leaving"},
          {"value", parameters, "maximum likelihood; alpha and beta in the unit of time"},
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
  std::vector<std::vector<double>> rows(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (std::size_t j = 0; j < parameters.size(); ++j)
      rows[i].push_back(log_covariance[i * parameters.size() + j]);
    all.push_back(Column(kCovariance[i], rows[i]).hidden());
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
  fit.parameters = column<double>(loaded, "value", ColumnKind::float64);
  fit.low = column<double>(loaded, "value_low", ColumnKind::float64);
  fit.high = column<double>(loaded, "value_high", ColumnKind::float64);
  fit.standard_error = column<double>(loaded, "standard_error", ColumnKind::float64);
  fit.n_column = column<std::int64_t>(loaded, "n", ColumnKind::int64);
  const std::size_t p = parameter_names(fit.model).size();
  if (fit.parameters.size() != p)
    throw FormatError("purchase fit: " + std::to_string(fit.parameters.size()) +
                      " parameters for " + std::string(to_string(fit.model)));
  for (const auto name : parameter_names(fit.model)) fit.parameter_column.emplace_back(name);
  const auto states = column<std::uint8_t>(loaded, "status", ColumnKind::label);
  for (const std::uint8_t state : states) {
    if (state >= status_labels().size()) throw FormatError("purchase fit: unknown status");
    fit.status_column.push_back(static_cast<Status>(state));
  }
  for (std::size_t i = 0; i < p; ++i) {
    const auto row = column<double>(loaded, kCovariance[i], ColumnKind::float64);
    fit.log_covariance.insert(fit.log_covariance.end(), row.begin(), row.end());
  }
  return fit;
}

}  // namespace emptor::customers
