#include "emptor/learn/counterfactuals.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "learn/bins.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::learn {
namespace {

constexpr std::size_t kBlock = 64;
constexpr int kMost = 3;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Sums of terms in another order differ by less than this.
constexpr double kRounding = 1e-9;

using Bins = std::vector<std::uint8_t>;

/// A bin a column could go to.
struct Move {
  double size = 0;
  double gain = 0;  ///< of the column's own term; below 0 helps
  std::uint8_t bin = 0;
};

/// The model by column: own terms, pairs a column is in, and how far a pair can help.
class Terms {
 public:
  explicit Terms(const AdditiveModel& model)
      : model_(&model), pairs_(model.features.size()), help_(model.features.size()) {
    for (std::size_t t = model.features.size(); t < model.terms.size(); ++t) {
      const AdditiveTerm& term = model.terms[t];
      const auto [low, high] = std::minmax_element(term.score.begin(), term.score.end());
      for (const std::int32_t f : {term.first, term.second}) {
        pairs_[static_cast<std::size_t>(f)].push_back(t);
        help_[static_cast<std::size_t>(f)] += *low - *high;
      }
    }
  }
  [[nodiscard]] std::size_t columns() const { return pairs_.size(); }
  [[nodiscard]] double own(std::size_t f, std::size_t bin) const {
    return model_->terms[f].score[bin];
  }
  [[nodiscard]] const FeatureBins& feature(std::size_t f) const { return model_->features[f]; }
  [[nodiscard]] const AdditiveTerm& term(std::size_t f) const { return model_->terms[f]; }
  [[nodiscard]] bool has_pairs(std::size_t f) const { return !pairs_[f].empty(); }
  /// The most a column's pairs can take off the log-odds; not above 0.
  [[nodiscard]] double help(std::size_t f) const { return help_[f]; }
  /// What the pairs of a column add in these bins.
  [[nodiscard]] double pairs(std::size_t f, const Bins& bins) const {
    double sum = 0;
    for (const std::size_t t : pairs_[f]) sum += at(model_->terms[t], bins);
    return sum;
  }
  /// As additive_scores() sums it.
  [[nodiscard]] double log_odds(const Bins& bins) const {
    double z = model_->intercept;
    for (const AdditiveTerm& term : model_->terms)
      z +=
          term.second < 0 ? term.score[bins[static_cast<std::size_t>(term.first)]] : at(term, bins);
    return z;
  }

 private:
  [[nodiscard]] double at(const AdditiveTerm& term, const Bins& bins) const {
    const auto a = static_cast<std::size_t>(term.first);
    const auto b = static_cast<std::size_t>(term.second);
    return term
        .score[kCells * model_->features[a].cell[bins[a]] + model_->features[b].cell[bins[b]]];
  }
  const AdditiveModel* model_;
  std::vector<std::vector<std::size_t>> pairs_;
  std::vector<double> help_;
};

/// Per bin, the share of the fit's rows below its middle.
std::vector<double> middles(const AdditiveTerm& term) {
  double total = 0;
  for (std::size_t b = 1; b < term.weight.size(); ++b) total += term.weight[b];
  std::vector<double> middle(term.weight.size());
  double below = 0;
  for (std::size_t b = 1; b < term.weight.size(); ++b) {
    middle[b] = total > 0 ? (below + term.weight[b] / 2) / total : 0;
    below += term.weight[b];
  }
  return middle;
}

/// The search for one row.
class Search {
 public:
  Search(const Terms& terms, const std::vector<std::vector<double>>& middle,
         const CounterfactualOptions& options)
      : terms_(terms), middle_(middle), options_(options), moves_(terms.columns()) {}

  void run(const Bins& bins, double now, std::size_t row, Counterfactuals& result) {
    bins_ = bins;
    best_.clear();
    for (std::size_t f = 0; f < terms_.columns(); ++f) list(f);
    bound();
    for (int changes = 1; changes <= options_.max_changes && best_.empty(); ++changes) {
      size_ = kInfinity;
      chosen_.clear();
      step(0, changes, now, 0);
    }
    if (best_.empty()) return;
    result.change[row] = best_;
    result.size[row] = size_;
    result.log_odds_after[row] = after_;
    result.status[row] = Status::ok;
  }

 private:
  [[nodiscard]] bool may(std::size_t f, std::size_t bin) const {
    const Movement way = options_.movement.empty() ? Movement::any : options_.movement[f];
    const std::size_t here = bins_[f];
    if (bin == here || !(terms_.term(f).weight[bin] > 0)) return false;
    return way == Movement::any || (way == Movement::up && bin > here) ||
           (way == Movement::down && bin < here);
  }

