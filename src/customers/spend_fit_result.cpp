// How a fit of spend is shown and kept.
#include "emptor/customers/fit_spend.hpp"

#include "customers/saved_fit.hpp"

#include <algorithm>

namespace emptor::customers {
namespace {

constexpr std::array<std::string_view, 6> kReasons{
    "", "few_customers", "no_repeat", "same_customers", "same_orders", "heavy_tail"};
constexpr std::string_view kKind = "spend_fit";

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
  return fit_bytes(kKind, columns(), info(), log_covariance);
}

SpendFit spend_fit_from(std::string_view bytes) {
  const SavedFit saved(bytes, kKind, "spend fit");
  if (saved.rows() != 3) saved.fail(std::to_string(saved.rows()) + " parameters, not 3");
  SpendFit fit;
  fit.value = saved.numbers("value");
  fit.p = fit.value[0];
  fit.q = fit.value[1];
  fit.v = fit.value[2];
  const std::vector<double> covariance = saved.covariance();
  std::copy(covariance.begin(), covariance.end(), fit.log_covariance.begin());
  fit.log_likelihood = saved.scalar<double>("log_likelihood");
  fit.n = saved.scalar<std::int64_t>("n");
  fit.n_left_out = saved.scalar<std::int64_t>("n_left_out");
  fit.mean_spend = saved.scalar<Estimate>("mean_spend");
  fit.correlation = saved.scalar<Estimate>("correlation");
  fit.converged = saved.scalar<bool>("converged");
  fit.iterations = static_cast<int>(saved.scalar<std::int64_t>("iterations"));
  fit.status = static_cast<Status>(saved.word("status", status_labels()));
  fit.reason = static_cast<SpendFitReason>(saved.word("reason", kReasons));
  fit.level = saved.scalar<double>("level");
  fit.parameter_column = {"p", "q", "v"};
  fit.low = saved.numbers("value_low");
  fit.high = saved.numbers("value_high");
  fit.standard_error = saved.numbers("standard_error");
  fit.n_column.assign(3, fit.n);
  fit.status_column.assign(3, fit.status);
  return fit;
}

}  // namespace emptor::customers
