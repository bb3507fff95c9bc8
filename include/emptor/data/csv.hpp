#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/input.hpp"

#include <string>
#include <string_view>

namespace emptor::data {

/// How a CSV file is read. Every field has a default that detects.
struct CsvOptions {
  char delimiter = 0;  ///< 0 detects comma, semicolon, tab or pipe from the header and first lines
};

/// Reads a CSV file (RFC 4180: quotes, doubled quotes, newlines inside quotes; UTF-8 with or
/// without a byte-order mark; LF, CRLF or CR). The first line names the columns. All cells are
/// text; empty ones are missing. Lines with too few or too many fields are refused by line number
/// and counted in InputTable::refused; nothing else is dropped. Blank lines are skipped.
/// @throws FormatError if the file is empty, a quote never closes, a name repeats or bytes are not
/// UTF-8 text (with the line); DataError if it cannot be opened.
EMPTOR_EXPORT InputTable read_csv(const std::string& path, const CsvOptions& options = {},
                                  const Context& context = {});

/// The same from bytes in memory, which are taken over. `name` stands for the file in messages.
EMPTOR_EXPORT InputTable parse_csv(std::string bytes, std::string_view name,
                                   const CsvOptions& options = {}, const Context& context = {});

}  // namespace emptor::data
