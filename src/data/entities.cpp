#include "core/parallel.hpp"
#include "data/ids.hpp"
#include "data/ingest.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>

namespace emptor::data {

namespace {

/// Which row of a table describes each id: the first one. Others, and rows without an id, are
/// reported.
std::vector<std::int64_t> row_of_id(Ingestion& in, const PlannedTable& table, std::string_view role,
                                    const Rows<std::int32_t>& codes, std::int32_t size) {
  std::vector<std::int64_t> row(static_cast<std::size_t>(size), -1);
  Tally missing, repeated;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i] < 0) {
      missing.add(i);
      continue;
    }
    std::int64_t& known = row[static_cast<std::size_t>(codes[i])];
    if (known >= 0) {
      repeated.add(i);
    } else {
      known = static_cast<std::int64_t>(i);
    }
  }
  Quality& quality = in.facts->quality;
  if (missing.n > 0) {
    add_finding(quality, Finding::rejected, table.schema->name, role, "unreadable_id",
                counted(missing.n, "row has", "rows have") + " no readable id and " +
                    (missing.n == 1 ? "is" : "are") + " left out.",
                missing.n, examples_of(missing, table.positions));
  }
  if (repeated.n > 0) {
    add_finding(quality, Finding::rejected, table.schema->name, role, "repeated_id",
                counted(repeated.n, "row describes", "rows describe") +
                    " an id again; the first row of an id counts.",
                repeated.n, examples_of(repeated, table.positions));
  }
  return row;
}

template <typename Value>
Rows<Value> pick(const Rows<Value>& values, const std::vector<std::int64_t>& row, Value missing) {
  Rows<Value> out(row.size(), missing);
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (row[c] >= 0) out[c] = values[static_cast<std::size_t>(row[c])];
  }
  return out;
}

std::vector<OwnedAttribute> read_attributes(Ingestion& in, const PlannedTable& table,
                                            const std::vector<std::int64_t>& row) {
  std::vector<OwnedAttribute> out;
  for (const Assigned& one : table.plan.assigned) {
    if (one.role != nullptr) continue;
    const ColumnReader reader(*one.column, false);
    const std::array<const ColumnReader*, 1> readers{&reader};
    CodedColumns coded = code_columns(readers, IdUse::attribute, *in.context);
    in.recognised(table, one.name, *one.column,
                  counted(coded.dictionary->size(), "value", "values"));
    out.push_back(
        {one.name, coded.dictionary, pick(coded.columns[0].code, row, Dictionary::kMissing)});
  }
  return out;
}

/// Lines whose id the table of their customers or products does not know.
void report_unknown(Ingestion& in, const PlannedTable& table, std::string_view code,
                    std::string_view what, std::span<const std::int32_t> of_lines,
                    const std::vector<std::int64_t>& row) {
  Tally unknown;
  std::vector<std::uint8_t> met(row.size(), 0);
  std::int64_t ids = 0;
  const LineTable& lines = in.facts->lines;
  for (std::size_t i = 0; i < of_lines.size(); ++i) {
    if (of_lines[i] < 0) continue;
    const auto c = static_cast<std::size_t>(of_lines[i]);
    if (row[c] >= 0) continue;
    unknown.add(static_cast<std::size_t>(lines.row[i]));
    ids += met[c] == 0 ? 1 : 0;
    met[c] = 1;
  }
  if (unknown.n == 0) return;
  add_finding(in.facts->quality, Finding::note, "orders", what, code,
              counted(unknown.n, "line is", "lines are") + " of " +
                  counted(ids, what, std::string(what) + "s") + " that the table " +
                  std::string(table.schema->name) + " does not hold.",
              unknown.n, examples_of(unknown, in.facts->positions));
}

/// A grocer's products often have no names: their type and package size stand for one.
void compose_names(Ingestion& in) {
  SalesFacts& facts = *in.facts;
  const OwnedAttribute* type = nullptr;
  const OwnedAttribute* size = nullptr;
  for (const OwnedAttribute& attribute : facts.product_attributes) {
    if (normalised(attribute.name) == "producttype") type = &attribute;
    if (normalised(attribute.name) == "packagesize") size = &attribute;
  }
  if (type == nullptr) return;
  std::vector<std::string> names(facts.product_attributes.front().code.size());
  std::vector<std::string> known;
  for (std::size_t p = 0; p < names.size(); ++p) {
    if (type->code[p] < 0) continue;
    names[p] = type->values->to_string(type->code[p]);
    if (size != nullptr && size->code[p] >= 0) {
      names[p] += ", " + size->values->to_string(size->code[p]);
    }
    known.push_back(names[p]);
  }
  if (known.empty()) return;
  facts.product_names = Dictionary::from_texts(std::move(known));
  facts.product_name.assign(names.size(), Dictionary::kMissing);
  for (std::size_t p = 0; p < names.size(); ++p) {
    if (!names[p].empty()) facts.product_name[p] = facts.product_names->find(names[p]);
  }
  facts.recognised.push_back({"products", "name",
                              type->name + (size == nullptr ? "" : ", " + size->name),
                              "made of product type and package size"});
}

}  // namespace

