#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/contacts.hpp"
#include "emptor/data/input.hpp"
#include "emptor/data/quality.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emptor::data {

/// Money inside: ten-thousandths of the currency unit, summed exactly in int64.
using Money = std::int64_t;
inline constexpr double kMoneyUnit = 10000.0;
inline double to_double(Money money) noexcept { return static_cast<double>(money) / kMoneyUnit; }

/// What is known of one order line at the moment. Bits of Lines::flags.
enum LineFlag : std::uint16_t {
  kReturn = 1,           ///< gives goods or money back
  kUndone = 2,           ///< a purchase that returns known at the moment undo fully
  kPartlyUndone = 4,     ///< ... in part
  kUnmatchedReturn = 8,  ///< a return that finds no purchase to undo
  kNotGoods = 16,        ///< postage, fee, discount, manual entry ...: see Products::not_goods
  kFree = 32,            ///< amount 0
  kDuplicate = 64,       ///< equal to an earlier line in every used column; kept, suspicious
};

/// Order lines known at the moment, one per kept row, as equally long columns sorted by
/// (customer, time, order, product), then by the other columns and row, so that the order rows came
/// in shows in `row` alone. Lines without a customer (code -1) come first.
struct Lines {
  std::span<const std::int32_t> order{};
  std::span<const std::int32_t> customer{};
  std::span<const std::int32_t> product{};
  std::span<const std::int64_t> time{};    ///< microseconds UTC
  std::span<const Day> day{};              ///< civil day in the business's zone
  std::span<const double> quantity{};      ///< signed; returns are negative
  std::span<const Money> amount{};         ///< signed total of the line, net of discount
  std::span<const Money> discount{};       ///< given on the line, >= 0; empty if not known
  std::span<const std::uint16_t> flags{};  ///< of LineFlag
  std::span<const std::int64_t> row{};     ///< row of the input, 0-based
  /// customer c's lines are [customer_begin[c], customer_begin[c + 1]); size customers + 1.
  std::span<const std::int64_t> customer_begin{};

  [[nodiscard]] std::size_t size() const noexcept { return order.size(); }
  /// Counts as behaviour: bought for money and not fully given back by the moment.
  [[nodiscard]] bool is_purchase(std::size_t i) const noexcept {
    return (flags[i] & (kReturn | kUndone | kFree)) == 0;
  }
  /// ... of goods: what mining looks at.
  [[nodiscard]] bool is_goods_purchase(std::size_t i) const noexcept {
    return (flags[i] & (kReturn | kUndone | kFree | kNotGoods)) == 0;
  }
};

/// A column of attributes: one code per customer, product or line, -1 where missing.
struct Attribute {
  std::string name{};
  std::shared_ptr<const Dictionary> values{};
  std::span<const std::int32_t> code{};
};

struct Products {
  std::shared_ptr<const Dictionary> ids{};
  std::shared_ptr<const Dictionary> names{};  ///< dictionary of the texts in `name`
  std::span<const std::int32_t> name{};       ///< per product: its name, -1 if it has none
  std::span<const std::uint8_t> not_goods{};  ///< per product: 1 if recognised as not goods
  /// Per product: department, category, brand ... of the table of products, or what most of the
  /// product's lines say where flat files repeat it on every line.
  std::vector<Attribute> attributes{};
  /// The name, or else the id.
  [[nodiscard]] EMPTOR_EXPORT std::string label(std::int32_t product) const;
};

struct Customers {
  std::shared_ptr<const Dictionary> ids{};
  std::shared_ptr<const Dictionary> names{};
  std::span<const std::int32_t> name{};  ///< per customer; empty if there are no names
  std::vector<Attribute> attributes{};   ///< per customer
  [[nodiscard]] EMPTOR_EXPORT std::string label(std::int32_t customer) const;
};

struct Campaigns {
  std::shared_ptr<const Dictionary> ids{};
  std::shared_ptr<const Dictionary> names{};
  std::span<const std::int32_t> name{};
  std::span<const Day> start{};  ///< kNoDay where missing
  std::span<const Day> end{};
  std::vector<Attribute> attributes{};
};

/// How much of the data an analysis rests on.
struct Coverage {
  std::int64_t lines = 0;  ///< all lines known at the moment
  std::int64_t lines_used = 0;
  double revenue = 0;  ///< net revenue of all lines
  double revenue_used = 0;
  /// Share of net revenue, NaN if there is none.
  [[nodiscard]] EMPTOR_EXPORT double share() const noexcept;
};

/// Incoming tables; every one is optional.
struct Tables {
  std::optional<InputTable> orders{};
  std::optional<InputTable> customers{};
  std::optional<InputTable> products{};
  std::optional<InputTable> campaigns{};
  std::optional<InputTable> contacts{};
  std::optional<InputTable> touchpoints{};
};

