#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/baskets.hpp"

#include "mining/pair_triangle.hpp"
#include "mining/strata.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace emptor::mining {

/// Two numbers per item or basket whose product sum is the item's share of the baskets of that
/// size, nearly: p_h = item[0] * basket_h[0] + item[1] * basket_h[1].
using Profile = std::array<double, 2>;
/// Symmetric 2 x 2 matrix: 00, 01, 11.
using Matrix = std::array<double, 3>;

/// Sums of one pair over customers c: x = baskets of c with both items, a and b = with each, n =
/// all of c; cross = y_a y_b - x (y_a + y_b - t), where y_a = share of b summed over the baskets
/// with a, y_b likewise and t = product of both shares summed over all baskets of c.
struct PairSums {
  std::int32_t a = 0;  ///< rank of the item
  std::int32_t b = 0;
  std::int64_t n = 0;  ///< baskets with both
  std::int64_t n_customers = 0;
  std::int64_t max_customer = 0;  ///< most of n by one customer
  double xx = 0, xa = 0, xb = 0, xn = 0, ab = 0;
  double cross = 0;
  std::int64_t alone = 0;  ///< of n, baskets that stand for themselves
  /// What `select` found, for `row`: usual baskets with both, the variance of their number, and the
  /// p-value as far as it was worked out (NaN: not).
  double expected = 0, variance = 0, p_value = 0;
};

/// Sums of one item over customers: y = profiles of its baskets, t = products of the profiles of
/// all baskets of the customer.
struct ItemSums {
  double n = 0;  ///< baskets with the item
  double aa = 0, an = 0;
  Matrix yy{};
  std::array<Matrix, 2> yt{};
};

/// Everything that is known of single items, and the baskets laid out for counting pairs. Only
/// items in at least `min_count` baskets of two or more items take part. A few items in baskets
/// that all stand for themselves are ranked by code and counted by a triangle of counters;
/// otherwise they are ranked by how often they are bought, rarest first (ties by code), and counted
/// item by item.
class PairIndex {
 public:
  /// `view` must be valid. @throws MemoryLimit, InvalidArgument for 2^32 items in baskets or more.
  PairIndex(const data::BasketsView& view, std::int64_t min_count, const Context& context);

  /// For every item, the pairs of it and all items of higher rank that share min_count baskets and
  /// that `select` takes (of the sums only n is known then), sorted by rank: `row(block, pairs, n)`
  /// with their sums, n being how many there were before `select`. Blocks of items run in parallel,
  /// the items of a block in order; blocks() tells how many there are.
  using Select = std::function<bool(PairSums&)>;
  using Row = std::function<void(std::size_t block, std::span<const PairSums>, std::size_t n)>;
  void for_each_row(const Context& context, const Select& select, const Row& row) const;

  [[nodiscard]] std::size_t blocks() const noexcept { return block_begin_.size() - 1; }
  /// Whether any customer has more than one basket; without, the sums over customers are left 0.
  [[nodiscard]] bool clustered() const noexcept { return n_clusters_ > 0; }
  /// Sum over customers of the squared sum over baskets of (1{a} - p_a)(1{b} - p_b), the p being
  /// the items' shares of the baskets of that size.
  [[nodiscard]] double squared_scores(const PairSums& pair) const;

  std::int64_t n_baskets = 0;
  std::int64_t n_customers = 0;      ///< known ones
  std::int64_t n_bought = 0;         ///< items in any basket
  std::vector<std::int32_t> code{};  ///< per rank
  std::vector<ItemSums> item{};      ///< per rank
  Strata strata{};
  std::vector<double> share{};  ///< [rank * strata + h]: share of the stratum's baskets
  double nn = 0;                ///< sum over customers of squared numbers of baskets

 private:
  struct Scratch;
  [[nodiscard]] bool few_items() const noexcept {
    return !clustered() && code.size() <= PairTriangle::kMaxRanks;
  }
  void rank_items(const data::BasketsView& view);
  void count_shares(const data::BasketsView& view);
  void fit_profiles();
  void make_clusters(const data::BasketsView& view);
  void lay_out(const data::BasketsView& view);
  void order_by_rank();
  void sum_items();
  void make_blocks();
  void read_row(std::int32_t a, const Select& select, Scratch& scratch) const;
  void count_row(std::int32_t a, const Select& select, Scratch& scratch) const;
  void sum_customers(std::int32_t a, Scratch& scratch) const;

  std::int64_t min_count_ = 0;
  PairTriangle triangle_{};              // empty: counted item by item, with what follows
  std::vector<std::int32_t> rank_of_{};  // per code, -1 too rare
  std::vector<Profile> item_profile_{};  // per rank
  std::vector<Profile> size_profile_{};  // per stratum
  // Baskets with any ranked item: first those of customers with several baskets, by customer.
  std::vector<std::uint32_t> begin_{};   // per basket, + 1
  std::vector<std::int32_t> rank_{};     // ascending within a basket
  std::vector<std::int32_t> local_{};    // index among the customer's items; only clustered ones
  std::vector<std::int32_t> stratum_{};  // per basket
  std::vector<std::int32_t> cluster_{};  // per basket, -1 alone
  // Occurrences by item.
  std::vector<std::uint32_t> item_begin_{};
  std::vector<std::uint32_t> position_{};  // into rank_
  std::vector<std::uint32_t> basket_{};
  // Customers with several baskets, and their items by rank.
  struct CustomerItem {
    std::int32_t rank;
    std::int32_t n;  // baskets with the item
    Profile y;       // their profiles, summed
  };
  std::int32_t n_clusters_ = 0;
  std::vector<std::int32_t> cluster_of_{};  // per basket of the view
  std::vector<std::int64_t> cluster_begin_{};
  std::vector<CustomerItem> cluster_item_{};
  std::vector<double> cluster_n_{};
  std::vector<Matrix> cluster_t_{};
  std::array<Matrix, 3> tt_{};  // sum over customers of t (x) t
  std::size_t longest_cluster_ = 0;
  std::vector<std::int32_t> block_begin_{};
};

}  // namespace emptor::mining
