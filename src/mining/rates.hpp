#pragma once

#include "mining/visits.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// How often visits have an item, by 30-day bin and visit size. The probability of item b in a
/// visit of size s is 1 - exp(-s * theta(bin, b)), theta being the value at which the probabilities
/// of the bin's visits add up to its visits with b. (Where every visit of a bin has b, theta would
/// be infinite; half a visit less is fitted.) Items with equal counts in a bin share one theta.
class Rates {
 public:
  /// For `items`, called b = 0, 1, ... below.
  Rates(const Visits& visits, std::span<const std::int32_t> items);

  [[nodiscard]] double theta(int bin, std::size_t b) const noexcept {
    return theta_[level_begin_[index(bin)] + level(bin, b)];
  }
  /// Probability that visit v has item b.
  [[nodiscard]] float probability(std::size_t v, std::size_t b) const noexcept {
    return probabilities(bin_[v], b)[kind_[v] - kind_begin_[index(bin_[v])]];
  }
  /// Smoothed share of the bin's visits with b, (k + 1/2) / (n + 1): timing's calendar offset.
  [[nodiscard]] double share(int bin, std::size_t b) const noexcept {
    return share_[level_begin_[index(bin)] + level(bin, b)];
  }
  /// Visits of one bin and size are of one kind: they have all probabilities in common. There are
  /// far fewer kinds than visits. The kinds of a bin have numbers in a row.
  [[nodiscard]] std::size_t n_kinds() const noexcept { return kind_begin_.back(); }
  [[nodiscard]] std::size_t kind(std::size_t v) const noexcept { return kind_[v]; }
  [[nodiscard]] std::span<const std::uint32_t> kinds() const noexcept { return kind_; }
  /// Probabilities that visits of each kind of a bin have item b.
  [[nodiscard]] std::span<const float> probabilities(int bin, std::size_t b) const noexcept {
    const std::size_t n = kind_begin_[index(bin) + 1] - kind_begin_[index(bin)];
    return {&probability_[probability_begin_[index(bin)] + level(bin, b) * n], n};
  }
  [[nodiscard]] int n_bins() const noexcept { return static_cast<int>(level_begin_.size()); }
  [[nodiscard]] std::size_t size() const noexcept { return n_items_; }

 private:
  static std::size_t index(int bin) noexcept { return static_cast<std::size_t>(bin); }
  [[nodiscard]] std::size_t level(int bin, std::size_t b) const noexcept {
    return level_[index(bin) * n_items_ + b];
  }

  std::size_t n_items_ = 0;
  std::vector<std::int32_t> bin_{};               // per visit
  std::vector<std::uint32_t> level_{};            // bin x item: which of the bin's distinct counts
  std::vector<std::size_t> level_begin_{};        // per bin, into theta_ and share_
  std::vector<double> theta_{}, share_{};         // per bin and distinct count
  std::vector<std::uint32_t> kind_{};             // per visit
  std::vector<std::size_t> kind_begin_{0};        // bins + 1
  std::vector<std::size_t> probability_begin_{};  // per bin, into probability_
  std::vector<float> probability_{};              // per bin, distinct count and kind
};

/// Probabilities of one item at a time, by kind of visit: read in no order, these few stay near the
/// processor.
class ItemProbability {
 public:
  explicit ItemProbability(const Rates& rates) : rates_(rates) {}
  ItemProbability(const Rates& rates, std::size_t b) : ItemProbability(rates) { choose(b); }
  void choose(std::size_t b);
  [[nodiscard]] float operator()(std::size_t v) const noexcept { return of_kind_[rates_.kind(v)]; }

 private:
  const Rates& rates_;
  std::vector<float> of_kind_{};
};

/// theta with sum over sizes of count * (1 - exp(-size * theta)) = target, by Newton from below;
/// the sum is concave in theta, so the steps rise to the root. target in [0, sum of counts).
double fit_theta(std::span<const double> size, std::span<const double> count, double target);

}  // namespace emptor::mining::next
