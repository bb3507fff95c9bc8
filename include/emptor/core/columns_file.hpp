#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/export.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor {

/// Columns read back, and whoever keeps them alive.
struct LoadedColumns {
  std::shared_ptr<const void> owner{};
  std::vector<Column> columns{};
  std::vector<Scalar> info{};
};

/// Columns of any result and its info as bytes that load_columns_bytes() gives back to the last
/// bit: names, kinds, docs, which columns are shown, ids and labels, values. The format is
/// versioned, little-endian and checksummed (docs/files.md).
/// @throws InvalidArgument for columns of unequal length
EMPTOR_EXPORT std::string save_columns_bytes(std::span<const Column> columns,
                                             std::span<const Scalar> info = {});

/// Bytes from anywhere: what is not whole and right is refused; nothing is run, and memory is a
/// small multiple of the bytes. @throws FormatError saying what is wrong
EMPTOR_EXPORT LoadedColumns load_columns_bytes(std::string_view bytes);

/// The same to a file, which is replaced in one step. @throws DataError naming the path
EMPTOR_EXPORT void save_columns(const std::string& path, std::span<const Column> columns,
                                std::span<const Scalar> info = {});

/// @throws DataError, FormatError naming the path
EMPTOR_EXPORT LoadedColumns load_columns(const std::string& path);

}  // namespace emptor
