#include "emptor/core/columns_file.hpp"

#include "emptor/core/error.hpp"

#include "core/bytes.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <list>
#include <type_traits>
#include <utility>

namespace emptor {
namespace {

using core::ByteReader;
using core::ByteWriter;

constexpr std::string_view kWhat = "columns";
constexpr std::uint32_t kVersion = 1;

// A file names a kind by its number in ColumnKind: new kinds go to the end of it.
constexpr std::uint8_t kKinds = 9;

// ---- writing ------------------------------------------------------------------------------------

void write_texts(std::span<const std::string> texts, ByteWriter& out) {
  std::vector<std::uint64_t> ends;
  std::string bytes;
  for (const std::string& text : texts) {
    bytes += text;
    ends.push_back(bytes.size());
  }
  out.numbers(ends);
  out.text(bytes);
}

std::uint32_t place_of(const Column& column, std::span<const Dictionary* const> dictionaries) {
  const auto place = std::find(dictionaries.begin(), dictionaries.end(), column.dictionary);
  return static_cast<std::uint32_t>(place - dictionaries.begin());
}

template <typename T>
void write_values(const Column& column, ByteWriter& out) {
  const auto values = column.values<T>();
  out.numbers(values.data(), values.size());
}

void write_column(const Column& column, std::span<const Dictionary* const> dictionaries,
                  ByteWriter& out) {
  out.text(column.name);
  out.text(column.doc);
  out.number(static_cast<std::uint8_t>(column.kind));
  out.number<std::uint8_t>(column.shown ? 1 : 0);
  switch (column.kind) {
    case ColumnKind::float64:
      return write_values<double>(column, out);
    case ColumnKind::int64:
    case ColumnKind::timestamp:
      return write_values<std::int64_t>(column, out);
    case ColumnKind::boolean:
      return write_values<std::uint8_t>(column, out);
    case ColumnKind::date:
      return write_values<std::int32_t>(column, out);
    case ColumnKind::text:
      return write_texts(column.values<std::string>(), out);
    case ColumnKind::code: {
      out.number(place_of(column, dictionaries));
      return write_values<std::int32_t>(column, out);
    }
    case ColumnKind::label: {
      std::vector<std::string> labels(column.labels.begin(), column.labels.end());
      write_texts(labels, out);
      return write_values<std::uint8_t>(column, out);
    }
    case ColumnKind::list: {
      const bool codes = column.dictionary != nullptr;
      out.number<std::uint8_t>(codes ? 1 : 0);
      if (codes) out.number(place_of(column, dictionaries));
      std::vector<std::uint64_t> ends;
      for (std::size_t i = 0; i < column.size; ++i)
        ends.push_back(static_cast<std::uint64_t>(column.offset[i + 1] - column.offset[0]));
      out.numbers(ends);
      const auto* first = static_cast<const std::int32_t*>(column.data) + column.offset[0];
      return out.numbers(first, ends.empty() ? 0 : static_cast<std::size_t>(ends.back()));
    }
  }
  throw InvalidArgument("save_columns: column '" + std::string(column.name) +
                        "' is of a kind that cannot be saved");
}

void write_scalar(const Scalar& scalar, ByteWriter& out) {
  out.text(scalar.name);
  out.text(scalar.doc);
  out.number(static_cast<std::uint8_t>(scalar.value.index()));
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, bool>) {
          out.number<std::uint8_t>(value ? 1 : 0);
        } else if constexpr (std::is_same_v<T, std::string>) {
          out.text(value);
        } else if constexpr (std::is_same_v<T, Estimate>) {
          for (const double x : {value.value, value.low, value.high, value.level}) out.number(x);
          out.number(value.n);
          out.number(static_cast<std::uint8_t>(value.status));
        } else {
          out.number(value);
        }
      },
      scalar.value);
}

// ---- reading ------------------------------------------------------------------------------------

/// Everything loaded columns point to, at addresses that stay.
struct Store {
  std::list<std::string> texts{};
  std::list<std::vector<double>> doubles{};
  std::list<std::vector<std::int64_t>> wide{};
  std::list<std::vector<std::int32_t>> narrow{};
  std::list<std::vector<std::uint8_t>> bytes{};
  std::list<std::vector<std::string>> strings{};
  std::list<std::vector<std::string_view>> labels{};
  std::vector<std::shared_ptr<const Dictionary>> dictionaries{};
  std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
};

