#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/purchases.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mining {

/// Which of the sequences with enough customers are listed.
enum class SequenceKind : std::uint8_t {
  all,      ///< every one
  closed,   ///< those no longer sequence of which has the same customers
  maximal,  ///< those no longer sequence of which has enough customers
};
/// Reads "all", "closed" or "maximal". @throws InvalidArgument
EMPTOR_EXPORT SequenceKind parse_sequence_kind(std::string_view text);

/// Reads a limit of time: "none" is no limit, the rest as data::parse_span. @throws InvalidArgument
EMPTOR_EXPORT std::optional<data::Span> parse_limit(std::string_view text,
                                                    std::string_view argument);

struct SequencesOptions {
  /// Customers a sequence needs; 0: the larger of 20 and 1 % of the customers.
  std::int64_t min_count = 0;
  double min_support = 0;  ///< the same as a share of the customers; 0: min_count decides
  /// An element comes at most this long after the one before it; unset: no limit.
  std::optional<data::Span> max_gap{data::Span{30, data::Span::Unit::days}};
  /// ... and at least this long after it; unset: on a later day.
  std::optional<data::Span> min_gap{};
  /// The last element comes at most this long after the first one; unset: no limit.
  std::optional<data::Span> max_span{data::Span{6, data::Span::Unit::months}};
  SequenceKind kind = SequenceKind::all;
  int min_length = 2;   ///< elements (days) a listed sequence has at least
  int max_length = 0;   ///< ... and at most; 0: no limit
  int max_items = 3;    ///< items of one element; 0: no limit
  bool repeats = true;  ///< false: no item twice in a sequence
  /// Keep the first `top` rows: the least count rises while mining; 0: all.
  std::int64_t top = 1000;
  double level = 0.95;  ///< confidence of the interval of the support
  bool days = true;     ///< also how many days lie between the elements
  /// Only sequences with all of these items, by id or name. Empty: all sequences.
  std::vector<std::string> must_contain{};
  std::vector<std::string> exclude{};  ///< leave these items out, by id or name
  std::string item{};                  ///< level, see data::items (Sales only)
};

/// Sequences of baskets that many customers bought one after the other, as columns sorted by count.
struct Sequences {
  std::vector<std::string> sequence{};  ///< "tea + milk > sugar": tea and milk, later sugar
  std::vector<std::int64_t> count{};    ///< customers
  std::vector<double> support{}, support_low{}, support_high{};  ///< share of customers (Wilson)
  std::vector<std::int64_t> length{};                            ///< elements
  /// From the first to the last element, of each customer's first completion on its shortest way;
  /// NaN without `days`.
  std::vector<double> median_days{}, days_25{}, days_75{};
  /// The items of row i are item[offset[i]] .. item[offset[i + 1]), `element` says to which element
  /// each belongs: 1, 1, 2 for "tea + milk > sugar".
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item{}, element{};
  /// Median days from each element to the next, of the same completions; row i has
  /// gap_days[gap_offset[i]] .. gap_days[gap_offset[i + 1]). Of two middle ones the shorter.
  std::vector<std::int64_t> gap_offset{0};
  std::vector<std::int32_t> gap_days{};

  std::shared_ptr<const Dictionary> items{};  ///< null from the kernel: codes are the caller's
  std::int64_t n_customers = 0, n_visits = 0, n_purchases = 0;
  std::int64_t min_count = 0;     ///< as asked for, or what the default came to
  std::int64_t lowest_count = 0;  ///< the least count looked at: raised above it by `top`
  std::int64_t n_items = 0;       ///< items with enough customers
  std::optional<data::Span> max_gap{}, min_gap{}, max_span{};
  SequenceKind kind = SequenceKind::all;
  double level = 0;
  std::int64_t moment = 0;
  std::string item_level{};
  data::Coverage coverage{};
  bool truncated = false;  ///< `top` cut rows

  [[nodiscard]] std::size_t size() const noexcept { return count.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What many customers bought one after the other: sequences of elements, an element being items
/// bought on one day, later elements on later days within the limits of time. A customer counts
/// once, if he has at least one such series of days. Definitions: docs/methods/mining/sequences.md.
/// Exact: a limit of time never hides a series that another choice of days would allow. How often
/// something is bought in this order says nothing on what is usual; for that see sequence_rules.
/// The same bits on any number of threads.
/// @throws InvalidArgument for unsorted or repeated purchases, codes out of range, and bad options;
/// Cancelled; MemoryLimit.
EMPTOR_EXPORT Sequences sequences(const PurchasesView& purchases,
                                  const SequencesOptions& options = {}, const Context& = {});

/// The same with ids for the codes: sequences are worded, and `must_contain` and `exclude` are
/// found by them. @throws InvalidArgument if there are not n_items of them; DataError for an
/// unknown id.
EMPTOR_EXPORT Sequences sequences(const PurchasesView& purchases,
                                  const std::shared_ptr<const Dictionary>& items,
                                  const SequencesOptions& options = {}, const Context& = {});

/// The same over purchases of goods by known customers, as of the moment of `sales`.
/// @throws DataError for a missing table or column, also an item that is not there.
EMPTOR_EXPORT Sequences sequences(const data::Sales& sales, const SequencesOptions& options = {},
                                  const Context& = {});

}  // namespace emptor::mining
