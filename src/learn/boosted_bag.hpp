#pragma once

#include "emptor/core/context.hpp"
#include "emptor/learn/additive_model.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::learn {

/// What takes a turn in boosting: bins of all rows of a column, or the cells of a pair.
struct BoostColumn {
  std::span<const std::uint8_t> bin{};
  std::size_t bins = 0;
  bool category = false;         ///< of a pair: of its first column
  bool second_category = false;  ///< of a pair
  int direction = 0;
  bool pair = false;
};

/// One of the models that are averaged: rows to learn from first, then those that say when to stop.
class BoostedBag {
 public:
  /// Parts the rows by their keys' hashes and sets scores to the log-odds of all.
  void part_rows(std::span<const std::uint64_t> key, const std::vector<float>& outcome,
                 const std::vector<float>& weight, const AdditiveOptions& options,
                 std::size_t number);
  /// Lets columns take turns on top of what the bag has learnt, and goes back to the best round.
  void boost(std::span<const BoostColumn> columns, const AdditiveOptions& options,
             const Context& context);

  [[nodiscard]] const std::vector<std::vector<double>>& terms() const noexcept { return best_; }
  [[nodiscard]] double start() const noexcept { return start_; }
  [[nodiscard]] double rounds() const noexcept { return rounds_; }
  [[nodiscard]] double loss() const noexcept { return loss_; }

 private:
  void sum_gradients(const std::uint8_t* last, const std::uint8_t* next, const float* step,
                     std::size_t bins, std::span<double> sums, const Context& context);
  [[nodiscard]] double validation_loss() const;

  std::vector<std::uint32_t> row_{};
  std::vector<float> outcome_{}, weight_{}, score_{};
  std::size_t learning_ = 0;  // rows to learn from
  std::vector<std::vector<double>> best_{};
  double start_ = 0;
  double loss_ = 0;
  int rounds_ = 0;
};

/// Mean over bags of a column's scores, and of the log-odds they start from.
std::vector<double> mean_score(std::span<const BoostedBag> bags, std::size_t column);
double mean_start(std::span<const BoostedBag> bags);

}  // namespace emptor::learn
