// How a fitted model of contracts is named, shown and kept.
#include "emptor/core/error.hpp"
#include "emptor/customers/fit_contracts.hpp"

#include "customers/saved_fit.hpp"

#include <algorithm>
#include <array>

namespace emptor::customers {
namespace {

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 2> kModels{"sbg", "bdw"};
constexpr std::array<std::string_view, 3> kParameters{"alpha", "beta", "c"};
constexpr std::array<std::string_view, 6> kReasons{"",         "nobody_left",  "few_periods",
                                                   "few_left", "same_leaving", "no_shape"};
constexpr std::string_view kKind = "contract_fit";

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
  return fit_bytes(kKind, columns(), info(), log_covariance);
}

ContractFit contract_fit_from(std::string_view bytes) {
  const SavedFit saved(bytes, kKind, "contract fit");
  ContractFit fit;
  fit.model = static_cast<ContractModel>(saved.word("model", kModels));
  const std::size_t p = parameter_names(fit.model).size();
  if (saved.rows() != p)
    saved.fail(std::to_string(saved.rows()) + " parameters for " +
               std::string(to_string(fit.model)));
  fit.parameters = saved.numbers("value");
  fit.low = saved.numbers("value_low");
  fit.high = saved.numbers("value_high");
  fit.standard_error = saved.numbers("standard_error");
  fit.log_covariance = saved.covariance();
  for (const auto name : parameter_names(fit.model)) fit.parameter_column.emplace_back(name);
  try {
    fit.period = data::parse_span(saved.scalar<std::string>("period"));
  } catch (const InvalidArgument& error) {
    saved.fail(error.what());
  }
  fit.log_likelihood = saved.scalar<double>("log_likelihood");
  fit.aic = saved.scalar<double>("aic");
  fit.bic = saved.scalar<double>("bic");
  fit.n = saved.scalar<std::int64_t>("n");
  fit.n_lost = saved.scalar<std::int64_t>("n_lost");
  fit.max_tenure = saved.scalar<std::int64_t>("max_tenure");
  fit.converged = saved.scalar<bool>("converged");
  fit.iterations = static_cast<int>(saved.scalar<std::int64_t>("iterations"));
  fit.status = static_cast<Status>(saved.word("status", status_labels()));
  fit.reason = static_cast<ContractFitReason>(saved.word("reason", kReasons));
  fit.level = saved.scalar<double>("level");
  fit.n_column.assign(p, fit.n);
  fit.status_column.assign(p, fit.status);
  return fit;
}

}  // namespace emptor::customers
