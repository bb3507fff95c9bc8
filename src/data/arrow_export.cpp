#include "emptor/data/arrow.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

// Every structure given away owns its own memory, so that a consumer may move a column out of its
// batch and release the batch; all of them share what holds the values.

namespace emptor::data {
namespace {

/// What exported arrays keep alive: the result, and what had to be made for Arrow beside it.
struct Shared {
  std::vector<Column> columns{};
  std::vector<std::string> names{};  ///< terminated copies of the columns' names
  std::shared_ptr<const void> owner{};
};

const char* format_of(const Column& column) noexcept {
  switch (column.kind) {
    case ColumnKind::float64:
      return "g";
    case ColumnKind::int64:
      return "l";
    case ColumnKind::boolean:
      return "b";
    case ColumnKind::code:
      return "i";
    case ColumnKind::label:
      return "c";
    case ColumnKind::text:
      return "U";
    case ColumnKind::date:
      return "tdD";
    case ColumnKind::timestamp:
      return "tsu:UTC";
    case ColumnKind::list:
      return "+L";
  }
  return "n";
}

const char* dictionary_format_of(const Column& column) noexcept {
  if (column.kind == ColumnKind::label) return "U";
  if (column.kind != ColumnKind::code) return nullptr;
  return column.dictionary == nullptr || column.dictionary->is_text() ? "U" : "l";
}

struct SchemaMemory {
  std::string format{};
  std::string name{};
  std::vector<ArrowSchema> structs{};
  std::vector<ArrowSchema*> children{};
  ArrowSchema dictionary{};
};

void release_schema(ArrowSchema* schema) {
  for (std::int64_t i = 0; i < schema->n_children; ++i) {
    ArrowSchema* const child = schema->children[i];
    if (child->release != nullptr) child->release(child);
  }
  if (schema->dictionary != nullptr && schema->dictionary->release != nullptr) {
    schema->dictionary->release(schema->dictionary);
  }
  delete static_cast<SchemaMemory*>(schema->private_data);
  schema->release = nullptr;
}

/// A schema without children or dictionary yet; its memory for adding them.
SchemaMemory* make_schema(ArrowSchema* out, const char* format, std::string_view name) {
  auto memory = std::make_unique<SchemaMemory>();
  memory->format = format;
  memory->name = std::string(name);
  *out = {};
  out->format = memory->format.c_str();
  out->name = memory->name.c_str();
  out->release = &release_schema;
  out->private_data = memory.get();
  return memory.release();
}

bool has_text(const Column& column) noexcept {
  return column.dictionary != nullptr && column.dictionary->is_text();
}

/// What the lists hold: texts by their codes, integer ids as they are, plain numbers.
void make_list_schema(ArrowSchema* out, SchemaMemory& memory, const Column& column) {
  memory.structs.resize(1);
  memory.children = {memory.structs.data()};
  out->children = memory.children.data();
  out->n_children = 1;
  ArrowSchema* const child = memory.structs.data();
  const char* const format = has_text(column) || column.dictionary == nullptr ? "i" : "l";
  SchemaMemory* const inner = make_schema(child, format, "item");
  child->flags = ARROW_FLAG_NULLABLE;
  if (!has_text(column)) return;
  make_schema(&inner->dictionary, "U", "");
  child->dictionary = &inner->dictionary;
}

void make_column_schema(ArrowSchema* out, const Column& column) {
  SchemaMemory* const memory = make_schema(out, format_of(column), column.name);
  out->flags = ARROW_FLAG_NULLABLE;
  if (column.kind == ColumnKind::list) make_list_schema(out, *memory, column);
  if (const char* const format = dictionary_format_of(column); format != nullptr) {
    make_schema(&memory->dictionary, format, "");
    out->dictionary = &memory->dictionary;
  }
}

void make_batch_schema(ArrowSchema* out, std::span<const Column> columns) {
  SchemaMemory* const memory = make_schema(out, "+s", "");
  try {
    memory->structs.resize(columns.size());
    memory->children.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) memory->children[i] = &memory->structs[i];
    out->children = memory->children.data();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      // Counted before it is made: a column that fails half-way releases what it has.
      ++out->n_children;
      make_column_schema(memory->children[i], columns[i]);
    }
  } catch (...) {
    out->release(out);
    throw;
  }
}

struct ArrayMemory {
  std::shared_ptr<const Shared> shared{};
  const void* buffers[3] = {nullptr, nullptr, nullptr};
  std::vector<std::uint8_t> valid{};
  std::vector<std::uint8_t> bits{};
  std::vector<std::int64_t> offsets{};  ///< of texts; or the integer ids of lists
  std::string characters{};
  std::vector<ArrowArray> structs{};
  std::vector<ArrowArray*> children{};
  ArrowArray dictionary{};
};

