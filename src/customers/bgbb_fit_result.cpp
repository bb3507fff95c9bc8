// How a fitted BG/BB model is named, shown and kept.
#include "emptor/core/error.hpp"
#include "emptor/customers/fit_bgbb.hpp"

#include <algorithm>
#include <array>

namespace emptor::customers {
namespace {

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 4> kParameters{"alpha", "beta", "gamma", "delta"};
constexpr std::array<std::string_view, 5> kReasons{"", "no_repeat", "few_customers", "same_buying",
                                                   "same_leaving"};
constexpr std::array<std::string_view, 4> kCovariance{"log_covariance_1", "log_covariance_2",
                                                      "log_covariance_3", "log_covariance_4"};
constexpr std::string_view kKind = "bgbb_fit";

template <typename T>
T scalar(const LoadedColumns& loaded, std::string_view name) {
  for (const Scalar& one : loaded.info)
    if (one.name == name)
      if (const T* value = std::get_if<T>(&one.value)) return *value;
  throw FormatError("bgbb fit: '" + std::string(name) + "' is missing or of another type");
}

std::vector<double> column(const LoadedColumns& loaded, std::string_view name, std::size_t size) {
  for (const Column& one : loaded.columns) {
    if (one.name != name || one.kind != ColumnKind::float64 || one.size != size) continue;
    const auto values = one.values<double>();
    return {values.begin(), values.end()};
  }
  throw FormatError("bgbb fit: column '" + std::string(name) + "' is missing");
}

std::size_t place(Names names, std::string_view text) {
  const auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end())
    throw FormatError("bgbb fit: unknown word '" + std::string(text.substr(0, 40)) + "'");
  return static_cast<std::size_t>(at - names.begin());
}

}  // namespace

Names bgbb_parameter_names() noexcept { return kParameters; }

Names bgbb_fit_reason_labels() noexcept { return kReasons; }

std::vector<Column> BgbbFit::columns() const {
  return {{"parameter", parameter_column, "alpha and beta of buying; gamma and delta of leaving"},
          {"value", parameters, "maximum likelihood"},
          {"value_low", low, "lower end of its interval"},
          {"value_high", high, "upper end of its interval"},
          {"standard_error", standard_error, "from the curvature of the likelihood"},
          {"n", n_column, "customers it rests on"},
          {"status", status_column, status_labels(), "boundary where the data do not tell"}};
}

std::vector<Scalar> BgbbFit::info() const {
  return {{"log_likelihood", log_likelihood, "natural logarithm"},
          {"aic", aic, "Akaike's criterion, less is better"},
          {"bic", bic, "Schwarz's criterion, less is better"},
          {"n", n, "customers"},
          {"n_repeat", n_repeat, "... who bought again"},
          {"purchases", purchases, "occasions used by them"},
          {"max_occasions", max_occasions, "the most that a customer had"},
          {"converged", converged, "whether the search ended at a maximum"},
          {"iterations", std::int64_t{iterations}, "steps of Newton's method"},
          {"status", std::string(status_labels()[static_cast<std::size_t>(status)]), "of the fit"},
          {"reason", std::string(kReasons[static_cast<std::size_t>(reason)]), "behind the status"},
          {"level", level, "confidence of the intervals"}};
}

std::string BgbbFit::to_bytes() const {
  std::vector<Column> all = columns();
  std::array<std::vector<double>, 4> rows;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) rows[i].push_back(log_covariance[4 * i + j]);
    all.push_back(Column(kCovariance[i], rows[i]).hidden());
  }
  std::vector<Scalar> scalars = info();
  scalars.push_back({"kind", std::string(kKind)});
  return save_columns_bytes(all, scalars);
}

BgbbFit bgbb_fit_from(std::string_view bytes) {
  const LoadedColumns loaded = load_columns_bytes(bytes);
  const auto kind = std::find_if(loaded.info.begin(), loaded.info.end(),
                                 [](const Scalar& one) { return one.name == "kind"; });
  if (kind == loaded.info.end() || scalar<std::string>(loaded, "kind") != kKind)
    throw FormatError("bgbb fit: the bytes hold something else");
  BgbbFit fit;
  constexpr std::size_t p = 4;
  fit.parameters = column(loaded, "value", p);
  fit.low = column(loaded, "value_low", p);
  fit.high = column(loaded, "value_high", p);
  fit.standard_error = column(loaded, "standard_error", p);
  for (std::size_t i = 0; i < p; ++i) {
    const auto row = column(loaded, kCovariance[i], p);
    fit.log_covariance.insert(fit.log_covariance.end(), row.begin(), row.end());
    fit.parameter_column.emplace_back(kParameters[i]);
  }
  fit.log_likelihood = scalar<double>(loaded, "log_likelihood");
  fit.aic = scalar<double>(loaded, "aic");
  fit.bic = scalar<double>(loaded, "bic");
  fit.n = scalar<std::int64_t>(loaded, "n");
  fit.n_repeat = scalar<std::int64_t>(loaded, "n_repeat");
  fit.purchases = scalar<std::int64_t>(loaded, "purchases");
  fit.max_occasions = scalar<std::int64_t>(loaded, "max_occasions");
  fit.converged = scalar<bool>(loaded, "converged");
  fit.iterations = static_cast<int>(scalar<std::int64_t>(loaded, "iterations"));
  fit.status = static_cast<Status>(place(status_labels(), scalar<std::string>(loaded, "status")));
  fit.reason = static_cast<BgbbFitReason>(place(kReasons, scalar<std::string>(loaded, "reason")));
  fit.level = scalar<double>(loaded, "level");
  fit.n_column.assign(p, fit.n);
  fit.status_column.assign(p, fit.status);
  return fit;
}

}  // namespace emptor::customers
