#include "data/orders.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "data/ids.hpp"
#include "data/line_order.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace emptor::data {

void OrdersIngest::refuse_empty() const {
  const auto& refused = in_.orders.input->refused;
  if (refused.empty()) throw DataError("orders has no rows; there is nothing to analyse");
  throw DataError("every row of orders was rejected; " +
                  counted(static_cast<std::int64_t>(refused.size()), "line", "lines") +
                  " could not be split into the file's columns: " +
                  in_.orders.positions.place(refused.front().position) + ": " +
                  refused.front().reason);
}

void OrdersIngest::read_ids() {
  if (const InputColumn* source = column("order")) {
    const ColumnReader reader(*source);
    const std::array<const ColumnReader*, 1> readers{&reader};
    CodedColumns coded = code_columns(readers, IdUse::id, context_);
    facts_.order_ids = coded.dictionary;
    in_.recognised(in_.orders, "order", *source,
                   id_words(*coded.dictionary, coded.columns[0].made_whole));
    order_ = std::move(coded.columns[0].code);
    if (coded.columns[0].missing > 0) {
      refuse("order", *source, "missing_order", "no order id",
             [&](std::size_t i) { return order_[i] == Dictionary::kMissing; });
    }
    if (coded.columns[0].unreadable > 0) {
      refuse("order", *source, "unreadable_id", "an order id that is neither whole nor text",
             [&](std::size_t i) { return order_[i] == CodedColumn::kUnreadable; });
    }
  }
  const auto check = [&](std::string_view role, Rows<std::int32_t>& codes) {
    const InputColumn* source = column(role);
    if (source == nullptr) {
      codes.assign(rows_, Dictionary::kMissing);
      return;
    }
    if (std::find(codes.begin(), codes.end(), CodedColumn::kUnreadable) == codes.end()) return;
    refuse(role, *source, "unreadable_id",
           "a " + std::string(role) + " id that is neither whole nor text",
           [&](std::size_t i) { return codes[i] == CodedColumn::kUnreadable; });
  };
  check("customer", customer_);
  check("product", product_);
}

void OrdersIngest::read_time() {
  const auto read = [&](std::string_view role, const InputColumn& source, bool required) {
    const ColumnReader reader(source);
    TimeColumn out = read_times(reader, in_.time_rules(), in_.orders.name_of(role, source),
                                in_.orders.positions, context_);
    in_.recognised(in_.orders, role, source, out.as);
    if (required && out.missing.n > 0) {
      fill_times(out);
      refuse(role, source, "missing_date", "no date",
             [&](std::size_t i) { return out.utc[i] == kNoTime && reader.found(i).empty(); });
    }
    if (out.unreadable.n > 0) {
      refuse(role, source, "unreadable_date", "a date that cannot be read (" + out.as + ")",
             [&](std::size_t i) { return out.utc[i] == kNoTime && !reader.found(i).empty(); });
    }
    note(Finding::repaired, role, "clock_gap",
         "Wall clocks that the change to summer time skips were read with the offset before it.",
         out.gaps, &source);
    note(Finding::note, role, "clock_overlap",
         "Wall clocks that occur twice at the change to winter time were read as the first.",
         out.overlaps, &source);
    return out;
  };
  time_ = read("time", *column("time"), true);
  dates_only_ = time_.dates_only;
  if (const InputColumn* source = column("recorded_at")) {
    TimeColumn recorded = read("recorded_at", *source, false);
    recorded_ = std::move(recorded.utc);
  }
}

