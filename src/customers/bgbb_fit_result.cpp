// How a fitted BG/BB model is named, shown and kept.
#include "emptor/customers/fit_bgbb.hpp"

#include "customers/saved_fit.hpp"

#include <array>

namespace emptor::customers {
namespace {

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 4> kParameters{"alpha", "beta", "gamma", "delta"};
constexpr std::array<std::string_view, 5> kReasons{"", "no_repeat", "few_customers", "same_buying",
                                                   "same_leaving"};
constexpr std::string_view kKind = "bgbb_fit";

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
  return fit_bytes(kKind, columns(), info(), log_covariance);
}

BgbbFit bgbb_fit_from(std::string_view bytes) {
  const SavedFit saved(bytes, kKind, "bgbb fit");
  BgbbFit fit;
  constexpr std::size_t p = 4;
  if (saved.rows() != p) saved.fail(std::to_string(saved.rows()) + " parameters, not 4");
  fit.parameters = saved.numbers("value");
  fit.low = saved.numbers("value_low");
  fit.high = saved.numbers("value_high");
  fit.standard_error = saved.numbers("standard_error");
  fit.log_covariance = saved.covariance();
  for (const auto name : kParameters) fit.parameter_column.emplace_back(name);
  fit.log_likelihood = saved.scalar<double>("log_likelihood");
  fit.aic = saved.scalar<double>("aic");
  fit.bic = saved.scalar<double>("bic");
  fit.n = saved.scalar<std::int64_t>("n");
  fit.n_repeat = saved.scalar<std::int64_t>("n_repeat");
  fit.purchases = saved.scalar<std::int64_t>("purchases");
  fit.max_occasions = saved.scalar<std::int64_t>("max_occasions");
  fit.converged = saved.scalar<bool>("converged");
  fit.iterations = static_cast<int>(saved.scalar<std::int64_t>("iterations"));
  fit.status = static_cast<Status>(saved.word("status", status_labels()));
  fit.reason = static_cast<BgbbFitReason>(saved.word("reason", kReasons));
  fit.level = saved.scalar<double>("level");
  fit.n_column.assign(p, fit.n);
  fit.status_column.assign(p, fit.status);
  return fit;
}

}  // namespace emptor::customers