void ingest_entities(Ingestion& in, const Rows<std::int32_t>& customers,
                     const Rows<std::int32_t>& products, Rows<std::int32_t>& names) {
  SalesFacts& facts = *in.facts;
  const auto n_products = static_cast<std::size_t>(facts.product_ids->size());
  facts.product_name.assign(n_products, Dictionary::kMissing);
  if (in.products.input != nullptr) {
    const auto row = row_of_id(in, in.products, "product", products, facts.product_ids->size());
    if (!names.empty()) facts.product_name = pick(names, row, Dictionary::kMissing);
    facts.product_attributes = read_attributes(in, in.products, row);
    if (facts.has_orders) {
      report_unknown(in, in.products, "unknown_product", "product", facts.lines.product, row);
    }
    if (names.empty() && facts.lines.description.empty()) compose_names(in);
  }
  if (in.customers.input != nullptr) {
    const auto row = row_of_id(in, in.customers, "customer", customers, facts.customer_ids->size());
    if (const InputColumn* name = in.customers.column("name")) {
      const ColumnReader reader(*name, false);
      const std::array<const ColumnReader*, 1> readers{&reader};
      CodedColumns coded = code_columns(readers, IdUse::attribute, *in.context);
      facts.customer_names = coded.dictionary;
      facts.customer_name = pick(coded.columns[0].code, row, Dictionary::kMissing);
      in.recognised(in.customers, "name", *name, "names");
    }
    facts.customer_attributes = read_attributes(in, in.customers, row);
    if (facts.has_orders) {
      report_unknown(in, in.customers, "unknown_customer", "customer", facts.lines.customer, row);
    }
  }
}

void ingest_campaigns(Ingestion& in) {
  SalesFacts& facts = *in.facts;
  facts.campaigns.ids = std::make_shared<Dictionary>();
  facts.campaigns.names = std::make_shared<Dictionary>();
  if (in.campaigns.input == nullptr) return;
  const InputColumn& id = *in.campaigns.column("campaign");
  const auto code = [&](const InputColumn& column, IdUse use) {
    const ColumnReader reader(column, use == IdUse::id);
    const std::array<const ColumnReader*, 1> readers{&reader};
    return code_columns(readers, use, *in.context);
  };
  CodedColumns ids = code(id, IdUse::id);
  in.recognised(in.campaigns, "campaign", id, id_words(*ids.dictionary, ids.columns[0].made_whole));
  facts.campaigns.ids = ids.dictionary;
  const auto row =
      row_of_id(in, in.campaigns, "campaign", ids.columns[0].code, ids.dictionary->size());
  facts.campaign_name.assign(row.size(), Dictionary::kMissing);
  if (const InputColumn* name = in.campaigns.column("name")) {
    CodedColumns names = code(*name, IdUse::attribute);
    facts.campaigns.names = names.dictionary;
    facts.campaign_name = pick(names.columns[0].code, row, Dictionary::kMissing);
    in.recognised(in.campaigns, "name", *name, "names");
  }
  const auto days = [&](std::string_view role) {
    const InputColumn* source = in.campaigns.column(role);
    if (source == nullptr) return Rows<Day>(row.size(), kNoDay);
    const ColumnReader reader(*source);
    TimeColumn time = read_times(reader, in.time_rules(), in.campaigns.name_of(role, *source),
                                 in.campaigns.positions, *in.context);
    in.recognised(in.campaigns, role, *source, time.as);
    if (time.unreadable.n > 0) {
      add_finding(facts.quality, Finding::suspicious, "campaigns", role, "unreadable_date",
                  counted(time.unreadable.n, "date", "dates") + " cannot be read and are missing.",
                  time.unreadable.n, examples_of(time.unreadable, in.campaigns.positions));
    }
    return pick(time.day, row, kNoDay);
  };
  facts.campaign_start = days("start");
  facts.campaign_end = days("end");
  facts.campaign_attributes = read_attributes(in, in.campaigns, row);
}

}  // namespace emptor::data