/// A line without a date has that of its order, if the order's other lines have one and the same.
void OrdersIngest::fill_times(TimeColumn& time) {
  if (order_.empty()) return;
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  constexpr std::size_t kSeveral = kNone - 1;
  std::vector<std::size_t> row_of(static_cast<std::size_t>(facts_.order_ids->size()), kNone);
  for (std::size_t i = 0; i < rows_; ++i) {
    if (order_[i] < 0 || time.utc[i] == kNoTime) continue;
    std::size_t& row = row_of[static_cast<std::size_t>(order_[i])];
    if (row == kNone) row = i;
    if (row != kSeveral && time.utc[row] != time.utc[i]) row = kSeveral;
  }
  const ColumnReader reader(*column("time"));
  Tally filled;
  Batch batch;
  for_batches(reader, 0, rows_, batch, [&](std::size_t first, const Batch& from) {
    for (std::size_t b = 0; b < from.rows; ++b) {
      const std::size_t i = first + b;
      const bool given =
          from.has(b) && (from.kind != Batch::Kind::texts || from.texts[b].data() != nullptr);
      if (order_[i] < 0 || time.utc[i] != kNoTime || given) continue;
      const std::size_t row = row_of[static_cast<std::size_t>(order_[i])];
      if (row == kNone || row == kSeveral) continue;
      time.utc[i] = time.utc[row];
      time.day[i] = time.day[row];
      filled.add(i);
    }
  });
  note(Finding::repaired, "time", "filled_from_order",
       counted(filled.n, "line takes its", "lines take their") +
           " missing time from the other lines of the order.",
       filled);
}

void OrdersIngest::read_attributes() {
  for (const Assigned& one : in_.orders.plan.assigned) {
    if (one.role != nullptr) continue;
    const ColumnReader reader(*one.column, false);
    const std::array<const ColumnReader*, 1> readers{&reader};
    CodedColumns coded = code_columns(readers, IdUse::attribute, context_);
    in_.recognised(in_.orders, one.name, *one.column,
                   counted(coded.dictionary->size(), "value", "values"));
    attributes_.push_back({one.name, coded.dictionary, std::move(coded.columns[0].code)});
  }
}

/// Exports that write an order's own columns only on its first line: a missing customer or
/// attribute is that of the order's other lines of the same time, if they all agree.
void OrdersIngest::fill_from_order() {
  if (order_.empty()) return;
  constexpr std::int32_t kConflict = -2;
  const auto orders = static_cast<std::size_t>(facts_.order_ids->size());
  Rows<std::int64_t> order_time;
  const auto find_times = [&] {
    order_time.assign(orders, kNoTime);
    Rows<std::uint8_t> mixed(orders, 0);
    for (std::size_t i = 0; i < rows_; ++i) {
      if (keep_[i] == 0) continue;
      const auto o = static_cast<std::size_t>(order_[i]);
      if (order_time[o] == kNoTime) order_time[o] = time_.utc[i];
      if (order_time[o] != time_.utc[i]) mixed[o] = 1;
      if (!recorded_.empty() && recorded_[i] != kNoTime) mixed[o] = 1;
    }
    for (std::size_t o = 0; o < orders; ++o) {
      if (mixed[o] != 0) order_time[o] = kNoTime;
    }
  };
  const auto fill = [&](std::string_view name, Rows<std::int32_t>& codes) {
    if (std::find(codes.begin(), codes.end(), Dictionary::kMissing) == codes.end()) return;
    if (order_time.empty()) find_times();
    Rows<std::int32_t> of_order(orders, Dictionary::kMissing);
    for (std::size_t i = 0; i < rows_; ++i) {
      if (keep_[i] == 0 || codes[i] < 0) continue;
      std::int32_t& known = of_order[static_cast<std::size_t>(order_[i])];
      if (known == Dictionary::kMissing) known = codes[i];
      if (known != codes[i]) known = kConflict;
    }
    Tally filled;
    for (std::size_t i = 0; i < rows_; ++i) {
      if (keep_[i] == 0 || codes[i] != Dictionary::kMissing) continue;
      const auto o = static_cast<std::size_t>(order_[i]);
      if (of_order[o] < 0 || order_time[o] == kNoTime) continue;
      codes[i] = of_order[o];
      filled.add(i);
    }
    note(Finding::repaired, name, "filled_from_order",
         counted(filled.n, "line takes its", "lines take their") + " missing " + std::string(name) +
             " from the other lines of the order.",
         filled);
  };
  fill("customer", customer_);
  for (OwnedAttribute& attribute : attributes_) fill(attribute.name, attribute.code);
}

