#pragma once

#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// Baskets as the caller's own arrays in compressed-row form: basket b holds the distinct items
/// item[offset[b]] .. item[offset[b + 1]), ascending.
struct BasketsView {
  std::span<const std::int64_t> offset{};  ///< baskets + 1
  std::span<const std::int32_t> item{};
  std::span<const std::int32_t> customer{};  ///< per basket, -1 unknown; empty: each its own
  std::int32_t n_items = 0;                  ///< 0: as many as the largest item needs
  /// How many times each basket counts, at least 0; empty: once. Only what mines item sets reads
  /// it.
  std::span<const std::int64_t> weight{};
  /// Per item the one it belongs to, -1 none; empty: items belong to nothing. A basket that holds
  /// an item must hold what it belongs to, see with_ancestors(). Only what mines item sets and
  /// association rules reads it.
  std::span<const std::int32_t> parent{};
  [[nodiscard]] std::size_t size() const noexcept { return offset.empty() ? 0 : offset.size() - 1; }
};

/// What a basket is.
enum class BasketUnit : std::uint8_t { order, day, customer };
EMPTOR_EXPORT BasketUnit parse_basket_unit(std::string_view text);

struct BasketsOptions {
  BasketUnit unit = BasketUnit::order;
  std::string item{};      ///< see items()
  bool goods_only = true;  ///< leave out what is not goods
  /// Column of orders, customers or products to split baskets by; lines without a value are left
  /// out. "": not split.
  std::string by{};
  /// Columns of products above the items, the coarsest first: baskets also hold the groups that
  /// their items belong to, called as "category: tea". A product without a value skips that level.
  std::vector<std::string> levels{};
};

/// Owned baskets and what is known of them.
struct Baskets {
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item{};
  std::vector<std::int32_t> customer{};
  std::vector<Day> day{};              ///< of the first line; empty: undated
  std::vector<std::int64_t> weight{};  ///< empty: every basket counts once
  std::vector<std::int32_t> group{};   ///< code of the value of `by`; empty without
  std::shared_ptr<const Dictionary> items{};
  std::shared_ptr<const Dictionary> groups{};  ///< null without `by`
  std::vector<std::string> item_names{};
  /// Per item what it belongs to, -1 nothing; empty without a hierarchy. See with_ancestors().
  std::vector<std::int32_t> parent{};
  std::string level{};
  Coverage coverage{};        ///< of Sales: purchase lines in baskets; net revenue of their items
  std::int64_t repeated = 0;  ///< entries that named an item of their basket again
  std::int64_t missing = 0;   ///< entries without an item or a basket
  std::int64_t unbought = 0;  ///< rows of an ItemHierarchy about nothing that is in a basket
  [[nodiscard]] BasketsView view() const noexcept {
    return {offset, item, customer, items ? items->size() : 0, weight, parent};
  }
};

/// Baskets of purchases (bought for money, not fully given back), sorted by order, by customer and
/// day, or by customer; those without any item are left out. Lines without a customer are part of
/// baskets by order, and left out by day and by customer. With `by`, groups come first: what a
/// basket holds of several groups is a basket in each.
/// @throws DataError for a column that is not there, or an item that belongs to two groups of
/// `levels`; InvalidArgument for levels named twice
EMPTOR_EXPORT Baskets baskets(const Sales& sales, const BasketsOptions& options = {});

}  // namespace emptor::data
