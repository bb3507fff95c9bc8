#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/baskets.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace emptor::mining {

struct BoughtTogetherOptions {
  /// A pair is listed from this many shared baskets on, and tested when both items are in that many
  /// baskets of two or more items: fewer could never be listed.
  int min_count = 20;
  /// Pairs with q_value <= fdr are listed: on average at most this share of them is chance. 1 lists
  /// every pair with min_count shared baskets.
  double fdr = 0.05;
  std::int64_t top = 0;  ///< at most so many pairs, the largest excess first; 0 lists all
  double level = 0.95;   ///< confidence of the intervals
  /// Also gives Fisher's exact p-value (column fisher_p), to compare with other tools. It takes
  /// baskets of unequal size as equal and is mostly wrong on shops' data.
  bool fisher = false;
  /// Whether pairs between variants of one product, by their names, stay. False leaves them out
  /// before `top` cuts; they still count as looked at, so q-values of the rest are no smaller for
  /// it.
  bool same_family = true;
  /// Of Sales alone, as what follows: the level of items, empty for products as ordered, a product
  /// column, or "auto" for the finest level whose median item has 30 buyers.
  std::string item{};
  data::BasketUnit unit = data::BasketUnit::order;  ///< what a basket is: order, day or customer
  bool goods_only = true;                           ///< leave out what is not goods, as postage
  /// Column of orders, customers or products to split by: pairs of every group apart, q-values over
  /// all pairs of all groups. "" does not split.
  std::string by{};
};

/// Pairs of items, one row per pair with item_a < item_b, sorted by excess (largest first), then by
/// ids. A customer's baskets are not independent of each other: every interval and p-value takes
/// the customer as the unit. Baskets of unknown customers stand for themselves.
struct BoughtTogether {
  std::vector<std::int32_t> group{};             ///< codes into `groups`; empty without `by`
  std::vector<std::int32_t> item_a{}, item_b{};  ///< codes into `items`
  std::vector<std::int32_t> name_a{}, name_b{};  ///< codes into `names`; empty without names
  std::vector<std::int64_t> n_baskets{};         ///< with both items
  std::vector<std::int64_t> n_a{}, n_b{};        ///< with item a, with item b
  std::vector<double> support{};                 ///< n_baskets over all baskets
  /// Share of the baskets with a that also hold b, and the other way round. Wilson intervals on the
  /// effective number of baskets.
  std::vector<double> confidence_ab{}, confidence_ab_low{}, confidence_ab_high{};
  std::vector<double> confidence_ba{}, confidence_ba_low{}, confidence_ba_high{};
  /// n_baskets * N / (n_a * n_b) over all N baskets; says nothing about basket sizes. Interval by
  /// the delta method for the multinomial, not below 0.
  std::vector<double> lift{}, lift_low{}, lift_high{};
  /// Baskets with both that would be usual given how often each item is in baskets of the same
  /// size; and what there is beyond: excess = n_baskets - expected.
  std::vector<double> expected{}, excess{};
  /// One-sided, of so many or more baskets with both by chance; see bought_together().
  std::vector<double> p_value{};
  std::vector<double> q_value{};             ///< Benjamini and Hochberg over all testable pairs
  std::vector<double> fisher_p{};            ///< Fisher's exact test; empty without `fisher`
  std::vector<std::int64_t> n_customers{};   ///< whose baskets hold both; unknown ones count each
  std::vector<double> max_customer_share{};  ///< of n_baskets, the customer with most of them
  /// small_sample: under 10 customers. not_enough_data: one customer; lift has no interval then.
  std::vector<Status> status{};
  std::vector<std::uint8_t> same_family{};  ///< variants of one product, by their names

  std::shared_ptr<const Dictionary> items{};
  std::shared_ptr<const Dictionary> names{};
  std::shared_ptr<const Dictionary> groups{};  ///< null without `by`
  std::string item_level{};                    ///< "product" or a column
  std::int64_t baskets = 0;                    ///< N
  std::int64_t customers = 0;                  ///< known ones
  std::int64_t n_testable = 0;    ///< pairs, both items in min_count baskets of two or more items
  std::int64_t n_untestable = 0;  ///< pairs of bought items, but too rare to be listed ever
  std::int64_t n_counted = 0;     ///< testable, with min_count shared baskets
  std::int64_t n_found = 0;       ///< of these, with q_value <= fdr
  std::int64_t n_same_family = 0;
  std::int64_t n_left_out = 0;  ///< pairs of variants with q_value <= fdr that were left out
  bool leaves_out = false;      ///< whether any had to be: same_family = false
  bool truncated = false;       ///< `top` left out some that were found
  bool with_fisher = false;     ///< whether fisher_p was asked for
  data::Coverage coverage{};
  int min_count = 0;
  double fdr = 0;
  double confidence_level = 0;  ///< of the intervals

  [[nodiscard]] std::size_t size() const noexcept { return item_a.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Which items are bought together: in the same basket more often than usual, over all pairs.
///
/// A row reads: `n_baskets` baskets hold both items; `expected` would be usual for how often each
/// is in baskets of that size; `excess` is the difference, and the list is sorted by it. Of the
/// baskets with a the share `confidence_ab` holds b. At most the share `fdr` of the rows is chance.
/// Nothing here says why two items go together.
///
/// Large baskets hold everything together, so a pair is compared within baskets of one size, and a
/// customer who repeats himself counts once. The test is Mantel and Haenszel's, stratified by
/// basket size (number of distinct items). In a stratum of N baskets of which shares p and q hold a
/// and b, usual are N k p q (1 - c_a c_b) baskets with both: an item takes one of a basket's
/// places, and the c are the ones for which every item has as many others beside it as its baskets
/// hold (for small shares Hajek's approximation for sampling without replacement, 1964); k = N sum
/// s^2 / (sum s)^2 removes what sizes s still differ in the stratum. The variance is that of the
/// score (1{a} - p)(1{b} - q), times the customers' design effect: scores summed by customer and
/// squared over scores squared by basket, at least 1. The p-value is the Poisson tail stretched to
/// that mean and variance, so that small counts keep their skewness.
///
/// Purchases known at the moment of `sales` count; items have their ids and names. On baskets of
/// your own, as arrays in compressed-row form with items 0 .. n_items - 1, it works the same (in
/// Python: bought_together_in_baskets(offset, item)).
/// @throws InvalidArgument, DataError if orders or the column of items or of `by` are missing,
/// Cancelled, MemoryLimit stating the estimate.
EMPTOR_EXPORT BoughtTogether bought_together(const data::Sales& sales,
                                             const BoughtTogetherOptions& options = {},
                                             const Context& context = {});

/// The kernel; the items of the result are 0 .. n_items - 1.
EMPTOR_EXPORT BoughtTogether bought_together(const data::BasketsView& baskets,
                                             const BoughtTogetherOptions& options = {},
                                             const Context& context = {});

}  // namespace emptor::mining