  /// The moves of a column by size, without those that another beats: not larger, the same cell
  /// in all pairs, and helping no less.
  void list(std::size_t f) {
    std::vector<Move>& moves = moves_[f];
    moves.clear();
    if (bins_[f] == 0) return;
    const FeatureBins& feature = terms_.feature(f);
    const std::vector<double>& middle = middle_[f];
    const double here = terms_.own(f, bins_[f]);
    double total = 0;
    if (feature.info.category)
      for (std::size_t b = 1; b < feature.bins(); ++b) total += terms_.term(f).weight[b];
    for (std::size_t b = 1; b < feature.bins(); ++b) {
      if (!may(f, b)) continue;
      const double size = feature.info.category ? 1 - terms_.term(f).weight[b] / total
                                                : std::fabs(middle[b] - middle[bins_[f]]);
      moves.push_back({size, terms_.own(f, b) - here, static_cast<std::uint8_t>(b)});
    }
    std::sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) {
      return a.size != b.size   ? a.size < b.size
             : a.gain != b.gain ? a.gain < b.gain
                                : a.bin < b.bin;
    });
    std::array<double, kCells> least;
    least.fill(terms_.has_pairs(f) ? kInfinity : 0);  // without pairs staying costs nothing
    std::size_t kept = 0;
    for (const Move& move : moves) {
      const std::size_t cell = terms_.has_pairs(f) ? feature.cell[move.bin] : 0;
      if (!(move.gain < least[cell])) continue;
      least[cell] = move.gain;
      moves[kept++] = move;
    }
    moves.resize(kept);
  }

  /// reach_[k][f]: no k changes of columns from f on take off more than this.
  void bound() {
    const std::size_t n = terms_.columns();
    for (auto& reach : reach_) reach.assign(n + 1, 0.0);
    for (std::size_t k = 1; k < reach_.size(); ++k) {
      for (std::size_t f = n; f-- > 0;) {
        double most = kInfinity;
        for (const Move& move : moves_[f]) most = std::min(most, move.gain);
        const double here = moves_[f].empty() ? 0 : std::min(0.0, most + terms_.help(f));
        reach_[k][f] = std::min(reach_[k][f + 1], here + reach_[k - 1][f + 1]);
      }
    }
  }

  /// Changes `left` more columns, from `first` on.
  void step(std::size_t first, int left, double z, double size) {
    for (std::size_t f = first; f < terms_.columns(); ++f) {
      if (z + reach_[static_cast<std::size_t>(left)][f] > options_.target + kRounding) return;
      if (moves_[f].empty()) continue;
      const std::uint8_t here = bins_[f];
      const double pairs = terms_.pairs(f, bins_);
      for (const Move& move : moves_[f]) {
        if (!(size + move.size < size_)) break;
        bins_[f] = move.bin;
        const double after = z + move.gain + terms_.pairs(f, bins_) - pairs;
        chosen_.push_back({static_cast<std::int32_t>(f), move.bin});
        const bool there = left == 1 && after <= options_.target + kRounding && reached();
        if (there) keep(size + move.size);
        if (left > 1) step(f + 1, left - 1, after, size + move.size);
        chosen_.pop_back();
        if (there) break;  // the moves that follow are larger
      }
      bins_[f] = here;
    }
  }

  [[nodiscard]] bool reached() {
    tried_ = terms_.log_odds(bins_);
    return tried_ <= options_.target;
  }
  void keep(double size) {
    best_ = chosen_;
    size_ = size;
    after_ = tried_;
  }

  const Terms& terms_;
  const std::vector<std::vector<double>>& middle_;
  const CounterfactualOptions& options_;
  std::vector<std::vector<Move>> moves_;
  std::array<std::vector<double>, kMost + 1> reach_{};
  Bins bins_{};
  std::vector<Change> chosen_{}, best_{};
  double size_ = 0, after_ = 0, tried_ = 0;
};

void check(const AdditiveModel& model, const CounterfactualOptions& options) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("counterfactuals: " + what);
  };
  if (std::isnan(options.target)) fail("target must be a number");
  if (options.max_changes < 1 || options.max_changes > kMost)
    fail("max_changes must be 1 to 3, found " + std::to_string(options.max_changes));
  if (options.movement.empty()) return;
  if (options.movement.size() != model.features.size())
    fail("movement has " + std::to_string(options.movement.size()) + " values, the model " +
         std::to_string(model.features.size()) + " columns");
  for (std::size_t f = 0; f < model.features.size(); ++f)
    if (model.features[f].info.category &&
        (options.movement[f] == Movement::up || options.movement[f] == Movement::down))
      fail("movement of '" + model.features[f].info.name.substr(0, 40) +
           "' must be any or fixed: categories have no up or down");
}

}  // namespace

Counterfactuals counterfactuals(const AdditiveModel& model, std::span<const Feature> features,
                                const CounterfactualOptions& options, const Context& context) {
  check(model, options);
  const ModelScores scores = additive_scores(model, features, false, context);
  const std::size_t rows = scores.log_odds.size();
  Counterfactuals result;
  result.log_odds = scores.log_odds;
  result.log_odds_after.assign(rows, kNaN);
  result.size.assign(rows, kNaN);
  result.change.resize(rows);
  result.status.assign(rows, Status::undefined);
  for (std::size_t i = 0; i < rows; ++i) {
    if (!(scores.log_odds[i] <= options.target)) continue;
    result.log_odds_after[i] = scores.log_odds[i];
    result.size[i] = 0;
    result.status[i] = Status::ok;
  }
  if (model.status == Status::not_enough_data) return result;  // nothing moves the log-odds
  std::vector<FeatureInfo> info;
  for (const FeatureBins& feature : model.features) info.push_back(feature.info);
  const MatchedFeatures given = match(info, features, "counterfactuals");
  const Terms terms(model);
  std::vector<std::vector<double>> middle;
  for (std::size_t f = 0; f < model.features.size(); ++f) middle.push_back(middles(model.terms[f]));
  const auto bins = model.features.empty() ? Bins{} : binned(model.features, given, context);
  core::parallel_ranges(context, rows, kBlock, [&](std::size_t first, std::size_t last) {
    Search search(terms, middle, options);
    Bins own(model.features.size());
    for (std::size_t i = first; i < last; ++i) {
      if (result.status[i] == Status::ok) continue;
      for (std::size_t f = 0; f < own.size(); ++f) own[f] = bins[f * rows + i];
      search.run(own, scores.log_odds[i], i, result);
    }
  });
  return result;
}

}  // namespace emptor::learn
