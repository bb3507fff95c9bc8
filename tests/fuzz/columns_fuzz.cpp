#include "emptor/core/columns_file.hpp"
#include "emptor/core/error.hpp"

#include "core/bytes.hpp"

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

// Any bytes are either columns that can be printed and saved to bytes that load again, or refused
// by a FormatError. Most inputs get a right header, so that the payload is reached.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] != 0) bytes = emptor::core::sealed("columns", 1, bytes);
  try {
    const auto loaded = emptor::load_columns_bytes(bytes);
    std::ostringstream csv;
    emptor::write_csv(csv, loaded.columns);
    const std::string again = emptor::save_columns_bytes(loaded.columns, loaded.info);
    const auto twice = emptor::load_columns_bytes(again);
    if (twice.columns.size() != loaded.columns.size()) std::abort();
    if (emptor::save_columns_bytes(twice.columns, twice.info) != again) std::abort();
  } catch (const emptor::FormatError& error) {
    if (*error.what() == '\0') std::abort();
  }
  return 0;
}
