#include "emptor/learn/additive_model.hpp"

#include "core/parallel.hpp"
#include "learn/bins.hpp"

#include <algorithm>

namespace emptor::learn {
namespace {

constexpr std::size_t kBlock = 4096;

}  // namespace

ModelScores additive_scores(const AdditiveModel& model, std::span<const Feature> features,
                            bool contributions, const Context& context) {
  std::vector<FeatureInfo> info;
  for (const FeatureBins& feature : model.features) info.push_back(feature.info);
  const MatchedFeatures given = match(info, features, "additive_scores");
  const std::size_t rows = features.empty() ? 0 : features.front().size();
  ModelScores result;
  result.diff = given.diff;
  result.terms = model.terms.size();
  result.log_odds.assign(rows, model.intercept);
  if (contributions) result.contribution.resize(rows * result.terms);
  if (model.features.empty()) return result;
  const std::vector<std::uint8_t> bins = binned(model.features, given, context);
  core::parallel_ranges(context, rows, kBlock, [&](std::size_t first, std::size_t last) {
    for (std::size_t t = 0; t < result.terms; ++t) {
      const AdditiveTerm& term = model.terms[t];
      const auto a = static_cast<std::size_t>(term.first);
      const auto b = static_cast<std::size_t>(std::max(term.second, 0));
      for (std::size_t i = first; i < last; ++i) {
        std::size_t place = bins[a * rows + i];
        if (term.second >= 0)
          place =
              kCells * model.features[a].cell[place] + model.features[b].cell[bins[b * rows + i]];
        result.log_odds[i] += term.score[place];
        if (contributions) result.contribution[i * result.terms + t] = term.score[place];
      }
    }
  });
  return result;
}

std::vector<Column> AdditiveModel::columns() const {
  return {{"term", term, "a column, or a pair of columns"},
          {"importance", importance, "mean size of what it adds to the log-odds"}};
}

std::vector<Scalar> AdditiveModel::info() const {
  return {{"n", n, "rows of the fit"},
          {"n_events", n_events, "... with the event"},
          {"intercept", intercept, "log-odds where every term is at its mean"},
          {"bags", bags, "models averaged"},
          {"rounds", rounds, "rounds over the columns, mean over bags"},
          {"pair_rounds", pair_rounds, "rounds over the pairs, mean over bags"},
          {"validation_log_loss", validation_log_loss, "of the rows set aside, mean over bags"},
          {"status", std::string(status_labels()[static_cast<std::size_t>(status)]), "of the fit"}};
}

}  // namespace emptor::learn
