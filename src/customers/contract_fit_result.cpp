// How a fitted model of contracts is named, shown and kept.
#include "emptor/core/error.hpp"
#include "emptor/customers/fit_contracts.hpp"

#include <algorithm>
#include <array>

namespace emptor::customers {
namespace {

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 2> kModels{"sbg", "bdw"};
constexpr std::array<std::string_view, 3> kParameters{"alpha", "beta", "c"};
constexpr std::array<std::string_view, 6> kReasons{"",         "nobody_left",  "few_periods",
                                                   "few_left", "same_leaving", "no_shape"};
constexpr std::array<std::string_view, 3> kCovariance{"log_covariance_1", "log_covariance_2",
                                                      "log_covariance_3"};
constexpr std::string_view kKind = "contract_fit";

template <typename T>
T scalar(const LoadedColumns& loaded, std::string_view name) {
  for (const Scalar& one : loaded.info)
    if (one.name == name)
      if (const T* value = std::get_if<T>(&one.value)) return *value;
  throw FormatError("contract fit: '" + std::string(name) + "' is missing or of another type");
}

std::vector<double> column(const LoadedColumns& loaded, std::string_view name, std::size_t size) {
  for (const Column& one : loaded.columns) {
    if (one.name != name || one.kind != ColumnKind::float64 || one.size != size) continue;
    const auto values = one.values<double>();
    return {values.begin(), values.end()};
  }
  throw FormatError("contract fit: column '" + std::string(name) + "' is missing");
}

std::size_t place(Names names, std::string_view text) {
  const auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end())
    throw FormatError("contract fit: unknown word '" + std::string(text.substr(0, 40)) + "'");
  return static_cast<std::size_t>(at - names.begin());
}

}  // namespace

ContractModel parse_contract_model(std::string_view text) {
  const auto at = std::find(kModels.begin(), kModels.end(), text);
  if (at == kModels.end())
    throw InvalidArgument("fit_contracts: model must be \"sbg\" or \"bdw\", got '" +
                          std::string(text.substr(0, 40)) + "'");
  return static_cast<ContractModel>(at - kModels.begin());
}

std::string_view to_string(ContractModel model) noexcept {
  return kModels[static_cast<std::size_t>(model)];
}

Names parameter_names(ContractModel model) noexcept {
  return Names(kParameters).first(model == ContractModel::bdw ? 3 : 2);
}

Names contract_fit_reason_labels() noexcept { return kReasons; }

std::vector<Column> ContractFit::columns() const {
  return {{"parameter", parameter_column, "alpha and beta of the chances of leaving; c of tenure"},
          {"value", parameters, "maximum likelihood"},
          {"value_low", low, "lower end of its interval"},
          {"value_high", high, "upper end of its interval"},
          {"standard_error", standard_error, "from the curvature of the likelihood"},
          {"n", n_column, "customers it rests on"},
          {"status", status_column, status_labels(), "boundary where the data do not tell"}};
}

std::vector<Scalar> ContractFit::info() const {
  return {{"model", std::string(to_string(model)), "what was fitted"},
          {"period", data::to_string(period), "from one renewal to the next"},
          {"log_likelihood", log_likelihood, "natural logarithm"},
          {"aic", aic, "Akaike's criterion, less is better"},
          {"bic", bic, "Schwarz's criterion, less is better"},
          {"n", n, "customers"},
          {"n_lost", n_lost, "... who left"},
          {"max_tenure", max_tenure, "the latest renewal that was seen"},
          {"converged", converged, "whether the search ended at a maximum"},
          {"iterations", std::int64_t{iterations}, "steps of Newton's method"},
          {"status", std::string(status_labels()[static_cast<std::size_t>(status)]), "of the fit"},
          {"reason", std::string(kReasons[static_cast<std::size_t>(reason)]), "behind the status"},
          {"level", level, "confidence of the intervals"}};
}

std::string ContractFit::to_bytes() const {
  std::vector<Column> all = columns();
  const std::size_t p = parameters.size();
  std::array<std::vector<double>, 3> rows;
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < p; ++j) rows[i].push_back(log_covariance[i * p + j]);
    all.push_back(Column(kCovariance[i], rows[i]).hidden());
  }
  std::vector<Scalar> scalars = info();
  scalars.push_back({"kind", std::string(kKind)});
  return save_columns_bytes(all, scalars);
}

ContractFit contract_fit_from(std::string_view bytes) {
  const LoadedColumns loaded = load_columns_bytes(bytes);
  const auto kind = std::find_if(loaded.info.begin(), loaded.info.end(),
                                 [](const Scalar& one) { return one.name == "kind"; });
  if (kind == loaded.info.end() || scalar<std::string>(loaded, "kind") != kKind)
    throw FormatError("contract fit: the bytes hold something else");
  ContractFit fit;
  fit.model = static_cast<ContractModel>(place(kModels, scalar<std::string>(loaded, "model")));
  const std::size_t p = parameter_names(fit.model).size();
  fit.parameters = column(loaded, "value", p);
  fit.low = column(loaded, "value_low", p);
  fit.high = column(loaded, "value_high", p);
  fit.standard_error = column(loaded, "standard_error", p);
  for (std::size_t i = 0; i < p; ++i) {
    const auto row = column(loaded, kCovariance[i], p);
    fit.log_covariance.insert(fit.log_covariance.end(), row.begin(), row.end());
    fit.parameter_column.emplace_back(kParameters[i]);
  }
  try {
    fit.period = data::parse_span(scalar<std::string>(loaded, "period"));
  } catch (const InvalidArgument& error) {
    throw FormatError(std::string("contract fit: ") + error.what());
  }
  fit.log_likelihood = scalar<double>(loaded, "log_likelihood");
  fit.aic = scalar<double>(loaded, "aic");
  fit.bic = scalar<double>(loaded, "bic");
  fit.n = scalar<std::int64_t>(loaded, "n");
  fit.n_lost = scalar<std::int64_t>(loaded, "n_lost");
  fit.max_tenure = scalar<std::int64_t>(loaded, "max_tenure");
  fit.converged = scalar<bool>(loaded, "converged");
  fit.iterations = static_cast<int>(scalar<std::int64_t>(loaded, "iterations"));
  fit.status = static_cast<Status>(place(status_labels(), scalar<std::string>(loaded, "status")));
  fit.reason =
      static_cast<ContractFitReason>(place(kReasons, scalar<std::string>(loaded, "reason")));
  fit.level = scalar<double>(loaded, "level");
  fit.n_column.assign(p, fit.n);
  fit.status_column.assign(p, fit.status);
  return fit;
}

}  // namespace emptor::customers
