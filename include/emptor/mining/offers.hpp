#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emptor::mining {

/// What offers are ranked by.
enum class OfferValue : std::uint8_t {
  none,    ///< how likely the item is taken
  amount,  ///< ... times its mean net amount per basket
  margin,  ///< ... times its margin, of items that have one
};
/// "none", "amount", "margin". @throws InvalidArgument
EMPTOR_EXPORT OfferValue parse_offer_value(std::string_view text);

/// Where an offer comes from.
enum class OfferSource : std::uint8_t {
  basket,    ///< baskets with `because` hold the item as well
  customer,  ///< buyers of `because` buy it later: the customer bought that lately
};
/// "basket", "customer".
EMPTOR_EXPORT std::span<const std::string_view> offer_source_labels() noexcept;

/// One item to offer.
struct Offer {
  std::int32_t item = -1;
  std::int32_t because = -1;  ///< the item of the basket, or of the customer, that speaks for it
  OfferSource source = OfferSource::basket;
  double probability = 0;      ///< that it is taken, by that item alone
  double probability_low = 0;  ///< its lower limit
  double value = 1;            ///< of the item; 1 for OfferValue::none
  double score = 0;            ///< probability_low * value: what offers are ranked by
};

/// "Of baskets or customers with `from`, a share takes `to`."
struct OfferPair {
  std::int32_t from = -1, to = -1;  ///< codes of items; `from` of a customer's pair is the reason
  double probability = 0, probability_low = 0;
};

/// What an OfferTable is made of.
struct OfferParts {
  std::shared_ptr<const Dictionary> items{};
  std::vector<std::string> names{};  ///< per item
  std::vector<double> amount{};      ///< per item: mean net amount per basket; NaN unknown
  std::vector<double> margin{};      ///< per item; NaN unknown; empty: no margins
  std::vector<OfferPair> pairs{};    ///< at most one per (from, to)
  std::shared_ptr<const Dictionary> customers{};                     ///< null: no customers
  std::vector<std::pair<std::int32_t, OfferPair>> customer_pairs{};  ///< (customer, pair)
  std::int64_t moment = 0;  ///< as of which it was made, microseconds UTC
};

/// Complementary offers for a live basket: made once, then looked up by any number of threads.
/// Immutable; copies cost O(1). A look-up allocates nothing.
class EMPTOR_EXPORT OfferTable {
 public:
  OfferTable();
  /// Keeps the `neighbors` pairs with the largest lower limits of every item, and of every
  /// customer. @throws InvalidArgument for codes, shares or lengths out of range
  explicit OfferTable(const OfferParts& parts, int neighbors = 32);

  /// The best offers for a basket, into `out`, best first; returns how many there are. An item
  /// stands by the strongest single reason: the largest lower limit of what items of the basket,
  /// or the customer's (a code; -1: unknown), say for it. Items of the basket are not offered;
  /// codes out of range are passed over. Equal scores by code.
  std::size_t recommend(std::span<const std::int32_t> basket, std::span<Offer> out,
                        OfferValue value = OfferValue::none,
                        std::int32_t customer = -1) const noexcept;

  [[nodiscard]] const Dictionary& items() const noexcept;
  [[nodiscard]] const Dictionary& customers() const noexcept;
  [[nodiscard]] std::string_view name(std::int32_t item) const noexcept;
  /// The code of an item by its id, or else its name. @throws DataError with the nearest name
  [[nodiscard]] std::int32_t find(std::string_view text) const;
  [[nodiscard]] bool has_margins() const noexcept;
  [[nodiscard]] std::int64_t pairs() const noexcept;           ///< of items
  [[nodiscard]] std::int64_t customer_pairs() const noexcept;  ///< of customers
  [[nodiscard]] std::int64_t moment() const noexcept;

  /// Versioned, checksummed, little-endian bytes, the same on every machine.
  [[nodiscard]] std::string to_bytes() const;
  /// Bytes from anywhere: what is not whole and right is refused, memory is a small multiple of
  /// them. @throws FormatError
  static OfferTable from_bytes(std::string_view bytes);
  /// Replaces the file in one step. @throws DataError naming the path
  void save(const std::string& path) const;
  /// @throws DataError, FormatError naming the path
  static OfferTable load(const std::string& path);

 private:
  struct Table;
  explicit OfferTable(std::shared_ptr<const Table> table) noexcept;
  std::shared_ptr<const Table> table_;
};

struct OfferTableOptions {
  int neighbors = 32;   ///< offers kept per item and per customer
  int min_count = 20;   ///< baskets a pair must share, see bought_together
  double fdr = 0.05;    ///< of bought_together and bought_next: which pairs speak for anything
  double level = 0.95;  ///< of the lower limits
  std::string item{};   ///< level, see data::items
  /// Variants of one product may be offered beside each other.
  bool same_family = false;
  /// Also what customers tend to buy within this span of what they bought lately; unset: no
  /// customers in the table.
  std::optional<data::Span> window{};
  /// Margin per basket, by id of the item. Empty: offers cannot be ranked by margin.
  std::vector<std::pair<std::string, double>> margins{};
};

/// Makes the table from what is bought together and, with `window`, what is bought next, as of the
/// moment of `sales`. A customer's offers are the consequents of what he bought lately, of those he
/// never bought; their probability is per visit, spread evenly over the usual number of visits in
/// the window.
/// @throws InvalidArgument, DataError for missing tables or columns and unknown items, Cancelled,
/// MemoryLimit.
EMPTOR_EXPORT OfferTable offer_table(const data::Sales& sales,
                                     const OfferTableOptions& options = {}, const Context& = {});

}  // namespace emptor::mining
