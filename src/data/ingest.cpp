#include "data/ingest.hpp"

#include "emptor/core/error.hpp"

#include "data/ids.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>

namespace emptor::data {

namespace {

PlannedTable plan(const std::optional<InputTable>& input, const TableSchema& schema,
                  const SalesOptions& options) {
  PlannedTable out;
  out.schema = &schema;
  if (!input) {
    for (const auto& [key, source] : options.columns) {
      const std::size_t dot = key.find('.');
      const std::string_view of = dot == std::string::npos ? std::string_view("orders")
                                                           : std::string_view(key).substr(0, dot);
      if (of == schema.name) {
        throw InvalidArgument("columns: \"" + key + "\" is of the table " +
                              std::string(schema.name) + ", which was not given");
      }
    }
    return out;
  }
  out.input = &*input;
  for (const InputColumn& column : input->columns) {
    std::size_t rows = 0;
    for (const InputChunk& chunk : column.chunks) rows += chunk.rows;
    if (rows != input->rows) {
      throw InvalidArgument(std::string(schema.name) + ": the column \"" + column.name + "\" has " +
                            grouped(static_cast<long long>(rows)) + " rows, the table " +
                            grouped(static_cast<long long>(input->rows)));
    }
  }
  out.plan = plan_columns(*input, schema, options.columns);
  out.positions = {input->row_word, input->first_row, input->positions, input->parts};
  return out;
}

void report_table(Ingestion& in, const PlannedTable& table) {
  if (table.input == nullptr) return;
  Quality& quality = in.facts->quality;
  if (!table.input->refused.empty()) {
    std::string examples;
    for (std::size_t i = 0; i < std::min<std::size_t>(5, table.input->refused.size()); ++i) {
      const InputTable::Refused& one = table.input->refused[i];
      if (i > 0) examples += "; ";
      examples += table.positions.place(one.position) + ": " + one.reason;
    }
    const auto n = static_cast<std::int64_t>(table.input->refused.size());
    add_finding(quality, Finding::rejected, table.schema->name, "", "refused_line",
                counted(n, "line", "lines") + " could not be split into the file's columns.", n,
                examples);
  }
  if (!table.plan.unused.empty()) {
    const auto n = static_cast<std::int64_t>(table.plan.unused.size());
    const std::string prefix =
        table.schema->name == "orders" ? "" : std::string(table.schema->name) + ".";
    add_finding(quality, Finding::note, table.schema->name, "", "unused_column",
                counted(n, "column is", "columns are") + " not used: " + listed(table.plan.unused) +
                    "; to group by one, write columns={\"" + prefix + "name\": \"its name\"}.",
                n, "");
  }
}

void check_options(const SalesOptions& options) {
  const auto one_of = [](std::string_view name, const std::string& value,
                         std::span<const std::string_view> allowed) {
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
    std::string list;
    for (const std::string_view a : allowed)
      list += (list.empty() ? "\"" : ", \"") + std::string(a) + "\"";
    throw InvalidArgument(std::string(name) + ": " + in_quotes(value) + " is none of " + list);
  };
  constexpr std::array<std::string_view, 3> kAmount{"auto", "line", "unit"};
  constexpr std::array<std::string_view, 3> kDiscount{"auto", "net", "gross"};
  constexpr std::array<std::string_view, 2> kExclude{"auto", "none"};
  one_of("amount_is", options.amount_is, kAmount);
  one_of("discount_is", options.discount_is, kDiscount);
  one_of("exclude_products", options.exclude_products, kExclude);
  if (options.decimal != 0 && options.decimal != '.' && options.decimal != ',') {
    throw InvalidArgument("decimal: " + in_quotes(std::string(1, options.decimal)) +
                          " is neither \".\" nor \",\"");
  }
  const bool letters = std::all_of(options.currency.begin(), options.currency.end(),
                                   [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!options.currency.empty() && (options.currency.size() != 3 || !letters)) {
    throw InvalidArgument("currency: " + in_quotes(options.currency) +
                          " is not three capital letters, as \"GBP\"");
  }
  for (const TimeZone* zone :
       {&options.timezone,
        options.source_timezone ? &*options.source_timezone : &options.timezone}) {
    if (zone->utc.size() != zone->offset.size() ||
        !std::is_sorted(zone->utc.begin(), zone->utc.end())) {
      throw InvalidArgument("timezone: the changes of \"" + zone->name +
                            "\" are not in order of time, one offset each");
    }
  }
}

/// What ingestion holds at its peak, at most: enough to refuse before it begins.
void check_memory(const Tables& tables, const Context& context) {
  if (context.memory_limit == 0) return;
  std::size_t bytes = 0;
  for (const auto* table : {&tables.orders, &tables.customers, &tables.products, &tables.contacts,
                            &tables.touchpoints}) {
    if (*table) bytes += (*table)->rows * (64 + 8 * (*table)->columns.size());
  }
  if (bytes > context.memory_limit) {
    throw MemoryLimit(
        "reading the tables may take " + grouped(static_cast<long long>(bytes)) +
        " bytes, more than memory_limit=" + grouped(static_cast<long long>(context.memory_limit)));
  }
}

/// Names of products in their table and on order lines, as codes into one dictionary.
Rows<std::int32_t> read_names(Ingestion& in, Rows<std::int32_t>& of_entity) {
  std::vector<ColumnReader> readers;
  const InputColumn* name = in.products.column("name");
  const InputColumn* description = in.orders.column("description");
  readers.reserve(2);
  if (name != nullptr) readers.emplace_back(*name, false);
  if (description != nullptr) readers.emplace_back(*description, false);
  std::vector<const ColumnReader*> pointers;
  for (const ColumnReader& reader : readers) pointers.push_back(&reader);
  CodedColumns coded = code_columns(pointers, IdUse::attribute, *in.context);
  in.facts->product_names = coded.dictionary;
  Rows<std::int32_t> of_lines;
  if (description != nullptr) {
    of_lines = std::move(coded.columns.back().code);
    in.recognised(in.orders, "description", *description, "names of products");
  }
  if (name != nullptr) {
    of_entity = std::move(coded.columns.front().code);
    in.recognised(in.products, "name", *name, "names");
  }
  return of_lines;
}

}  // namespace

std::string PlannedTable::name_of(std::string_view role, const InputColumn& source) const {
  return std::string(schema->name) + '.' + std::string(role) + " (\"" + source.name + "\")";
}

TimeRules Ingestion::time_rules() const {
  return {&options->timezone,
          options->source_timezone ? &*options->source_timezone : &options->timezone,
          options->date_format};
}

void Ingestion::recognised(const PlannedTable& table, std::string_view role,
                           const InputColumn& source, std::string as) const {
  facts->recognised.push_back(
      {std::string(table.schema->name), std::string(role), source.name, std::move(as)});
}

std::string id_words(const Dictionary& dictionary, std::int64_t made_whole) {
  std::string out = dictionary.is_text() ? "text id" : "int64 id";
  if (made_whole > 0 && !dictionary.is_text()) {
    out += ", " + counted(made_whole, "float", "floats") + " made whole";
  }
  return out;
}

SharedIds share_ids(Ingestion& in, std::initializer_list<const PlannedTable*> tables,
                    std::string_view role, std::shared_ptr<const Dictionary>& dictionary) {
  std::vector<const PlannedTable*> sources{&in.orders};
  sources.insert(sources.end(), tables);
  std::vector<ColumnReader> readers;
  readers.reserve(sources.size());
  for (const PlannedTable* table : sources)
    if (const InputColumn* column = table->column(role)) readers.emplace_back(*column);
  std::vector<const ColumnReader*> pointers;
  for (const ColumnReader& reader : readers) pointers.push_back(&reader);
  CodedColumns coded = code_columns(pointers, IdUse::id, *in.context);
  dictionary = coded.dictionary;
  std::vector<Rows<std::int32_t>> codes;
  std::size_t next = 0;
  for (const PlannedTable* table : sources) {
    const InputColumn* source = table->column(role);
    if (source == nullptr) {
      codes.emplace_back();
      continue;
    }
    CodedColumn& column = coded.columns[next++];
    in.recognised(*table, role, *source, id_words(*dictionary, column.made_whole));
    if (column.imprecise > 0) {
      add_finding(in.facts->quality, Finding::suspicious, table->schema->name, role, "id_precision",
                  counted(column.imprecise, "id came", "ids came") +
                      " as a float beyond 2^53 and may have lost digits; pass the column as "
                      "integers or text.",
                  column.imprecise, "");
    }
    codes.push_back(std::move(column.code));
  }
  SharedIds out;
  out.orders = std::move(codes.front());
  codes.erase(codes.begin());
  out.tables = std::move(codes);
  return out;
}

SalesFacts ingest(const Tables& tables, const SalesOptions& options, const Context& context) {
  SalesFacts facts;
  check_options(options);
  check_assignments(options.columns);
  check_memory(tables, context);
  facts.timezone = options.timezone;
  facts.currency = options.currency;
  facts.exclude_products = options.exclude_products == "auto";

  Ingestion in;
  in.options = &options;
  in.context = &context;
  in.facts = &facts;
  in.orders = plan(tables.orders, orders_schema(), options);
  in.customers = plan(tables.customers, customers_schema(), options);
  in.products = plan(tables.products, products_schema(), options);
  in.campaigns = plan(tables.campaigns, campaigns_schema(), options);
  in.contacts = plan(tables.contacts, contacts_schema(), options);
  in.touchpoints = plan(tables.touchpoints, touchpoints_schema(), options);

  SharedIds customers =
      share_ids(in, {&in.customers, &in.contacts, &in.touchpoints}, "customer", facts.customer_ids);
  SharedIds products = share_ids(in, {&in.products}, "product", facts.product_ids);
  Rows<std::int32_t> entity_names;
  Rows<std::int32_t> descriptions = read_names(in, entity_names);
  if (tables.orders) {
    ingest_orders(in, std::move(customers.orders), std::move(products.orders),
                  std::move(descriptions));
  }
  ingest_entities(in, customers.tables[0], products.tables[0], entity_names);
  ingest_campaigns(in);
  ingest_contacts(in, customers.tables[1]);
  ingest_touchpoints(in, customers.tables[2]);
  for (const PlannedTable* table :
       {&in.orders, &in.customers, &in.products, &in.campaigns, &in.contacts, &in.touchpoints}) {
    report_table(in, *table);
  }
  return facts;
}

}  // namespace emptor::data
