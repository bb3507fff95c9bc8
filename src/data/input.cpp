#include "emptor/data/input.hpp"

#include "emptor/core/error.hpp"

#include <unordered_set>
#include <utility>

namespace emptor::data {
namespace {

InputColumn one_chunk(std::string name, Meaning meaning, Layout layout, const void* values,
                      std::size_t rows) {
  InputColumn column;
  column.name = std::move(name);
  column.meaning = meaning;
  InputChunk& chunk = column.chunks.emplace_back();
  chunk.layout = layout;
  chunk.rows = rows;
  chunk.values = values;
  return column;
}

std::size_t rows_of(const InputColumn& column) noexcept {
  std::size_t rows = 0;
  for (const InputChunk& chunk : column.chunks) rows += chunk.rows;
  return rows;
}

}  // namespace

int InputTable::find(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

InputColumn column(std::string name, std::span<const std::int64_t> values) {
  return one_chunk(std::move(name), Meaning::number, Layout::int64, values.data(), values.size());
}

InputColumn column(std::string name, std::span<const double> values) {
  return one_chunk(std::move(name), Meaning::number, Layout::float64, values.data(), values.size());
}

InputColumn column(std::string name, std::span<const std::string_view> values) {
  return one_chunk(std::move(name), Meaning::text, Layout::cells, values.data(), values.size());
}

InputColumn date_column(std::string name, std::span<const std::int32_t> days) {
  return one_chunk(std::move(name), Meaning::date, Layout::int32, days.data(), days.size());
}

InputTable table(std::vector<InputColumn> columns) {
  InputTable result;
  std::unordered_set<std::string_view> names;
  for (const InputColumn& column : columns) {
    if (!names.insert(column.name).second) {
      throw InvalidArgument("table: two columns are named '" + column.name.substr(0, 40) + "'");
    }
    const std::size_t rows = rows_of(column);
    if (&column == columns.data()) result.rows = rows;
    if (rows != result.rows) {
      throw InvalidArgument("table: column '" + column.name.substr(0, 40) + "' has " +
                            std::to_string(rows) + " values where '" +
                            columns.front().name.substr(0, 40) + "' has " +
                            std::to_string(result.rows));
    }
  }
  result.columns = std::move(columns);
  return result;
}

}  // namespace emptor::data
