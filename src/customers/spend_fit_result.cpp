// How a fit of spend is shown and kept.
#include "emptor/core/error.hpp"
#include "emptor/customers/fit_spend.hpp"

#include <algorithm>

namespace emptor::customers {
namespace {

constexpr std::array<std::string_view, 6> kReasons{
    "", "few_customers", "no_repeat", "same_customers", "same_orders", "heavy_tail"};
constexpr std::array<std::string_view, 3> kCovariance{"log_covariance_1", "log_covariance_2",
                                                      "log_covariance_3"};
constexpr std::string_view kKind = "spend_fit";

template <typename T>
T scalar(const LoadedColumns& loaded, std::string_view name) {
  for (const Scalar& one : loaded.info)
    if (one.name == name)
      if (const T* value = std::get_if<T>(&one.value)) return *value;
  throw FormatError("spend fit: '" + std::string(name) + "' is missing or of another type");
}

std::vector<double> column(const LoadedColumns& loaded, std::string_view name) {
  for (const Column& one : loaded.columns) {
    if (one.name != name || one.kind != ColumnKind::float64 || one.size != 3) continue;
    const auto values = one.values<double>();
    return {values.begin(), values.end()};
  }
  throw FormatError("spend fit: column '" + std::string(name) + "' is missing");
}

std::size_t place(std::span<const std::string_view> names, std::string_view text) {
  const auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end())
    throw FormatError("spend fit: unknown word '" + std::string(text.substr(0, 40)) + "'");
  return static_cast<std::size_t>(at - names.begin());
}

}  // namespace

std::span<const std::string_view> spend_fit_reason_labels() noexcept { return kReasons; }

std::vector<Column> SpendFit::columns() const {
  return {{"parameter", parameter_column, "p of orders; q and v of customers"},
          {"value", value, "maximum likelihood; v in the currency"},
          {"value_low", low, "lower end of its interval"},
          {"value_high", high, "upper end of its interval"},
          {"standard_error", standard_error, "from the curvature of the likelihood"},
          {"n", n_column, "customers it rests on"},
          {"status", status_column, status_labels(), "boundary where the data do not tell"}};
}

std::vector<Scalar> SpendFit::info() const {
  return {{"log_likelihood", log_likelihood, "natural logarithm"},
          {"n", n, "customers who bought again"},
          {"n_left_out", n_left_out, "customers who did not"},
          {"mean_spend", mean_spend, "an order of a customer of whom nothing is known"},
          {"correlation", correlation, "between frequency and spend; the model takes it to be 0"},
          {"converged", converged, "whether the search ended at a maximum"},
          {"iterations", std::int64_t{iterations}, "steps of Newton's method"},
          {"status", std::string(status_labels()[static_cast<std::size_t>(status)]), "of the fit"},
          {"reason", std::string(kReasons[static_cast<std::size_t>(reason)]), "behind the status"},
          {"level", level, "confidence of the intervals"}};
}

std::string SpendFit::to_bytes() const {
  std::vector<Column> all = columns();
  std::array<std::vector<double>, 3> rows;
  for (std::size_t i = 0; i < 3; ++i) {
    rows[i].assign(log_covariance.begin() + static_cast<std::ptrdiff_t>(3 * i),
                   log_covariance.begin() + static_cast<std::ptrdiff_t>(3 * i + 3));
    all.push_back(Column(kCovariance[i], rows[i]).hidden());
  }
  std::vector<Scalar> scalars = info();
  scalars.push_back({"kind", std::string(kKind)});
  return save_columns_bytes(all, scalars);
}

SpendFit spend_fit_from(std::string_view bytes) {
  const LoadedColumns loaded = load_columns_bytes(bytes);
  const auto kind = std::find_if(loaded.info.begin(), loaded.info.end(),
                                 [](const Scalar& one) { return one.name == "kind"; });
  if (kind == loaded.info.end() || scalar<std::string>(loaded, "kind") != kKind)
    throw FormatError("spend fit: the bytes hold something else");
  SpendFit fit;
  fit.value = column(loaded, "value");
  fit.p = fit.value[0];
  fit.q = fit.value[1];
  fit.v = fit.value[2];
  for (std::size_t i = 0; i < 3; ++i) {
    const auto row = column(loaded, kCovariance[i]);
    std::copy(row.begin(), row.end(),
              fit.log_covariance.begin() + static_cast<std::ptrdiff_t>(3 * i));
  }
  fit.log_likelihood = scalar<double>(loaded, "log_likelihood");
  fit.n = scalar<std::int64_t>(loaded, "n");
  fit.n_left_out = scalar<std::int64_t>(loaded, "n_left_out");
  fit.mean_spend = scalar<Estimate>(loaded, "mean_spend");
  fit.correlation = scalar<Estimate>(loaded, "correlation");
  fit.converged = scalar<bool>(loaded, "converged");
  fit.iterations = static_cast<int>(scalar<std::int64_t>(loaded, "iterations"));
  fit.status = static_cast<Status>(place(status_labels(), scalar<std::string>(loaded, "status")));
  fit.reason = static_cast<SpendFitReason>(place(kReasons, scalar<std::string>(loaded, "reason")));
  fit.level = scalar<double>(loaded, "level");
  fit.parameter_column = {"p", "q", "v"};
  fit.low = column(loaded, "value_low");
  fit.high = column(loaded, "value_high");
  fit.standard_error = column(loaded, "standard_error");
  fit.n_column.assign(3, fit.n);
  fit.status_column.assign(3, fit.status);
  return fit;
}

}  // namespace emptor::customers