/// Shops tell that an order was refunded or cancelled in a column of status, not in lines of its
/// own.
void OrdersIngest::report_status() {
  constexpr std::array<std::string_view, 3> kColumns{"financialstatus", "orderstatus", "status"};
  constexpr std::array<std::string_view, 8> kTakenBack{"refunded",   "partiallyrefunded", "voided",
                                                       "cancelled",  "canceled",          "failed",
                                                       "wcrefunded", "wccancelled"};
  for (const OwnedAttribute& attribute : attributes_) {
    const auto is = [](const auto& names, std::string_view name) {
      return std::find(names.begin(), names.end(), normalised(name)) != names.end();
    };
    if (!is(kColumns, attribute.name) || !attribute.values->is_text()) continue;
    std::vector<std::int64_t> n(static_cast<std::size_t>(attribute.values->size()), 0);
    Tally all;
    for (std::size_t i = 0; i < rows_; ++i) {
      if (keep_[i] == 0 || attribute.code[i] < 0) continue;
      if (!is(kTakenBack, attribute.values->text(attribute.code[i]))) continue;
      n[static_cast<std::size_t>(attribute.code[i])] += 1;
      all.add(i);
    }
    std::string values;
    for (std::size_t v = 0; v < n.size(); ++v) {
      if (n[v] == 0) continue;
      values += (values.empty() ? "" : ", ") +
                in_quotes(attribute.values->text(static_cast<std::int32_t>(v))) + " (" +
                grouped(n[v]) + ")";
    }
    note(Finding::suspicious, attribute.name, "order_status",
         counted(all.n, "line is of an order", "lines are of orders") + " marked " + values +
             " and " + (all.n == 1 ? "counts" : "count") +
             " as sold: such a file does not say when and which lines were given back. Leave "
             "these orders out, or add lines with negative quantities.",
         all);
  }
}

void OrdersIngest::report_refusals() {
  Quality& quality = facts_.quality;
  const auto refused = static_cast<std::int64_t>(in_.orders.input->refused.size());
  const auto kept = static_cast<std::int64_t>(std::count(keep_.begin(), keep_.end(), 1));
  const auto rows = static_cast<std::int64_t>(rows_);
  quality.rows_in = rows + refused;
  quality.rows_kept = kept;
  quality.rows_rejected = rows - kept + refused;
  for (const Refusals& one : refusals_) {
    const std::string message = counted(one.tally.n, "line has ", "lines have ") + one.message +
                                " and " + (one.tally.n == 1 ? "is" : "are") + " left out.";
    add_finding(quality, Finding::rejected, "orders", one.column, one.code, message, one.tally.n,
                examples(one.tally, one.source));
  }
  if (kept > 0) return;
  const Refusals& first =
      *std::max_element(refusals_.begin(), refusals_.end(),
                        [](const Refusals& a, const Refusals& b) { return a.tally.n < b.tally.n; });
  throw DataError("every row of orders was rejected; " +
                  counted(first.tally.n, "line has ", "lines have ") + first.message + ": " +
                  in_.orders.name_of(first.column, *first.source) + ", " +
                  examples(first.tally, first.source));
}

