#pragma once

#include "mining/basket_history.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace emptor::mining::basket {

/// Numbers per item, 0 but for the items touched.
class SparseScores {
 public:
  explicit SparseScores(std::size_t n_items) : cell_(n_items) {}
  void add(std::int32_t item, double value) {
    Cell& cell = cell_[static_cast<std::size_t>(item)];
    if (cell.count++ == 0) touched_.push_back(item);
    cell.score += value;
  }
  void clear() {
    for (const std::int32_t item : touched_) cell_[static_cast<std::size_t>(item)] = {};
    touched_.clear();
  }
  [[nodiscard]] double operator[](std::int32_t item) const noexcept {
    return cell_[static_cast<std::size_t>(item)].score;
  }
  /// How many added to it.
  [[nodiscard]] std::int32_t count(std::int32_t item) const noexcept {
    return cell_[static_cast<std::size_t>(item)].count;
  }
  [[nodiscard]] const std::vector<std::int32_t>& touched() const noexcept { return touched_; }

 private:
  struct Cell {  // together, so that an addition touches one line of memory
    double score = 0;
    std::int32_t count = 0;
  };
  std::vector<Cell> cell_;
  std::vector<std::int32_t> touched_{};
};

/// Which customers are alike, and what they bought.
class Neighbors {
 public:
  enum class Kind : std::uint8_t {
    tifu,   ///< Euclidean distance of user vectors
    up_cf,  ///< asymmetric cosine of what the last visits held, to the power q
  };
  struct Options {
    Kind kind = Kind::tifu;
    int neighbors = 300;
    int pool = 20000;         ///< at most so many customers are neighbours, the least hashes
    double asymmetry = 0.75;  ///< UP-CF: alpha
    double locality = 5;      ///< UP-CF: q
  };
  struct Neighbor {
    std::int32_t customer;
    double similarity;  ///< tifu: squared distance; up_cf: similarity to the power q
  };

  Neighbors() = default;
  Neighbors(const Shop& shop, const Profiles& profiles, const Options& options);

  /// The nearest others, nearest first, equal ones by customer. `dot` is scratch of customers()
  /// zeros, left so.
  [[nodiscard]] std::vector<Neighbor> nearest(std::size_t c, std::vector<double>& dot) const;
  /// What the neighbours bought: tifu the mean of their vectors; up_cf the mean share of their last
  /// visits with the item, weighted by similarity, the customer himself among them. `scores` must
  /// be clear. Returns how many neighbours there are.
  int score(std::size_t c, std::vector<double>& dot, SparseScores& scores) const;

 private:
  [[nodiscard]] double weight(std::int64_t k) const noexcept;
  const Profiles* profiles_ = nullptr;
  Options options_{};
  std::vector<std::int32_t> pool_{};   // customers, ascending
  std::vector<double> size_{};         // per customer: squared length, or number of items
  std::vector<double> other_size_{};   // up_cf: number of items to the power 1 - alpha
  std::vector<std::int64_t> begin_{};  // items + 1
  std::vector<std::int32_t> who_{};    // places in the pool of those who bought it
  std::vector<double> value_{};        // tifu: their vector's entry; up_cf: empty, all are 1
};

/// Items alike by who buys them: cosine over customers, the nearest `neighbors` of every item with
/// at least `min_buyers` buyers (Deshpande and Karypis 2004).
class ItemNeighbors {
 public:
  struct Options {
    int neighbors = 30;
    int min_buyers = 5;
  };
  ItemNeighbors() = default;
  ItemNeighbors(const Shop& shop, const Profiles& profiles, const Options& options,
                const Context& context);
  /// Sum over the items of the last visits of their share there times the similarity; an item is
  /// most similar to itself (1).
  void score(std::size_t c, SparseScores& scores) const;
  /// The bought item that adds most to the score of `item`, -1 if none.
  [[nodiscard]] std::int32_t strongest(std::size_t c, std::int32_t item) const;
  /// Customers who bought both, and who bought `item`.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> buyers(std::int32_t item,
                                                             std::int32_t other) const;

 private:
  const Profiles* profiles_ = nullptr;
  std::vector<std::int32_t> n_buyers_{};  // per item
  std::vector<std::int64_t> begin_{0};    // items + 1
  std::vector<std::int32_t> other_{};
  std::vector<std::int32_t> both_{};
  std::vector<double> similarity_{};
};

}  // namespace emptor::mining::basket
