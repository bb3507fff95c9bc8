#include "learn/boosted_bag.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/random.hpp"
#include "learn/boost_kernels.hpp"
#include "learn/boost_steps.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace emptor::learn {
namespace {

constexpr std::size_t kBlock = 65536;
// Gains of the mean loss below this count as none.
constexpr double kGain = 1e-6;
constexpr int kLongestRest = 7;

double log_loss(float outcome, float score) {
  const double z = outcome > 0.5F ? -static_cast<double>(score) : static_cast<double>(score);
  return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z));
}

}  // namespace

void BoostedBag::part_rows(std::span<const std::uint64_t> key, const std::vector<float>& outcome,
                           const std::vector<float>& weight, const AdditiveOptions& options,
                           std::size_t number) {
  const std::size_t n = outcome.size();
  const std::uint64_t salt = core::hash_integer(options.seed + 0x9E3779B97F4A7C15ULL * number);
  const auto limit = static_cast<std::uint64_t>(options.validation * 18446744073709549568.0);
  std::vector<std::uint32_t> validating;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t own = key.empty() ? i : key[i];
    const bool aside = core::hash_integer(own ^ salt) < limit;
    (aside ? validating : row_).push_back(static_cast<std::uint32_t>(i));
  }
  learning_ = row_.size();
  row_.insert(row_.end(), validating.begin(), validating.end());
  double events = 0, total = 0;
  for (std::size_t k = 0; k < n; ++k) {
    outcome_.push_back(outcome[row_[k]]);
    weight_.push_back(weight[row_[k]]);
    events += outcome_[k] * weight_[k];
    total += weight_[k];
  }
  const double share = std::clamp(events / total, 1e-6, 1 - 1e-6);
  start_ = std::log(share / (1 - share));
  score_.assign(n, static_cast<float>(start_));
}

void BoostedBag::sum_gradients(const std::uint8_t* last, const std::uint8_t* next,
                               const float* step, std::size_t bins, std::span<double> sums,
                               const Context& context) {
  const auto turn = [&](std::size_t begin, std::size_t end, double* out) {
    boost_kernels().turn(
        {last == nullptr ? nullptr : last + begin, step, next + begin, outcome_.data() + begin,
         weight_.data() + begin, score_.data() + begin, end - begin},
        bins, out);
  };
  std::fill(sums.begin(), sums.end(), 0.0);
  if (learning_ <= kBlock) {
    turn(0, learning_, sums.data());
  } else {
    const auto parts = core::parallel_map<std::vector<double>>(
        context, learning_, kBlock, [&](std::size_t begin, std::size_t end) {
          std::vector<double> part(2 * bins, 0.0);
          turn(begin, end, part.data());
          return part;
        });
    for (const auto& part : parts)
      for (std::size_t i = 0; i < part.size(); ++i) sums[i] += part[i];
  }
  if (last != nullptr)
    add_step(last + learning_, step, score_.data() + learning_, row_.size() - learning_);
}

double BoostedBag::validation_loss() const {
  // Without rows set aside (very few rows) the rows themselves have to do.
  const std::size_t first = learning_ < row_.size() ? learning_ : 0;
  double sum = 0, total = 0;
  for (std::size_t k = first; k < row_.size(); ++k) {
    sum += weight_[k] * log_loss(outcome_[k], score_[k]);
    total += weight_[k];
  }
  return sum / total;
}

void BoostedBag::boost(std::span<const BoostColumn> columns, const AdditiveOptions& options,
                       const Context& context) {
  const std::size_t n = row_.size();
  std::vector<std::uint8_t> bins(columns.size() * n);
  for (std::size_t c = 0; c < columns.size(); ++c)
    for (std::size_t k = 0; k < n; ++k) bins[c * n + k] = columns[c].bin[row_[k]];
  const StepRule rule{options.penalty, options.min_leaf, options.learning_rate, options.max_leaves,
                      options.min_gain};
  std::vector<std::vector<double>> term(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) term[c].assign(columns[c].bins, 0.0);
  best_ = term;
  std::vector<float> best_score = score_;
  loss_ = validation_loss();
  rounds_ = 0;
  std::vector<double> sums(2 * kMaxBins);
  std::vector<float> step(kMaxBins, 0.0F);
  const std::uint8_t* last = nullptr;
  // A column that gains too little rests, twice as long each time: most columns have little to say.
  std::vector<int> resting(columns.size(), 0), rest(columns.size(), 0);
  for (int round = 1; round <= options.max_rounds && round - rounds_ <= options.patience; ++round) {
    if (context.stop.stop_requested()) throw Cancelled();
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (resting[c] > 0) {
        --resting[c];
        continue;
      }
      const BoostColumn& column = columns[c];
      const std::uint8_t* bin = bins.data() + c * n;
      const auto here = std::span(sums).first(2 * column.bins);
      sum_gradients(last, bin, step.data(), column.bins, here, context);
      const bool gains =
          column.pair ? pair_step(here, column.category, column.second_category, rule, step) > 0
                      : column_step(here, column.category, column.direction, rule,
                                    std::span(step).first(column.bins));
      last = gains ? bin : nullptr;
      rest[c] = gains ? 0 : std::min(kLongestRest, 2 * rest[c] + 1);
      resting[c] = rest[c];
      if (gains)
        for (std::size_t b = 0; b < column.bins; ++b) term[c][b] += step[b];
    }
    if (last != nullptr) add_step(last, step.data(), score_.data(), n);
    last = nullptr;
    if (std::all_of(rest.begin(), rest.end(), [](int r) { return r > 0; })) break;
    const double loss = validation_loss();
    if (loss < loss_ - kGain) {
      loss_ = loss;
      rounds_ = round;
      best_ = term;
      best_score = score_;
    }
  }
  score_ = std::move(best_score);
}

std::vector<double> mean_score(std::span<const BoostedBag> bags, std::size_t column) {
  std::vector<double> mean(bags.front().terms()[column].size(), 0.0);
  for (const BoostedBag& bag : bags)
    for (std::size_t b = 0; b < mean.size(); ++b)
      mean[b] += bag.terms()[column][b] / static_cast<double>(bags.size());
  return mean;
}

double mean_start(std::span<const BoostedBag> bags) {
  double mean = 0;
  for (const BoostedBag& bag : bags) mean += bag.start() / static_cast<double>(bags.size());
  return mean;
}

}  // namespace emptor::learn
