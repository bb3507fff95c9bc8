#include "forecasting/count_laws.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::forecasting {
namespace {

constexpr double kSmallestLogSize = -4;
constexpr double kLogSizeStep = 0.5;
constexpr std::size_t kSizes = 25;  ///< to log size 8; the last stands for Poisson's law
/// Prior of the log of a step's size, and of that of a sum around the size independent steps give.
constexpr double kPriorLogSize = 0;
constexpr double kPriorDeviation = 1.5;
/// The level is missed by the same amount at all steps, so that sums spread more.
constexpr double kTotalDeviation = 1;

double log_size(std::size_t k) { return kSmallestLogSize + kLogSizeStep * static_cast<double>(k); }
double size_of(std::size_t k) {
  return k + 1 == kSizes ? std::numeric_limits<double>::infinity() : std::exp(log_size(k));
}

/// Log likelihoods of all sizes, to which counts are added as they become known.
class SizeSearch {
 public:
  void add(double count, double mean) {
    for (std::size_t k = 0; k < kSizes; ++k) {
      sum_[k] += core::log_negative_binomial(count, std::exp(log_size(k)), mean);
    }
    ++counts_;
  }
  /// The likeliest size under a normal prior of its log; `values` is how many values the counts,
  /// which overlap, really are.
  [[nodiscard]] std::size_t best(double values, double prior, double deviation) const {
    const double weight = counts_ > 0 ? std::min(1.0, values / counts_) : 0;
    std::size_t best = 0;
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < kSizes; ++k) {
      const double z = (log_size(k) - prior) / deviation;
      const double value = weight * sum_[k] - 0.5 * z * z;
      if (value > most) {
        most = value;
        best = k;
      }
    }
    return best;
  }

 private:
  std::array<double, kSizes> sum_{};
  double counts_ = 0;
};

/// What was sold in a window whose steps are all known.
double actual_sum(const Window& w) {
  const double forecast = std::accumulate(w.mix.mean.begin(), w.mix.mean.end(), 0.0);
  return std::max(0.0, std::round(forecast + w.error.back()));
}

float needed_level(const CountLaw& law, double count) {
  const double tail = std::max(1 - 2 * law.cdf(count), 2 * law.cdf(count - 1) - 1);
  return static_cast<float>(std::max(tail, 0.0));
}

/// The means of the laws: those forecast, of a mix at least those of its last member, tsb. A mix
/// that says next to nothing will be sold is the one that is wrong.
std::vector<double> law_means(const Window& w) {
  std::vector<double> out(w.mix.mean);
  if (w.members.size() < 2) return out;
  for (std::size_t h = 0; h < out.size(); ++h) out[h] = std::max(out[h], w.members.back().mean[h]);
  return out;
}

}  // namespace

CountLaw CountLaws::step(double m) const { return {std::max(m, least_mean), size}; }
CountLaw CountLaws::total(double m) const { return {std::max(m, least_mean), total_size}; }

namespace {

/// Goes through the windows in time order.
class Learner {
 public:
  Learner(std::span<const Window> windows, std::span<const double> y)
      : windows_(windows), y_(y), added_(windows.size(), 0) {
    for (const Window& w : windows) mean_.push_back(law_means(w));
  }

  CountLaws run() {
    for (std::size_t i = 0; i < windows_.size(); ++i) {
      const auto origin = static_cast<std::size_t>(windows_[i].origin);
      out_.least_mean = 0.5 / static_cast<double>(origin);
      for (std::size_t w = 0; w < i; ++w) learn(w, origin);
      choose(static_cast<double>(windows_[i].origin - windows_[0].origin));
      if (i + 1 < windows_.size()) judge(i, origin);
    }
    out_.mean = mean_.back();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::size_t horizon() const { return mean_.back().size(); }
  [[nodiscard]] double mean_sum(std::size_t w) const {
    return std::accumulate(mean_[w].begin(), mean_[w].end(), 0.0);
  }

  /// Adds the counts of a window that have become known by an origin.
  void learn(std::size_t w, std::size_t origin) {
    const auto from = static_cast<std::size_t>(windows_[w].origin);
    if (added_[w] == horizon()) return;
    for (; added_[w] < horizon() && from + added_[w] < origin; ++added_[w]) {
      const double count = y_[from + added_[w]];
      if (!std::isnan(count)) steps_.add(count, std::max(mean_[w][added_[w]], out_.least_mean));
    }
    if (added_[w] == horizon() && !std::isnan(windows_[w].error.back())) {
      totals_.add(actual_sum(windows_[w]), std::max(mean_sum(w), out_.least_mean));
    }
  }

  void choose(double values) {
    const std::size_t size = steps_.best(values, kPriorLogSize, kPriorDeviation);
    const auto h = static_cast<double>(horizon());
    out_.size = size_of(size);
    out_.total_size =
        size_of(totals_.best(values / h, log_size(size) + std::log(h), kTotalDeviation));
    if (horizon() == 1) out_.total_size = out_.size;
  }

  void judge(std::size_t i, std::size_t origin) {
    for (std::size_t h = 0; h < horizon() && origin + h < y_.size(); ++h) {
      if (std::isnan(y_[origin + h])) continue;
      out_.needed_level.push_back(needed_level(out_.step(mean_[i][h]), y_[origin + h]));
    }
    if (!std::isnan(windows_[i].error.back())) {
      out_.needed_total_level.push_back(
          needed_level(out_.total(mean_sum(i)), actual_sum(windows_[i])));
    }
  }

  std::span<const Window> windows_;
  std::span<const double> y_;
  std::vector<std::vector<double>> mean_{};
  std::vector<std::size_t> added_;  ///< steps of each window that were learned from
  SizeSearch steps_{}, totals_{};
  CountLaws out_{};
};

}  // namespace

CountLaws count_laws(std::span<const Window> windows, std::span<const double> y) {
  return Learner(windows, y).run();
}

}  // namespace emptor::forecasting