void release_array(ArrowArray* array) {
  for (std::int64_t i = 0; i < array->n_children; ++i) {
    ArrowArray* const child = array->children[i];
    if (child->release != nullptr) child->release(child);
  }
  if (array->dictionary != nullptr && array->dictionary->release != nullptr) {
    array->dictionary->release(array->dictionary);
  }
  delete static_cast<ArrayMemory*>(array->private_data);
  array->release = nullptr;
}

ArrayMemory* make_array(ArrowArray* out, std::shared_ptr<const Shared> shared, std::size_t rows,
                        std::int64_t buffers) {
  auto memory = std::make_unique<ArrayMemory>();
  memory->shared = std::move(shared);
  *out = {};
  out->length = static_cast<std::int64_t>(rows);
  out->n_buffers = buffers;
  out->buffers = memory->buffers;
  out->release = &release_array;
  out->private_data = memory.get();
  return memory.release();
}

/// A buffer that is never null: consumers may look at empty ones too.
const void* or_empty(const void* buffer) noexcept {
  alignas(64) static const std::int64_t kEmpty[8] = {};
  return buffer != nullptr ? buffer : kEmpty;
}

template <typename T, typename IsMissing>
void mark_missing(ArrowArray* array, ArrayMemory& memory, const Column& column,
                  IsMissing&& is_missing) {
  const std::span<const T> values = column.values<T>();
  std::int64_t missing = 0;
  for (const T& value : values) missing += is_missing(value) ? 1 : 0;
  memory.buffers[1] = or_empty(values.data());
  array->null_count = missing;
  if (missing == 0) return;
  memory.valid.assign((values.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!is_missing(values[i])) {
      memory.valid[i / 8] = static_cast<std::uint8_t>(memory.valid[i / 8] | 1U << (i % 8));
    }
  }
  memory.buffers[0] = memory.valid.data();
}

/// Texts laid end to end, for a large string array.
template <typename Text>
void lay_out(ArrayMemory& memory, std::span<const Text> texts) {
  std::size_t size = 0;
  for (const Text& text : texts) size += text.size();
  memory.characters.reserve(size);
  memory.offsets.reserve(texts.size() + 1);
  memory.offsets.push_back(0);
  for (const Text& text : texts) {
    memory.characters += text;
    memory.offsets.push_back(static_cast<std::int64_t>(memory.characters.size()));
  }
  memory.buffers[1] = memory.offsets.data();
  memory.buffers[2] = memory.characters.data();
}

void make_dictionary(ArrowArray* out, const std::shared_ptr<const Shared>& shared,
                     const Column& column) {
  if (column.kind == ColumnKind::label) {
    lay_out(*make_array(out, shared, column.labels.size(), 3), column.labels);
    return;
  }
  static const Dictionary kNone;
  const Dictionary& ids = column.dictionary != nullptr ? *column.dictionary : kNone;
  const auto rows = static_cast<std::size_t>(ids.size());
  if (column.dictionary == nullptr || ids.is_text()) {
    ArrayMemory& memory = *make_array(out, shared, rows, 3);
    memory.buffers[1] = ids.offsets().data();
    memory.buffers[2] = ids.bytes().data();
  } else {
    make_array(out, shared, rows, 2)->buffers[1] = or_empty(ids.integers().data());
  }
}

/// Offsets of the whole column may begin past 0, as those of a slice do; the child holds what comes
/// before them too.
void make_lists(ArrowArray* out, const std::shared_ptr<const Shared>& shared, ArrayMemory& memory,
                const Column& column) {
  memory.buffers[1] = column.offset;
  memory.structs.resize(1);
  memory.children = {memory.structs.data()};
  out->children = memory.children.data();
  out->n_children = 1;
  const auto n = static_cast<std::size_t>(column.offset[column.size]);
  ArrowArray* const child = memory.structs.data();
  ArrayMemory& inner = *make_array(child, shared, n, 2);
  if (column.dictionary == nullptr || has_text(column)) {
    inner.buffers[1] = or_empty(column.data);
  } else {
    inner.offsets.reserve(n);
    const auto* const codes = static_cast<const std::int32_t*>(column.data);
    for (std::size_t i = 0; i < n; ++i) {
      inner.offsets.push_back(column.dictionary->integer(codes[i]));
    }
    inner.buffers[1] = or_empty(inner.offsets.data());
  }
  if (!has_text(column)) return;
  make_dictionary(&inner.dictionary, shared, column);
  child->dictionary = &inner.dictionary;
}

