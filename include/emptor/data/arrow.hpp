#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/input.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

// The Arrow C data and stream interfaces, as their specification asks to be repeated.
extern "C" {
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif  // ARROW_C_STREAM_INTERFACE
}

namespace emptor::data {

/// Drains an Arrow stream of record batches into a table that borrows the batches' buffers and
/// keeps them alive. The stream is released, also on error. Columns of types a Sales cannot use are
/// left out unless named in `wanted`; then they are an error that says which cast to write. An
/// empty `wanted` takes every column that can be used.
/// @throws FormatError for malformed structures, DataError for types or failing producers.
EMPTOR_EXPORT InputTable import_arrow(ArrowArrayStream* stream,
                                      std::span<const std::string> wanted = {});

/// Exports result columns as a stream of one record batch. Codes become dictionary arrays, labels
/// and text large strings; missing values become nulls. Numbers and codes are shared with `owner`,
/// not copied. Each call makes a fresh stream.
EMPTOR_EXPORT void export_arrow(std::span<const Column> columns, std::shared_ptr<const void> owner,
                                ArrowArrayStream* out);

/// The schema alone, as a struct type.
EMPTOR_EXPORT void export_arrow_schema(std::span<const Column> columns, ArrowSchema* out);

}  // namespace emptor::data