/// How incoming tables are understood.
struct SalesOptions {
  /// (our column, their column): {"customer", "household_id"}; "products.name" for another table
  /// than orders. What is not named is recognised (data/schema).
  std::vector<std::pair<std::string, std::string>> columns{};
  std::string currency{};  ///< three letters, as "GBP"; "" if not stated and not in the data
  TimeZone timezone{};     ///< the business's zone, in which days begin and end
  /// The zone naive times are the wall clock of; unset: the business's.
  std::optional<TimeZone> source_timezone{};
  std::string date_format{};  ///< as "%d/%m/%Y %H:%M"; "" detects and refuses what reads two ways
  /// What a bare `amount` column means: "auto", "line" (total of the line) or "unit" (price of
  /// one).
  std::string amount_is = "auto";
  /// Whether a discount column must still be subtracted: "auto", "net" (already in) or "gross".
  std::string discount_is = "auto";
  char decimal = 0;  ///< '.' or ',' in text numbers; 0 detects
  /// Lines that are not goods: "auto" detects them; "none" takes all as goods.
  std::string exclude_products = "auto";
};

/// One column that was recognised: which of theirs plays which role, and what it was read as.
struct Recognised {
  std::string table{};
  std::string column{};  ///< ours
  std::string source{};  ///< theirs
  std::string as{};      ///< in words: "int64 id, 1,234 floats made whole"
};

/// A firm's sales as an immutable value: shared tables and a moment. Copies cost O(1). Everything
/// an analysis computes from it sees only what was known at the moment.
class EMPTOR_EXPORT Sales {
 public:
  Sales();
  /// @throws DataError naming table, column and row; FormatError; InvalidArgument; MemoryLimit.
  explicit Sales(const Tables& tables, const SalesOptions& options = {},
                 const Context& context = {});

  /// The same sales as they were known at an instant (microseconds UTC, inclusive). O(1).
  /// A moment after the data is allowed: it then stands for a longer observation.
  [[nodiscard]] Sales as_of(std::int64_t moment) const;
  /// ... at the end of a civil day of the business's zone.
  [[nodiscard]] Sales as_of_day(Day day) const;
  /// The moment; without as_of the end of the last day in the data.
  [[nodiscard]] std::int64_t moment() const noexcept;
  /// The civil day of the moment: the last day observed.
  [[nodiscard]] Day last_day() const noexcept;
  /// The civil day of the first line known at the moment; kNoDay without one.
  [[nodiscard]] Day first_day() const;

  [[nodiscard]] bool has_orders() const noexcept;
  /// Resolved at the moment; computed once per moment and shared by copies.
  /// @throws DataError if there is no orders table; `function` is named in it.
  [[nodiscard]] const Lines& lines(std::string_view function = "lines") const;
  [[nodiscard]] const std::shared_ptr<const Dictionary>& order_ids() const noexcept;
  [[nodiscard]] const Products& products() const;
  [[nodiscard]] const Customers& customers() const noexcept;
  [[nodiscard]] const Campaigns& campaigns() const noexcept;
  /// Consent of the customers' contacts; empty without the table.
  [[nodiscard]] const Contacts& contacts() const;
  /// Times customers were reached out to; empty without the table.
  [[nodiscard]] const Touchpoints& touchpoints() const;
  /// Attributes of lines (country, store, channel ...), aligned with lines(), as of the moment.
  [[nodiscard]] const std::vector<Attribute>& line_attributes() const;
  /// A line's value of a column of orders, customers or products, by name, as codes aligned with
  /// lines(). @throws DataError naming the nearest column.
  [[nodiscard]] Attribute line_attribute(std::string_view column, std::string_view function) const;

  [[nodiscard]] const std::string& currency() const noexcept;
  [[nodiscard]] const TimeZone& timezone() const noexcept;
  [[nodiscard]] Quality quality() const;
  [[nodiscard]] const std::vector<Recognised>& recognised() const noexcept;
  /// How the amount of a line was formed, in words.
  [[nodiscard]] const std::string& amount_rule() const noexcept;
  /// Coverage of analyses that leave out lines without a customer.
  [[nodiscard]] Coverage customer_coverage() const;
  /// Coverage of behaviour: goods, bought for money, by a known customer, not fully given back.
  [[nodiscard]] Coverage behaviour_coverage() const;

 private:
  struct Facts;
  struct Resolved;
  [[nodiscard]] const Resolved& resolved() const;
  std::shared_ptr<const Facts> facts_;
  std::shared_ptr<Resolved> resolved_;
};

}  // namespace emptor::data
