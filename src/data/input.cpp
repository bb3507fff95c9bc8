#include "emptor/data/input.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
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

InputTable concatenate(std::span<const InputTable> tables, std::span<const std::string> names) {
  InputTable out;
  std::vector<std::shared_ptr<const void>> owners;
  std::int64_t last = 0;  // position of the last line so far
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const InputTable& table = tables[t];
    if (t == 0) {
      out.row_word = table.row_word;
      out.columns = table.columns;
    } else {
      const auto same = [](const InputColumn& a, const InputColumn& b) {
        return a.name == b.name && a.meaning == b.meaning;
      };
      if (!std::equal(table.columns.begin(), table.columns.end(), out.columns.begin(),
                      out.columns.end(), same)) {
        throw DataError("the columns of '" + names[t] + "' are not those of '" + names[0] +
                        "'; read files of one kind together");
      }
      for (std::size_t c = 0; c < out.columns.size(); ++c) {
        const auto& chunks = table.columns[c].chunks;
        out.columns[c].chunks.insert(out.columns[c].chunks.end(), chunks.begin(), chunks.end());
      }
    }
    const std::int64_t after = last;
    out.parts.push_back({after, names[t]});
    for (std::size_t row = 0; row < table.rows; ++row) {
      const std::int64_t own = table.positions.empty()
                                   ? table.first_row + static_cast<std::int64_t>(row)
                                   : table.positions[row];
      out.positions.push_back(after + own);
      last = std::max(last, after + own);
    }
    for (const InputTable::Refused& one : table.refused) {
      out.refused.push_back({after + one.position, one.reason});
      last = std::max(last, after + one.position);
    }
    out.rows += table.rows;
    owners.push_back(table.owner);
  }
  out.owner = std::make_shared<const std::vector<std::shared_ptr<const void>>>(std::move(owners));
  return out;
}

}  // namespace emptor::data
