#include "emptor/customers/compare_models.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "customers/count_law.hpp"
#include "customers/purchase_request.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 512;
/// No chance is taken for less: one impossible customer shall not decide alone.
constexpr double kLeastChance = 1e-300;

struct Score {
  std::vector<double> log_chance{};
  double mean = kNaN, error = kNaN, expected = kNaN;
};

Score score_of(const PurchaseFit& fit, const PurchaseSummaryView& summary,
               const PurchaseHoldout& holdout, const Context& context) {
  Score score;
  if (!usable(fit)) return score;
  const std::size_t n = summary.size();
  const CustomerLaws laws(fit, summary, "compare_models");
  std::vector<double> ahead(n);
  score.log_chance.resize(n);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto look = outlook(laws.plain(i), history_of(summary, i, 1));
      CountLaw counts(look, holdout.T);
      double chance = 0;
      for (std::int64_t j = 0; j <= holdout.frequency[i]; ++j) chance = counts.next();
      score.log_chance[i] = std::log(std::max(chance, kLeastChance));
      ahead[i] = expected_purchases_of(look, holdout.T);
    }
  });
  const auto size = static_cast<double>(n);
  score.mean = std::accumulate(score.log_chance.begin(), score.log_chance.end(), 0.0) / size;
  score.expected = std::accumulate(ahead.begin(), ahead.end(), 0.0);
  score.error = 0;
  for (std::size_t i = 0; i < n; ++i)
    score.error += std::fabs(ahead[i] - static_cast<double>(holdout.frequency[i])) / size;
  return score;
}

/// Mean of best - other with its normal interval, customers taken as drawn.
std::array<double, 3> behind(const Score& best, const Score& other, double level) {
  const std::size_t n = best.log_chance.size();
  if (n < 2 || other.log_chance.size() != n) return {kNaN, kNaN, kNaN};
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < n; ++i) mean += best.log_chance[i] - other.log_chance[i];
  const auto size = static_cast<double>(n);
  mean /= size;
  for (std::size_t i = 0; i < n; ++i) {
    const double away = best.log_chance[i] - other.log_chance[i] - mean;
    square += away * away;
  }
  const double half = normal_half_width(level) * std::sqrt(square / (size - 1) / size);
  return {mean, mean - half, mean + half};
}

void check(const PurchaseSummaryView& summary, const PurchaseHoldout& holdout,
           const CompareModelsOptions& options) {
  if (options.models.empty())
    throw InvalidArgument("compare_models: models is empty; name one or more");
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("compare_models: level must lie between 0 and 1, as 0.95");
  if (holdout.frequency.empty()) return;
  if (holdout.frequency.size() != summary.size())
    throw InvalidArgument("compare_models: holdout_frequency has " +
                          std::to_string(holdout.frequency.size()) + " rows, frequency " +
                          std::to_string(summary.size()));
  if (!(holdout.T > 0) || !std::isfinite(holdout.T))
    throw InvalidArgument("compare_models: the length of the holdout must be above 0");
  for (std::size_t i = 0; i < holdout.frequency.size(); ++i)
    if (holdout.frequency[i] < 0)
      throw InvalidArgument("compare_models: holdout_frequency is " +
                            std::to_string(holdout.frequency[i]) + " in row " + std::to_string(i) +
                            "; it counts purchases");
}

}  // namespace

CompareModelsResult compare_models(const PurchaseSummaryView& summary,
                                   const PurchaseHoldout& holdout,
                                   const CompareModelsOptions& options, const Context& context) {
  check(summary, "compare_models");
  check(summary, holdout, options);
  CompareModelsResult result;
  result.has_holdout = !holdout.frequency.empty();
  result.holdout_T = holdout.T;
  result.level = options.level;
  for (const std::int64_t x : holdout.frequency) result.holdout_purchases += x;
  std::vector<PurchaseFit> fits;
  std::vector<Score> scores;
  for (const PurchaseModel model : options.models) {
    fits.push_back(fit_purchases(summary, {.model = model, .level = options.level}, context));
    scores.push_back(result.has_holdout ? score_of(fits.back(), summary, holdout, context)
                                        : Score{});
  }
  std::vector<std::size_t> order(fits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto loss = [&](std::size_t i) {
    const double value = result.has_holdout ? -scores[i].mean : fits[i].aic;
    return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return loss(a) < loss(b); });
  for (const std::size_t i : order) {
    const PurchaseFit& fit = fits[i];
    const auto [mean, low, high] = behind(scores[order.front()], scores[i], options.level);
    result.model.push_back(fit.asked);
    result.k.push_back(fit.k);
    // AIC is 2 p - 2 ln L; the shape of the gaps counts as one.
    const bool shape = fit.model == PurchaseModel::mbgcnbd || fit.model == PurchaseModel::bgcnbd;
    result.parameters.push_back(static_cast<std::int64_t>(fit.parameters.size()) + shape);
    result.log_likelihood.push_back(fit.log_likelihood);
    result.aic.push_back(fit.aic);
    result.bic.push_back(fit.bic);
    result.log_score.push_back(scores[i].mean);
    result.behind.push_back(mean);
    result.behind_low.push_back(low);
    result.behind_high.push_back(high);
    result.mean_absolute_error.push_back(scores[i].error);
    result.expected_purchases.push_back(scores[i].expected);
    result.n.push_back(fit.n);
    result.status.push_back(fit.status);
    result.reason.push_back(fit.reason);
    result.fit.push_back(fit);
  }
  return result;
}

std::vector<Column> CompareModelsResult::columns() const {
  std::vector<Column> all{{"model", model, purchase_model_labels(), "what was asked for"},
                          {"parameters", parameters, "how many, the shape of the gaps included"},
                          {"log_likelihood", log_likelihood, "natural logarithm"},
                          {"aic", aic, "Akaike's criterion, less is better"},
                          {"bic", bic, "Schwarz's criterion, less is better"}};
  if (has_holdout) {
    all.emplace_back("log_score", log_score, "mean ln(chance of what was bought), more is better");
    all.emplace_back("behind", behind, "the best model's log score less this one's");
    all.emplace_back("behind_low", behind_low, "lower end of its interval");
    all.emplace_back("behind_high", behind_high, "upper end of its interval");
    all.emplace_back("mean_absolute_error", mean_absolute_error, "of expected against bought");
    all.emplace_back("expected_purchases", expected_purchases, "of all customers in the holdout");
  }
  all.push_back(Column("k", k, "Erlang shape of the gaps").hidden());
  all.push_back(Column("n", n, "customers").hidden());
  all.push_back(Column("status", status, status_labels(), "of the fit"));
  all.push_back(Column("reason", reason, purchase_fit_reason_labels(), "behind the status"));
  return all;
}

std::vector<Scalar> CompareModelsResult::info() const {
  std::vector<Scalar> all{{"level", level, "confidence of the intervals"}};
  if (has_holdout) {
    all.push_back({"holdout_T", holdout_T, "length of the holdout, in the summary's unit"});
    all.push_back({"holdout_purchases", holdout_purchases, "bought in it"});
  }
  return all;
}

}  // namespace emptor::customers
