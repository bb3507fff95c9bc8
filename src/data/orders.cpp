#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "data/ids.hpp"
#include "data/ingest.hpp"
#include "data/line_order.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <set>

namespace emptor::data {

namespace {

/// The rows a check refuses, per reason, in row order.
struct Refusals {
  Tally tally{};
  std::string column{};
  const InputColumn* source = nullptr;
  std::string code{};
  std::string message{};
};

/// Orders on their way from incoming columns to the canonical table, one step per function.
class OrdersIngest {
 public:
  OrdersIngest(Ingestion& in, std::vector<std::int32_t> customer, std::vector<std::int32_t> product,
               std::vector<std::int32_t> description)
      : in_(in),
        context_(*in.context),
        facts_(*in.facts),
        rows_(in.orders.input->rows),
        keep_(rows_, 1),
        customer_(std::move(customer)),
        product_(std::move(product)),
        description_(std::move(description)) {}

  void run() {
    if (rows_ == 0) throw DataError("orders has no rows; there is nothing to analyse");
    if (rows_ >= std::numeric_limits<std::uint32_t>::max()) {
      throw DataError("orders has more than 4,294,967,294 rows; split it by time");
    }
    facts_.has_orders = true;
    facts_.positions = in_.orders.positions;
    read_ids();
    read_time();
    read_money();
    read_attributes();
    fill_from_order();
    report_refusals();
    order();
    number_orders();
    set_flags();
    finish();
  }

 private:
  void read_ids();
  void read_time();
  void read_money();
  void read_currency(const std::vector<std::string>& marks);
  void read_discount(std::vector<NumberColumn>& numbers, std::size_t first, bool gross);
  std::string describe_amount(bool unit, bool gross, std::size_t discounts) const;
  void compute_amount(std::vector<double>& money, bool unit, bool gross);
  void read_attributes();
  void fill_from_order();
  void report_refusals();
  void order();
  void number_orders();
  void set_flags();
  void finish();

  /// Rejects the rows a column holds no usable value for.
  void refuse(std::string_view role, const InputColumn& source, std::string_view code,
              std::string message, const std::function<bool(std::size_t)>& bad) {
    Refusals refusals;
    refusals.column = role;
    refusals.source = &source;
    refusals.code = code;
    refusals.message = std::move(message);
    for (std::size_t i = 0; i < rows_; ++i) {
      if (!bad(i)) continue;
      refusals.tally.add(i);
      keep_[i] = 0;
    }
    if (refusals.tally.n > 0) refusals_.push_back(std::move(refusals));
  }
  void note(Finding finding, std::string_view column, std::string_view code, std::string message,
            const Tally& tally, const InputColumn* quote = nullptr) {
    if (tally.n == 0) return;
    add_finding(facts_.quality, finding, "orders", column, code, std::move(message), tally.n,
                examples(tally, quote));
  }
  std::string examples(const Tally& tally, const InputColumn* quote) const {
    if (quote == nullptr || is_private(quote->name))
      return examples_of(tally, in_.orders.positions);
    const ColumnReader reader(*quote, false);
    return examples_of(tally, in_.orders.positions, [&](std::int64_t row) {
      return reader.found(static_cast<std::size_t>(row));
    });
  }
  const InputColumn* column(std::string_view role) const { return in_.orders.column(role); }