void OrdersIngest::order() {
  const auto compare = [this](std::uint32_t a, std::uint32_t b) {
    const auto three_way = [](const auto& x, const auto& y) {
      return x < y ? -1 : (y < x ? 1 : 0);
    };
    if (!discount_.empty()) {
      if (const int c = three_way(discount_[a], discount_[b])) return c;
    }
    if (!recorded_.empty()) {
      if (const int c = three_way(recorded_[a], recorded_[b])) return c;
    }
    if (!description_.empty()) {
      if (const int c = three_way(description_[a], description_[b])) return c;
    }
    for (const OwnedAttribute& attribute : attributes_) {
      if (const int c = three_way(attribute.code[a], attribute.code[b])) return c;
    }
    return 0;
  };
  UnorderedLines unordered;
  unordered.customer = std::move(customer_);
  unordered.time = std::move(time_.utc);
  unordered.day = std::move(time_.day);
  unordered.order = std::move(order_);
  unordered.product = std::move(product_);
  unordered.quantity = std::move(quantity_);
  unordered.amount = std::move(amount_);
  unordered.keep = keep_;
  unordered.customers = facts_.customer_ids->size();
  const bool others =
      !discount_.empty() || !recorded_.empty() || !description_.empty() || !attributes_.empty();
  if (others) unordered.compare = compare;
  OrderedLines ordered = order_lines(std::move(unordered), context_);

  LineTable& lines = facts_.lines;
  lines.customer = std::move(ordered.customer);
  lines.order = std::move(ordered.order);
  lines.product = std::move(ordered.product);
  lines.time = std::move(ordered.time);
  lines.day = std::move(ordered.day);
  lines.quantity = std::move(ordered.quantity);
  lines.amount = std::move(ordered.amount);
  lines.row = std::move(ordered.row);
  lines.flags = std::move(ordered.flags);
  lines.customer_begin = std::move(ordered.customer_begin);
  const auto gather = [&](auto& from, auto& to) {
    if (from.empty()) return;
    to.resize(lines.size());
    core::parallel_ranges(context_, lines.size(), kBlock, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        to[i] = from[static_cast<std::size_t>(lines.row[i])];
      }
    });
    from = {};
  };
  gather(discount_, lines.discount);
  gather(recorded_, lines.recorded);
  gather(description_, lines.description);
  for (OwnedAttribute& attribute : attributes_) {
    OwnedAttribute sorted{attribute.name, attribute.values, {}};
    gather(attribute.code, sorted.code);
    lines.attributes.push_back(std::move(sorted));
  }
}

/// Without an order column, what a customer buys at one time is one order. Its id is made of both.
void OrdersIngest::number_orders() {
  if (column("order") != nullptr) return;
  LineTable& lines = facts_.lines;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool starts =
        i == 0 || lines.customer[i] != lines.customer[i - 1] || lines.time[i] != lines.time[i - 1];
    if (starts) {
      std::string id =
          lines.customer[i] < 0 ? "?" : facts_.customer_ids->to_string(lines.customer[i]);
      id += ' ' + iso_date(dates_only_ ? lines.day[i] : day_of_local(lines.time[i]));
      if (!dates_only_) {
        const std::int64_t second = 1'000'000;
        const std::int64_t of_day =
            lines.time[i] - static_cast<std::int64_t>(day_of_local(lines.time[i])) * kDayLength;
        std::array<char, 40> text{};
        std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d.%06dZ",
                      static_cast<int>(of_day / (3600 * second)),
                      static_cast<int>(of_day / (60 * second) % 60),
                      static_cast<int>(of_day / second % 60), static_cast<int>(of_day % second));
        id += text.data();
      }
      ids.push_back(std::move(id));
    }
    lines.order[i] = static_cast<std::int32_t>(ids.size()) - 1;
  }
  const std::vector<std::string_view> texts(ids.begin(), ids.end());
  std::vector<std::int32_t> rank(ids.size());
  std::string bytes;
  std::vector<std::int64_t> offsets{0};
  for (const std::uint32_t i : text_order(texts)) {
    rank[i] = static_cast<std::int32_t>(offsets.size()) - 1;
    bytes += ids[i];
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  for (std::int32_t& order : lines.order) order = rank[static_cast<std::size_t>(order)];
  facts_.order_ids = Dictionary::from_texts(std::move(bytes), std::move(offsets));
  add_finding(facts_.quality, Finding::note, "orders", "order", "orders_by_time",
              "There is no order column: what a customer bought at one time is one order.",
              static_cast<std::int64_t>(lines.size()), "");
}

/// How to go by names where article numbers are missing.
std::string OrdersIngest::go_by_names() const {
  const InputColumn* name = column("description");
  if (name == nullptr || name == column("product")) return "";
  return "; to go by names instead, write columns={\"product\": \"" + name->name + "\"}";
}

