#include "emptor/data/quality.hpp"

#include "data/findings.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>

namespace emptor::data {

namespace {

constexpr std::array<std::string_view, 4> kFindingLabels{"rejected", "repaired", "suspicious",
                                                         "note"};

}  // namespace

std::vector<Column> Quality::columns() const {
  return {
      Column("finding", finding, kFindingLabels, "what became of the rows"),
      Column("message", message, "what was found"),
      Column("n", n, "rows concerned"),
      Column("table", table, "the table"),
      Column("column", column, "the column; empty where no single one is meant"),
      Column("code", code, "stable identifier").hidden(),
      Column("examples", examples, "up to five places"),
      Column("details", details, "all of them where examples lists the first of a few").hidden(),
  };
}

std::vector<Scalar> Quality::info() const {
  return {
      {"rows_in", rows_in, "rows of the orders table that came in"},
      {"rows_kept", rows_kept, "rows kept"},
      {"rows_rejected", rows_rejected, "rows left out of everything, each counted once"},
  };
}

void add_finding(Quality& quality, Finding finding, std::string_view table, std::string_view column,
                 std::string_view code, std::string message, std::int64_t n, std::string examples,
                 std::string details) {
  quality.finding.push_back(finding);
  quality.table.emplace_back(table);
  quality.column.emplace_back(column);
  quality.code.emplace_back(code);
  quality.message.push_back(std::move(message));
  quality.n.push_back(n);
  quality.examples.push_back(std::move(examples));
  quality.details.push_back(std::move(details));
}

std::string Positions::place(std::int64_t position) const {
  const auto part = std::find_if(parts.rbegin(), parts.rend(),
                                 [&](const InputTable::Part& p) { return p.after < position; });
  if (part == parts.rend()) return word + ' ' + std::to_string(position);
  return part->name + ' ' + word + ' ' + std::to_string(position - part->after);
}

std::string examples_of(const Tally& tally, const Positions& positions,
                        const std::function<std::string(std::int64_t)>& found) {
  std::string out;
  for (std::int64_t i = 0; i < tally.shown(); ++i) {
    const std::int64_t row = tally.rows[static_cast<std::size_t>(i)];
    if (i > 0) out += "; ";
    out += positions.name(row);
    if (found) out += ": " + in_quotes(found(row));
  }
  return out;
}

std::string counted(std::int64_t n, std::string_view one, std::string_view many) {
  return grouped(n) + ' ' + std::string(n == 1 ? one : many);
}

}  // namespace emptor::data
