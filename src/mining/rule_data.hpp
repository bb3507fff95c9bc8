#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/baskets.hpp"

#include "mining/item_tree.hpp"
#include "mining/strata.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// Baskets laid out for testing rules: in the order of their customers, an item's baskets at hand.
/// Only items in at least `min_count` baskets take part, ranked by code. A basket that counts w
/// times stands there w times. Where items belong to others, the size of a basket is the number of
/// its items that nothing else in it belongs to.
class RuleData {
 public:
  using Position = std::uint32_t;

  /// `view` must be valid, with distinct ascending items. @throws MemoryLimit, InvalidArgument for
  /// 2^32 items in baskets or more.
  RuleData(const data::BasketsView& view, std::int64_t min_count, const Context& context);

  [[nodiscard]] std::size_t items() const noexcept { return code.size(); }
  [[nodiscard]] std::size_t baskets() const noexcept { return stratum.size(); }
  [[nodiscard]] std::size_t clusters() const noexcept { return cluster_begin.size() - 1; }
  /// Baskets with the item, ascending.
  [[nodiscard]] std::span<const Position> with(std::int32_t item) const noexcept {
    const auto r = static_cast<std::size_t>(item);
    return {basket.data() + item_begin[r], item_begin[r + 1] - item_begin[r]};
  }
  /// Ranks in a basket, ascending.
  [[nodiscard]] std::span<const std::int32_t> in(std::size_t b) const noexcept {
    return {rank.data() + begin[b], begin[b + 1] - begin[b]};
  }

  /// The share of the items y's baskets that those of z keep them from, in baskets of stratum h
  /// that hold those of w anyway.
  [[nodiscard]] double taken(std::span<const std::int32_t> z, std::span<const std::int32_t> y,
                             std::span<const std::int32_t> w, std::size_t h) const noexcept;
  /// Of a hierarchy: the share of y's baskets that the items of z leave, each by itself;
  /// competition is `scale` times as strong as in all baskets.
  [[nodiscard]] double left_by(std::span<const std::int32_t> z, std::span<const std::int32_t> y,
                               std::size_t h, double scale = 1) const noexcept;
  /// Whether y may be the consequent of items: it is not among them, nor related to one.
  [[nodiscard]] bool apart(std::span<const std::int32_t> items, std::int32_t y) const noexcept {
    return tree.empty() ? std::find(items.begin(), items.end(), y) == items.end()
                        : !tree.related(items, y);
  }

  ItemTree tree{};                      ///< of ranks; empty without a hierarchy
  std::vector<std::int32_t> code{};     ///< per rank
  std::vector<std::int32_t> rank_of{};  ///< per code, -1 too rare
  Strata strata{};
  std::vector<std::int32_t> stratum{};    ///< per basket, -1 for less than two items
  std::vector<Position> cluster{};        ///< per basket; unknown customers are one each
  std::vector<Position> cluster_begin{};  ///< clusters + 1, into baskets
  std::vector<std::uint32_t> begin{};     ///< baskets + 1, into rank
  std::vector<std::int32_t> rank{};
  std::vector<std::uint32_t> item_begin{};  ///< items + 1, into basket
  std::vector<Position> basket{};
  std::vector<std::int64_t> several{};  ///< per rank: its baskets of two or more items
  std::vector<double> count{};          ///< [rank * strata + h]: baskets with the item
  std::vector<double> places{};         ///< likewise: see places_taken
  /// Of a hierarchy, likewise: mean number of places that the item takes in its baskets, those of
  /// what belongs to it.
  std::vector<double> held{};
  bool clustered = false;        ///< whether any customer has more than one basket
  std::int64_t n_customers = 0;  ///< known ones
  double nn = 0;                 ///< sum over clusters of squared numbers of baskets

 private:
  void lay_out(const data::BasketsView& view, std::span<const std::uint32_t> sizes);
  void list_items();
  void grow_tree(const data::BasketsView& view);
  void fill_places(const data::BasketsView& view, std::span<const std::uint32_t> sizes,
                   const Context& context);
  void count_held(const data::BasketsView& view, std::span<const std::uint32_t> sizes,
                  std::vector<double>& own);
  void places_of_groups(std::span<const double> own, std::size_t h);
};

}  // namespace emptor::mining