void OrdersIngest::set_flags() {
  struct Part {
    Tally adjustments{}, opposite{}, no_product{}, no_customer{}, repeated{};
  };
  LineTable& lines = facts_.lines;
  const bool has_product = column("product") != nullptr;
  const bool has_customer = column("customer") != nullptr;
  const bool tells_price = !facts_.derived_price && facts_.exclude_products;
  Part all;
  for (const Part& part : core::parallel_map<Part>(
           context_, lines.size(), kBlock, [&](std::size_t begin, std::size_t end) {
             Part out;
             for (std::size_t i = begin; i < end; ++i) {
               std::uint16_t flags = lines.flags[i];
               const auto row = static_cast<std::size_t>(lines.row[i]);
               if (lines.quantity[i] < 0 || lines.amount[i] < 0) flags |= kReturn;
               if (facts_.has_amount && lines.amount[i] == 0) flags |= kFree;
               if (tells_price && lines.amount[i] < 0 && lines.quantity[i] > 0) {
                 flags |= kNotGoods;
                 out.adjustments.add(row);
               }
               if (lines.quantity[i] < 0 && lines.amount[i] > 0) out.opposite.add(row);
               if (has_product && lines.product[i] < 0) out.no_product.add(row);
               if (has_customer && lines.customer[i] < 0) out.no_customer.add(row);
               if ((flags & kDuplicate) != 0) out.repeated.add(row);
               lines.flags[i] = flags;
             }
             return out;
           })) {
    all.adjustments.merge(part.adjustments);
    all.opposite.merge(part.opposite);
    all.no_product.merge(part.no_product);
    all.no_customer.merge(part.no_customer);
    all.repeated.merge(part.repeated);
  }
  const auto& [adjustments, opposite, no_product, no_customer, repeated] = all;
  note(Finding::note, "customer", "missing_customer",
       counted(no_customer.n, "line has", "lines have") +
           " no customer: part of revenue, baskets and series, left out of customer analyses.",
       no_customer);
  note(Finding::suspicious, "product", "missing_product",
       counted(no_product.n, "line has", "lines have") + " no product" + go_by_names() + ".",
       no_product);
  note(Finding::note, "amount", "negative_price",
       counted(adjustments.n, "line has", "lines have") +
           " a negative price: an adjustment, not goods.",
       adjustments);
  note(Finding::suspicious, "amount", "opposite_signs",
       counted(opposite.n, "line has", "lines have") +
           " a negative quantity and a positive amount; taken as a return.",
       opposite);
  note(Finding::suspicious, "", "duplicate_line",
       counted(repeated.n, "line equals", "lines equal") +
           " an earlier line in every used column; kept.",
       repeated);
}

void OrdersIngest::finish() {
  struct Days {
    Day first = std::numeric_limits<Day>::max();
    Day last = std::numeric_limits<Day>::min();
  };
  LineTable& lines = facts_.lines;
  Days all;
  for (const Days& part : core::parallel_map<Days>(
           context_, lines.size(), kBlock, [&](std::size_t begin, std::size_t end) {
             Days days;
             for (std::size_t i = begin; i < end; ++i) {
               days.first = std::min(days.first, lines.day[i]);
               days.last = std::max(days.last, lines.day[i]);
             }
             return days;
           })) {
    all.first = std::min(all.first, part.first);
    all.last = std::max(all.last, part.last);
  }
  facts_.first_day = all.first;
  for (const std::int64_t recorded : lines.recorded) {
    if (recorded != kNoTime)
      all.last = std::max(all.last, day_of_local(facts_.timezone.to_local(recorded)));
  }
  facts_.last_moment =
      facts_.timezone.to_utc((static_cast<std::int64_t>(all.last) + 1) * kDayLength) - 1;
}

void ingest_orders(Ingestion& in, Rows<std::int32_t> customer, Rows<std::int32_t> product,
                   Rows<std::int32_t> description) {
  OrdersIngest(in, std::move(customer), std::move(product), std::move(description)).run();
}

}  // namespace emptor::data