std::vector<std::string> read_texts(ByteReader& in, const char* what) {
  const auto ends = in.numbers<std::uint64_t>(what);
  const std::string bytes = in.text(what);
  std::vector<std::string> texts;
  texts.reserve(ends.size());
  std::uint64_t from = 0;
  for (const std::uint64_t end : ends) {
    if (end < from || end > bytes.size()) ByteReader::fail(what);
    texts.emplace_back(bytes, from, end - from);
    from = end;
  }
  if (from != bytes.size()) ByteReader::fail(what);
  return texts;
}

template <typename T>
Column keep_values(ByteReader& in, ColumnKind kind, std::list<std::vector<T>>& store,
                   std::vector<T>*& values) {
  values = &store.emplace_back(in.numbers<T>("the values of a column"));
  Column column;
  column.kind = kind;
  column.data = values->data();
  column.size = values->size();
  return column;
}

bool codes_of(const Dictionary& ids, std::span<const std::int32_t> codes, std::int32_t least) {
  return std::all_of(codes.begin(), codes.end(),
                     [&](auto code) { return code >= least && code < ids.size(); });
}

Column read_lists(ByteReader& in, Store& store) {
  constexpr const char* kLists = "a column of lists";
  const Dictionary* ids = nullptr;
  const auto codes = in.number<std::uint8_t>(kLists);
  if (codes > 1) ByteReader::fail(kLists);
  if (codes == 1) {
    const auto place = in.number<std::uint32_t>(kLists);
    if (place >= store.dictionaries.size()) ByteReader::fail(kLists);
    ids = store.dictionaries[place].get();
  }
  auto& offset = store.wide.emplace_back(1, 0);
  for (const std::uint64_t end : in.numbers<std::uint64_t>(kLists)) {
    if (end > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      ByteReader::fail(kLists);
    offset.push_back(static_cast<std::int64_t>(end));
  }
  const auto& values = store.narrow.emplace_back(in.numbers<std::int32_t>(kLists));
  if (!std::is_sorted(offset.begin(), offset.end()) ||
      offset.back() != static_cast<std::int64_t>(values.size()) ||
      (ids != nullptr && !codes_of(*ids, values, 0)))
    ByteReader::fail(kLists);
  Column column = Column::lists({}, offset, values);
  column.dictionary = ids;
  return column;
}

Column read_values(ByteReader& in, ColumnKind kind, Store& store) {
  const auto need = [](bool good, const char* what) {
    if (!good) ByteReader::fail(what);
  };
  std::vector<double>* doubles = nullptr;
  std::vector<std::int64_t>* wide = nullptr;
  std::vector<std::int32_t>* narrow = nullptr;
  std::vector<std::uint8_t>* bytes = nullptr;
  switch (kind) {
    case ColumnKind::float64:
      return keep_values(in, kind, store.doubles, doubles);
    case ColumnKind::int64:
    case ColumnKind::timestamp:
      return keep_values(in, kind, store.wide, wide);
    case ColumnKind::date:
      return keep_values(in, kind, store.narrow, narrow);
    case ColumnKind::boolean: {
      const Column column = keep_values(in, kind, store.bytes, bytes);
      need(std::all_of(bytes->begin(), bytes->end(), [](auto x) { return x < 2; }), "a boolean");
      return column;
    }
    case ColumnKind::text: {
      const auto& strings = store.strings.emplace_back(read_texts(in, "a column of texts"));
      Column column;
      column.kind = kind;
      column.data = strings.data();
      column.size = strings.size();
      return column;
    }
    case ColumnKind::code: {
      const auto place = in.number<std::uint32_t>("a column of ids");
      need(place < store.dictionaries.size(), "a column of ids");
      const Dictionary& ids = *store.dictionaries[place];
      Column column = keep_values(in, kind, store.narrow, narrow);
      need(codes_of(ids, *narrow, -1), "a code");
      column.dictionary = &ids;
      return column;
    }
    case ColumnKind::label: {
      auto& labels = store.labels.emplace_back();
      for (auto& text : read_texts(in, "labels")) labels.push_back(store.keep(std::move(text)));
      Column column = keep_values(in, kind, store.bytes, bytes);
      need(std::all_of(bytes->begin(), bytes->end(), [&](auto x) { return x < labels.size(); }),
           "a label");
      column.labels = labels;
      return column;
    }
    case ColumnKind::list:
      return read_lists(in, store);
  }
  ByteReader::fail("the kind of a column");
}

Column read_column(ByteReader& in, Store& store) {
  const auto name = store.keep(in.text("the name of a column"));
  const auto doc = store.keep(in.text("the meaning of a column"));
  const auto kind = in.number<std::uint8_t>("the kind of a column");
  if (kind >= kKinds) ByteReader::fail("the kind of a column");
  const bool shown = in.number<std::uint8_t>("a column") != 0;
  Column column = read_values(in, static_cast<ColumnKind>(kind), store);
  column.name = name;
  column.doc = doc;
  column.shown = shown;
  return column;
}

Scalar read_scalar(ByteReader& in, Store& store) {
  constexpr const char* kWhatItIs = "a number of the info";
  Scalar scalar;
  scalar.name = store.keep(in.text(kWhatItIs));
  scalar.doc = store.keep(in.text(kWhatItIs));
  switch (in.number<std::uint8_t>(kWhatItIs)) {
    case 0:
      scalar.value = in.number<std::uint8_t>(kWhatItIs) != 0;
      break;
    case 1:
      scalar.value = in.number<std::int64_t>(kWhatItIs);
      break;
    case 2:
      scalar.value = in.number<double>(kWhatItIs);
      break;
    case 3:
      scalar.value = in.text(kWhatItIs);
      break;
    case 4: {
      Estimate x;
      for (double* field : {&x.value, &x.low, &x.high, &x.level})
        *field = in.number<double>(kWhatItIs);
      x.n = in.number<std::int64_t>(kWhatItIs);
      const auto status = in.number<std::uint8_t>(kWhatItIs);
      if (status >= status_labels().size()) ByteReader::fail(kWhatItIs);
      x.status = static_cast<Status>(status);
      scalar.value = x;
      break;
    }
    default:
      ByteReader::fail(kWhatItIs);
  }
  return scalar;
}

}  // namespace

