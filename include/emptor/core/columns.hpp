#pragma once

#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace emptor {

/// What a result column holds, and how "missing" is written inside it.
enum class ColumnKind : std::uint8_t {
  float64,    ///< double; missing is NaN
  int64,      ///< std::int64_t; missing is the smallest int64
  boolean,    ///< std::uint8_t, 0 or 1; never missing
  code,       ///< std::int32_t into a Dictionary; missing is -1
  label,      ///< std::uint8_t into a fixed list of labels; never missing
  text,       ///< std::string; missing is ""
  date,       ///< std::int32_t, days since 1970-01-01; missing is the smallest int32
  timestamp,  ///< std::int64_t, microseconds since 1970-01-01 UTC; missing is the smallest int64
  list,       ///< any number of std::int32_t a row: codes, or plain numbers without a dictionary
};

/// A borrowed, typed view of one column of a result. It is the one description from which the
/// Python frame, the Arrow export and the printed table are made.
struct Column {
  std::string_view name;
  ColumnKind kind = ColumnKind::float64;
  const void* data = nullptr;
  std::size_t size = 0;
  const Dictionary* dictionary = nullptr;  ///< for kind code, and for kind list of codes
  /// For kind list: size + 1 places in `data`; row i holds data[offset[i]] .. data[offset[i + 1]).
  const std::int64_t* offset = nullptr;
  std::span<const std::string_view> labels{};  ///< for kind label
  std::string_view doc{};                      ///< one sentence with the unit
  bool shown = true;  ///< among the few columns people read; the others come with columns="all"

  Column() = default;
  Column(std::string_view name_, const std::vector<double>& v, std::string_view doc_ = {})
      : Column(name_, ColumnKind::float64, v.data(), v.size(), doc_) {}
  Column(std::string_view name_, const std::vector<std::int64_t>& v, std::string_view doc_ = {})
      : Column(name_, ColumnKind::int64, v.data(), v.size(), doc_) {}
  Column(std::string_view name_, const std::vector<std::uint8_t>& v, std::string_view doc_ = {})
      : Column(name_, ColumnKind::boolean, v.data(), v.size(), doc_) {}
  Column(std::string_view name_, const std::vector<std::string>& v, std::string_view doc_ = {})
      : Column(name_, ColumnKind::text, v.data(), v.size(), doc_) {}
  Column(std::string_view name_, const std::vector<std::int32_t>& v, const Dictionary& dict,
         std::string_view doc_ = {})
      : Column(name_, ColumnKind::code, v.data(), v.size(), doc_) {
    dictionary = &dict;
  }
  /// Enumerations of one byte, shown by their labels.
  template <typename Enum>
  requires std::is_enum_v<Enum> &&(sizeof(Enum) == 1)
      Column(std::string_view name_, const std::vector<Enum>& v,
             std::span<const std::string_view> labels_, std::string_view doc_ = {})
      : Column(name_, ColumnKind::label, v.data(), v.size(), doc_) {
    labels = labels_;
  }
  static Column dates(std::string_view name_, const std::vector<std::int32_t>& v,
                      std::string_view doc_ = {}) {
    return Column(name_, ColumnKind::date, v.data(), v.size(), doc_);
  }
  static Column timestamps(std::string_view name_, const std::vector<std::int64_t>& v,
                           std::string_view doc_ = {}) {
    return Column(name_, ColumnKind::timestamp, v.data(), v.size(), doc_);
  }
  /// Lists of codes: row i holds values[offset[i]] .. values[offset[i + 1]).
  static Column lists(std::string_view name_, const std::vector<std::int64_t>& offset_,
                      const std::vector<std::int32_t>& values_, const Dictionary& dict,
                      std::string_view doc_ = {}) {
    Column column = lists(name_, offset_, values_, doc_);
    column.dictionary = &dict;
    return column;
  }
  /// Lists of plain numbers.
  static Column lists(std::string_view name_, const std::vector<std::int64_t>& offset_,
                      const std::vector<std::int32_t>& values_, std::string_view doc_ = {}) {
    Column column(name_, ColumnKind::list, values_.data(), offset_.size() - 1, doc_);
    column.offset = offset_.data();
    return column;
  }
  /// The same column, kept out of the short view.
  [[nodiscard]] Column hidden() const {
    Column copy = *this;
    copy.shown = false;
    return copy;
  }

  /// What row i of a column of lists holds.
  [[nodiscard]] std::span<const std::int32_t> list(std::size_t i) const noexcept {
    return {static_cast<const std::int32_t*>(data) + offset[i],
            static_cast<std::size_t>(offset[i + 1] - offset[i])};
  }
  /// The values, one a row; T must be the type the kind names. Not for lists.
  template <typename T>
  [[nodiscard]] std::span<const T> values() const noexcept {
    return {static_cast<const T*>(data), size};
  }

 private:
  Column(std::string_view name_, ColumnKind kind_, const void* data_, std::size_t size_,
         std::string_view doc_)
      : name(name_), kind(kind_), data(data_), size(size_), doc(doc_) {}
};

/// A single number or text a result carries beside its columns: how many pairs were tested, the
/// coverage, the moment.
struct Scalar {
  std::string_view name;
  std::variant<bool, std::int64_t, double, std::string, Estimate> value;
  std::string_view doc{};
};

/// Prints the shown columns as an aligned table, at most `rows` rows. Columns that do not fit into
/// lines of 100 characters follow as further blocks, each beginning with the first column.
EMPTOR_EXPORT void print(std::ostream& out, std::span<const Column> columns, std::size_t rows = 10);

/// Writes all columns as CSV (RFC 4180, UTF-8, a header line, LF). Missing values are empty.
/// Doubles are written in the shortest form that reads back to the same bits. `for_spreadsheet`
/// puts a quote before text that a spreadsheet would run as a formula (= + - @). A list is one
/// cell, "tea, milk".
EMPTOR_EXPORT void write_csv(std::ostream& out, std::span<const Column> columns,
                             bool for_spreadsheet = true);

}  // namespace emptor