  Ingestion& in_;
  const Context& context_;
  SalesFacts& facts_;
  std::size_t rows_;
  std::vector<std::uint8_t> keep_;
  std::vector<Refusals> refusals_;
  std::vector<std::int32_t> customer_, product_, order_, description_;
  TimeColumn time_;
  std::vector<std::int64_t> recorded_;
  std::vector<double> quantity_;
  std::vector<Money> amount_, discount_;
  std::vector<OwnedAttribute> attributes_;
  bool dates_only_ = false;
};

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
      refuse("order", *source, "missing_order", "have no order id",
             [&](std::size_t i) { return order_[i] == Dictionary::kMissing; });
    }
    if (coded.columns[0].unreadable > 0) {
      refuse("order", *source, "unreadable_id", "have an order id that is neither whole nor text",
             [&](std::size_t i) { return order_[i] == CodedColumn::kUnreadable; });
    }
  }
  const auto check = [&](std::string_view role, std::vector<std::int32_t>& codes) {
    const InputColumn* source = column(role);
    if (source == nullptr) {
      codes.assign(rows_, Dictionary::kMissing);
      return;
    }
    if (std::find(codes.begin(), codes.end(), CodedColumn::kUnreadable) == codes.end()) return;
    refuse(role, *source, "unreadable_id",
           "have a " + std::string(role) + " id that is neither whole nor text",
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
      refuse(role, source, "missing_date", "have no date",
             [&](std::size_t i) { return out.utc[i] == kNoTime && reader.found(i).empty(); });
    }
    if (out.unreadable.n > 0) {
      refuse(role, source, "unreadable_date", "have a date that cannot be read (" + out.as + ")",
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

void OrdersIngest::read_money() {
  const InputColumn* quantity = column("quantity");
  const InputColumn* price = column("unit_price");
  const InputColumn* amount = column("amount");
  std::vector<ColumnReader> readers;
  std::vector<std::pair<std::string, const InputColumn*>> roles;
  if (quantity != nullptr) roles.emplace_back("quantity", quantity);
  // A bare price beside a quantity and a product is of one piece; of a whole purchase otherwise.
  const std::string& amount_is = in_.options->amount_is;
  bool unit = price != nullptr && quantity != nullptr;
  if (amount == nullptr && price != nullptr && normalised(price->name) == "price" &&
      column("product") == nullptr) {
    unit = false;
  }
  if (amount_is != "auto") unit = amount_is == "unit";
  if (unit && quantity == nullptr && amount_is == "unit") {
    throw DataError(
        "amount_is=\"unit\" needs a quantity, and orders has none; write "
        "columns={\"quantity\": \"...\"}");
  }
  const InputColumn* money = amount != nullptr ? amount : price;
  if (money != nullptr) roles.emplace_back(amount != nullptr ? "amount" : "unit_price", money);
  const std::size_t first_discount = roles.size();
  for (const Assigned& one : in_.orders.plan.assigned) {
    if (one.role != nullptr && one.name == "discount") roles.emplace_back("discount", one.column);
  }
  readers.reserve(roles.size());
  std::vector<NumberSource> sources;
  for (const auto& [role, source] : roles) {
    readers.emplace_back(*source);
    sources.push_back({&readers.back(), in_.orders.name_of(role, *source)});
  }
  std::vector<NumberColumn> numbers =
      read_numbers(sources, in_.options->decimal, in_.orders.positions, context_);

  std::vector<std::string> marks;
  for (std::size_t c = 0; c < numbers.size(); ++c) {
    const auto& [role, source] = roles[c];
    NumberColumn& number = numbers[c];
    in_.recognised(in_.orders, role, *source, "number");
    if (role != "quantity") {
      marks.insert(marks.end(), number.currencies.begin(), number.currencies.end());
    }
    const auto missing = [&](std::size_t i) {
      return std::isnan(number.value[i]) && readers[c].found(i).empty();
    };
    const auto infinite = [&](std::size_t i) {
      if (!std::isnan(number.value[i])) return false;
      const std::optional<double> value = parse_number(readers[c].found(i), '.');
      return value && std::isinf(*value);
    };
    if (role != "discount" && number.missing.n > 0) {
      refuse(role, *source, "missing_" + role, "have no value here", missing);
    }
    if (number.not_finite.n > 0) {
      refuse(role, *source, "not_finite", "have a number that is not finite", infinite);
    }
    if (number.unreadable.n > 0) {
      refuse(role, *source, "unreadable_number", "have text that is not a number",
             [&](std::size_t i) {
               return std::isnan(number.value[i]) && !missing(i) && !infinite(i);
             });
    }
  }
  read_currency(marks);

  if (quantity != nullptr) {
    quantity_ = std::move(numbers[0].value);
  } else {
    quantity_.assign(rows_, 1.0);
  }
  facts_.has_amount = money != nullptr;
  facts_.derived_price = !unit;
  const bool has_discount = first_discount < roles.size();
  const bool gross = has_discount && (in_.options->discount_is == "gross" ||
                                      (in_.options->discount_is == "auto" && unit));
  facts_.gross_discount = gross;
  if (has_discount) read_discount(numbers, first_discount, gross);
  if (money != nullptr) {
    compute_amount(numbers[first_discount - 1].value, unit, gross);
  } else {
    amount_.assign(rows_, 0);
  }
  facts_.amount_rule = describe_amount(unit, gross, roles.size() - first_discount);
}

std::string OrdersIngest::describe_amount(bool unit, bool gross, std::size_t discounts) const {
  const InputColumn* quantity = column("quantity");
  const InputColumn* price = column("unit_price");
  const InputColumn* amount = column("amount");
  const InputColumn* money = amount != nullptr ? amount : price;
  if (money == nullptr) return "no amount column; amounts are 0";
  std::string out = "amount = ";
  if (unit) {
    out += quantity->name + " \xC3\x97 " + money->name;
  } else {
    out += money->name + ", the total of the line";
  }
  if (discounts == 0) return out + "; no discount column";
  std::vector<std::string> names;
  for (const Assigned& one : in_.orders.plan.assigned) {
    if (one.role != nullptr && one.name == "discount") names.push_back(one.column->name);
  }
  return out + (gross ? "; less " : "; already net of ") + listed(names);
}

void OrdersIngest::read_currency(const std::vector<std::string>& marks) {
  std::set<std::string> found(marks.begin(), marks.end());
  if (const InputColumn* source = column("currency")) {
    const ColumnReader reader(*source);
    Distinct distinct;
    distinct_texts(reader, distinct, context_);
    in_.recognised(in_.orders, "currency", *source, "currency code");
    for (const std::string_view text : distinct.texts) {
      std::string code(text);
      std::transform(code.begin(), code.end(), code.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      });
      found.insert(code);
    }
  }
  if (found.size() > 1) {
    throw DataError("orders holds more than one currency: " +
                    listed(std::vector<std::string>(found.begin(), found.end())) +
                    "; keep one, or convert the amounts before");
  }
  if (found.empty()) return;
  const std::string& only = *found.begin();
  if (facts_.currency.empty()) {
    if (only.size() == 3) facts_.currency = only;
  } else if (only != facts_.currency && only != "$") {
    throw DataError("currency=\"" + facts_.currency + "\" was given, but orders is in \"" + only +
                    "\"");
  }
}

void OrdersIngest::read_discount(std::vector<NumberColumn>& numbers, std::size_t first,
                                 bool gross) {
  std::vector<double> total(rows_, 0.0);
  double largest = 0;
  bool whole = true;
  for (std::size_t c = first; c < numbers.size(); ++c) {
    double positive = 0, negative = 0;
    for (const double value : numbers[c].value) {
      if (value > 0) positive += value;
      if (value < 0) negative -= value;
      largest = std::max(largest, std::abs(value));
      whole &= std::isnan(value) || value == std::floor(value);
    }
    const double sign = negative > positive ? -1.0 : 1.0;
    Tally opposite;
    for (std::size_t i = 0; i < rows_; ++i) {
      const double value = sign * numbers[c].value[i];
      if (value > 0) total[i] += value;
      if (value < 0 && keep_[i] != 0 && quantity_[i] >= 0) opposite.add(i);
      // The discount of a return is taken back with it.
      if (value < 0 && quantity_[i] < 0) total[i] -= value;
    }
    note(Finding::suspicious, "discount", "discount_sign",
         counted(opposite.n, "discount has", "discounts have") +
             " the opposite sign of the others and count as 0.",
         opposite);
    numbers[c].value = {};
  }
  if (gross && largest > 0 && largest <= 1 && !whole) {
    Tally none;
    none.n = static_cast<std::int64_t>(rows_);
    add_finding(facts_.quality, Finding::suspicious, "orders", "discount", "discount_like_rate",
                "No discount is above 1: if these are shares of the price and not money, write "
                "columns={\"discount\": \"\"} and give amounts net of discount.",
                none.n, "");
  }
  discount_.resize(rows_);
  for (std::size_t i = 0; i < rows_; ++i) {
    bool rounded = false;
    const std::optional<Money> money = to_money(total[i], rounded);
    discount_[i] = money.value_or(0);
    if (!money) keep_[i] = 0;
  }
}

void OrdersIngest::compute_amount(std::vector<double>& money, bool unit, bool gross) {
  struct Part {
    Tally overflow{}, rounded{};
    std::uint64_t sum = 0;
    bool sum_overflow = false;
  };
  amount_.resize(rows_);
  Part all;
  for (const Part& part :
       core::parallel_map<Part>(context_, rows_, kBlock, [&](std::size_t begin, std::size_t end) {
         Part out;
         for (std::size_t i = begin; i < end; ++i) {
           amount_[i] = 0;
           if (keep_[i] == 0) continue;
           bool rounded = false;
           std::optional<Money> amount =
               unit ? to_money(quantity_[i], money[i], rounded) : to_money(money[i], rounded);
           if (amount && gross) {
             const Money less = *amount < 0 ? -discount_[i] : discount_[i];
             *amount -= less;
           }
           if (!amount) {
             out.overflow.add(i);
             keep_[i] = 0;
             continue;
           }
           amount_[i] = *amount;
           if (rounded) out.rounded.add(i);
           out.sum_overflow |= __builtin_add_overflow(
               out.sum, static_cast<std::uint64_t>(std::abs(*amount)), &out.sum);
         }
         return out;
       })) {
    all.overflow.merge(part.overflow);
    all.rounded.merge(part.rounded);
    all.sum_overflow |= part.sum_overflow || __builtin_add_overflow(all.sum, part.sum, &all.sum);
  }
  if (all.sum_overflow || all.sum > static_cast<std::uint64_t>(1) << 62) {
    throw DataError(
        "the amounts of orders add up to more than 4.6e14, beyond exact sums; check "
        "the columns, or give them in larger units");
  }
  const InputColumn* amount = column("amount");
  const InputColumn* source = amount != nullptr ? amount : column("unit_price");
  if (all.overflow.n > 0) {
    refusals_.push_back(
        {all.overflow, "amount", source, "amount_overflow", "have an amount beyond 9.2e14"});
  }
  note(Finding::repaired, "amount", "rounded_money",
       counted(all.rounded.n, "amount was", "amounts were") +
           " rounded, half to even, to ten-thousandths.",
       all.rounded, source);
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
  std::vector<std::int64_t> order_time;
  const auto find_times = [&] {
    order_time.assign(orders, kNoTime);
    std::vector<std::uint8_t> mixed(orders, 0);
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
  const auto fill = [&](std::string_view name, std::vector<std::int32_t>& codes) {
    if (std::find(codes.begin(), codes.end(), Dictionary::kMissing) == codes.end()) return;
    if (order_time.empty()) find_times();
    std::vector<std::int32_t> of_order(orders, Dictionary::kMissing);
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

void OrdersIngest::report_refusals() {
  Quality& quality = facts_.quality;
  const auto refused = static_cast<std::int64_t>(in_.orders.input->refused.size());
  const auto kept = static_cast<std::int64_t>(std::count(keep_.begin(), keep_.end(), 1));
  const auto rows = static_cast<std::int64_t>(rows_);
  quality.rows_in = rows + refused;
  quality.rows_kept = kept;
  quality.rows_rejected = rows - kept + refused;
  for (const Refusals& one : refusals_) {
    const std::string message = counted(one.tally.n, "line", "lines") + ' ' + one.message +
                                " and " + (one.tally.n == 1 ? "is" : "are") + " left out.";
    add_finding(quality, Finding::rejected, "orders", one.column, one.code, message, one.tally.n,
                examples(one.tally, one.source));
  }
  if (kept > 0) return;
  const Refusals& first =
      *std::max_element(refusals_.begin(), refusals_.end(),
                        [](const Refusals& a, const Refusals& b) { return a.tally.n < b.tally.n; });
  throw DataError("every row of orders was rejected; " + counted(first.tally.n, "line", "lines") +
                  ' ' + first.message + ": " + in_.orders.name_of(first.column, *first.source) +
                  ", " + examples(first.tally, first.source));
}

void OrdersIngest::order() {
  const auto compare = [this](std::uint32_t a, std::uint32_t b) {
    const auto three_way = [](const auto& x, const auto& y) {
      return x < y ? -1 : (y < x ? 1 : 0);
    };
    if (const int c = three_way(quantity_[a], quantity_[b])) return c;
    if (const int c = three_way(amount_[a], amount_[b])) return c;
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
  unordered.customer = customer_;
  unordered.time = time_.utc;
  unordered.order = order_;
  unordered.product = product_;
  unordered.keep = keep_;
  unordered.customers = facts_.customer_ids->size();
  unordered.compare = compare;
  LineOrder ordered = order_lines(unordered, context_);

  LineTable& lines = facts_.lines;
  const std::vector<std::uint32_t> index = std::move(ordered.index);
  customer_ = {};
  order_ = {};
  product_ = {};
  time_.utc = {};
  lines.customer = std::move(ordered.customer);
  lines.order = std::move(ordered.order);
  lines.product = std::move(ordered.product);
  lines.time = std::move(ordered.time);
  lines.customer_begin = std::move(ordered.customer_begin);
  const auto gather = [&](auto& from, auto& to) {
    if (from.empty()) return;
    to.resize(index.size());
    core::parallel_ranges(context_, index.size(), kBlock, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) to[i] = from[index[i]];
    });
    from = {};
  };
  gather(time_.day, lines.day);
  gather(quantity_, lines.quantity);
  gather(amount_, lines.amount);
  gather(discount_, lines.discount);
  gather(recorded_, lines.recorded);
  gather(description_, lines.description);
  for (OwnedAttribute& attribute : attributes_) {
    OwnedAttribute sorted{attribute.name, attribute.values, {}};
    gather(attribute.code, sorted.code);
    lines.attributes.push_back(std::move(sorted));
  }
  lines.row.assign(index.begin(), index.end());
  lines.flags.resize(index.size());
  for (std::size_t i = 0; i < index.size(); ++i) {
    lines.flags[i] = ordered.repeats[i] != 0 ? kDuplicate : 0;
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

void OrdersIngest::set_flags() {
  LineTable& lines = facts_.lines;
  const bool has_product = column("product") != nullptr;
  const bool has_customer = column("customer") != nullptr;
  Tally adjustments, opposite, no_product, no_customer, repeated;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::uint16_t& flags = lines.flags[i];
    const auto row = static_cast<std::size_t>(lines.row[i]);
    const bool returned = lines.quantity[i] < 0 || lines.amount[i] < 0;
    if (returned) flags |= kReturn;
    if (facts_.has_amount && lines.amount[i] == 0) flags |= kFree;
    if (!facts_.derived_price && lines.amount[i] < 0 && lines.quantity[i] > 0 &&
        facts_.exclude_products) {
      flags |= kNotGoods;
      adjustments.add(row);
    }
    if (lines.quantity[i] < 0 && lines.amount[i] > 0) opposite.add(row);
    if (has_product && lines.product[i] < 0) no_product.add(row);
    if (has_customer && lines.customer[i] < 0) no_customer.add(row);
    if ((flags & kDuplicate) != 0) repeated.add(row);
  }
  note(Finding::note, "customer", "missing_customer",
       counted(no_customer.n, "line has", "lines have") +
           " no customer: part of revenue, baskets and series, left out of customer analyses.",
       no_customer);
  note(Finding::suspicious, "product", "missing_product",
       counted(no_product.n, "line has", "lines have") + " no product.", no_product);
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
  LineTable& lines = facts_.lines;
  Day last = lines.day[0];
  facts_.first_day = lines.day[0];
  for (const Day day : lines.day) {
    facts_.first_day = std::min(facts_.first_day, day);
    last = std::max(last, day);
  }
  for (std::int64_t& recorded : lines.recorded) {
    if (recorded != kNoTime)
      last = std::max(last, day_of_local(facts_.timezone.to_local(recorded)));
  }
  facts_.last_moment =
      facts_.timezone.to_utc((static_cast<std::int64_t>(last) + 1) * kDayLength) - 1;
}

}  // namespace

void ingest_orders(Ingestion& in, std::vector<std::int32_t> customer,
                   std::vector<std::int32_t> product, std::vector<std::int32_t> description) {
  OrdersIngest(in, std::move(customer), std::move(product), std::move(description)).run();
}

}  // namespace emptor::data