void make_column(ArrowArray* out, const std::shared_ptr<const Shared>& shared,
                 const Column& column) {
  const bool is_text = column.kind == ColumnKind::text;
  ArrayMemory& memory = *make_array(out, shared, column.size, is_text ? 3 : 2);
  switch (column.kind) {
    case ColumnKind::float64:
      mark_missing<double>(out, memory, column, [](double v) { return std::isnan(v); });
      break;
    case ColumnKind::int64:
    case ColumnKind::timestamp:
      mark_missing<std::int64_t>(out, memory, column, [](std::int64_t v) {
        return v == std::numeric_limits<std::int64_t>::min();
      });
      break;
    case ColumnKind::date:
      mark_missing<std::int32_t>(out, memory, column, [](std::int32_t v) {
        return v == std::numeric_limits<std::int32_t>::min();
      });
      break;
    case ColumnKind::code:
      mark_missing<std::int32_t>(out, memory, column, [](std::int32_t v) { return v < 0; });
      break;
    case ColumnKind::label:
      memory.buffers[1] = or_empty(column.data);
      break;
    case ColumnKind::boolean: {
      const auto values = column.values<std::uint8_t>();
      memory.bits.assign(values.size() / 8 + 1, 0);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] != 0) {
          memory.bits[i / 8] = static_cast<std::uint8_t>(memory.bits[i / 8] | 1U << (i % 8));
        }
      }
      memory.buffers[1] = memory.bits.data();
      break;
    }
    case ColumnKind::text: {
      const auto values = column.values<std::string>();
      mark_missing<std::string>(out, memory, column,
                                [](const std::string& v) { return v.empty(); });
      lay_out(memory, values);
      break;
    }
    case ColumnKind::list:
      make_lists(out, shared, memory, column);
      break;
  }
  if (dictionary_format_of(column) != nullptr) {
    make_dictionary(&memory.dictionary, shared, column);
    out->dictionary = &memory.dictionary;
  }
}

void make_batch(ArrowArray* out, const std::shared_ptr<const Shared>& shared) {
  const std::vector<Column>& columns = shared->columns;
  const std::size_t rows = columns.empty() ? 0 : columns.front().size;
  ArrayMemory* const memory = make_array(out, shared, rows, 1);
  try {
    memory->structs.resize(columns.size());
    memory->children.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) memory->children[i] = &memory->structs[i];
    out->children = memory->children.data();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      ++out->n_children;
      make_column(memory->children[i], shared, columns[i]);
    }
  } catch (...) {
    out->release(out);
    throw;
  }
}

struct StreamMemory {
  std::shared_ptr<const Shared> shared{};
  bool done = false;
  std::string error{};
};

// Nothing may be thrown through the interface.
template <typename Make>
int guarded(ArrowArrayStream* stream, Make&& make) noexcept {
  auto& memory = *static_cast<StreamMemory*>(stream->private_data);
  try {
    make(memory);
    return 0;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  } catch (const std::exception& error) {
    try {
      memory.error = error.what();
    } catch (...) {
      memory.error.clear();
    }
    return EINVAL;
  }
}

}  // namespace

void export_arrow(std::span<const Column> columns, std::shared_ptr<const void> owner,
                  ArrowArrayStream* out) {
  auto shared = std::make_shared<Shared>();
  shared->columns.assign(columns.begin(), columns.end());
  // The names may not live as long as the values do.
  shared->names.reserve(columns.size());
  for (Column& column : shared->columns) {
    column.name = shared->names.emplace_back(column.name);
  }
  shared->owner = std::move(owner);
  auto memory = std::make_unique<StreamMemory>();
  memory->shared = std::move(shared);
  *out = {};
  out->get_schema = [](ArrowArrayStream* stream, ArrowSchema* schema) {
    return guarded(stream,
                   [&](StreamMemory& mine) { make_batch_schema(schema, mine.shared->columns); });
  };
  out->get_next = [](ArrowArrayStream* stream, ArrowArray* array) {
    return guarded(stream, [&](StreamMemory& mine) {
      *array = {};
      if (mine.done) return;
      make_batch(array, mine.shared);
      mine.done = true;
    });
  };
  out->get_last_error = [](ArrowArrayStream* stream) -> const char* {
    const auto& mine = *static_cast<StreamMemory*>(stream->private_data);
    return mine.error.empty() ? nullptr : mine.error.c_str();
  };
  out->release = [](ArrowArrayStream* stream) {
    delete static_cast<StreamMemory*>(stream->private_data);
    stream->release = nullptr;
  };
  out->private_data = memory.release();
}

void export_arrow_schema(std::span<const Column> columns, ArrowSchema* out) {
  make_batch_schema(out, columns);
}

}  // namespace emptor::data
