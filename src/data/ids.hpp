#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"

#include "data/reader.hpp"
#include "data/rows.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// What the values of a column are read as.
enum class IdUse : std::uint8_t {
  id,         ///< whole numbers or text; anything else is unreadable
  attribute,  ///< any value; numbers that are not whole become text
};

/// One incoming column as codes into a dictionary that several columns may share.
struct CodedColumn {
  static constexpr std::int32_t kUnreadable = -2;
  Rows<std::int32_t> code{};    ///< per row; -1 missing, kUnreadable
  std::int64_t made_whole = 0;  ///< floats such as 17850.0 read as 17850
  std::int64_t imprecise = 0;   ///< whole floats beyond 2^53, which may have lost digits
  std::int64_t missing = 0;
  std::int64_t unreadable = 0;
};

struct CodedColumns {
  std::shared_ptr<const Dictionary> dictionary{};
  std::vector<CodedColumn> columns{};
};

/// Codes of columns that hold the same ids (a customer in orders and in customers). All are int64
/// if every value of every column is; otherwise all are text, integers by their digits. Cells of a
/// file count as int64 if all are plain digits without leading zeros. The codes do not depend on
/// the order of rows or on the number of threads.
CodedColumns code_columns(std::span<const ColumnReader* const> columns, IdUse use,
                          const Context& context);

/// The distinct values of one column and where each row points.
struct Distinct {
  bool is_text = false;
  std::vector<std::int64_t> integers{};   ///< sorted
  std::vector<std::string_view> texts{};  ///< sorted by bytes
  std::vector<std::string> storage{};     ///< behind `texts` where the input does not hold them
  CodedColumn column{};
};

/// Distinct int64 values; `missing` marks missing rows and `unreadable` unreadable ones.
inline constexpr std::int64_t kMissingInteger = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kUnreadableInteger = kMissingInteger + 1;
void distinct_integers(std::span<const std::int64_t> values, Distinct& out, const Context& context);

/// Distinct texts of a text column.
void distinct_texts(const ColumnReader& reader, Distinct& out, const Context& context);

/// Order of texts by bytes: `order[i]` is the index of the i-th smallest; equal texts by index.
std::vector<std::uint32_t> text_order(std::span<const std::string_view> texts);

}  // namespace emptor::data