std::string save_columns_bytes(std::span<const Column> columns, std::span<const Scalar> info) {
  std::vector<const Dictionary*> dictionaries;
  for (const Column& column : columns) {
    if (column.size != columns.front().size)
      throw InvalidArgument("save_columns: column '" + std::string(column.name) + "' has " +
                            std::to_string(column.size) + " rows, the first one has " +
                            std::to_string(columns.front().size));
    if (column.dictionary != nullptr && std::find(dictionaries.begin(), dictionaries.end(),
                                                  column.dictionary) == dictionaries.end())
      dictionaries.push_back(column.dictionary);
  }
  ByteWriter out;
  out.number<std::uint64_t>(dictionaries.size());
  for (const Dictionary* ids : dictionaries) core::write_dictionary(*ids, out);
  out.number<std::uint64_t>(columns.size());
  for (const Column& column : columns) write_column(column, dictionaries, out);
  out.number<std::uint64_t>(info.size());
  for (const Scalar& scalar : info) write_scalar(scalar, out);
  return core::sealed(kWhat, kVersion, std::move(out).take());
}

LoadedColumns load_columns_bytes(std::string_view bytes) {
  ByteReader in(core::unsealed(bytes, kWhat, kVersion).payload);
  const auto store = std::make_shared<Store>();
  LoadedColumns loaded;
  for (auto n = in.length(1, "the dictionaries"); n > 0; --n)
    store->dictionaries.push_back(core::read_dictionary(in));
  for (auto n = in.length(1, "the columns"); n > 0; --n) {
    loaded.columns.push_back(read_column(in, *store));
    if (loaded.columns.back().size != loaded.columns.front().size)
      ByteReader::fail("a column as long as the first one");
  }
  for (auto n = in.length(1, "the info"); n > 0; --n)
    loaded.info.push_back(read_scalar(in, *store));
  in.end();
  loaded.owner = store;
  return loaded;
}

void save_columns(const std::string& path, std::span<const Column> columns,
                  std::span<const Scalar> info) {
  core::write_file(path, save_columns_bytes(columns, info));
}

LoadedColumns load_columns(const std::string& path) {
  const std::string bytes = core::read_file(path);
  try {
    return load_columns_bytes(bytes);
  } catch (const FormatError& error) {
    throw FormatError("'" + path + "': " + error.what());
  }
}

}  // namespace emptor
