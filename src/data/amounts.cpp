#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "data/ids.hpp"
#include "data/money.hpp"
#include "data/numbers.hpp"
#include "data/orders.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace emptor::data {

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
  const std::size_t discounts = roles.size() - first_discount;
  for (const std::string_view role : {"order_discount", "order_subtotal"}) {
    if (column(role) != nullptr) roles.emplace_back(role, column(role));
  }
  if (column("order_discount") != nullptr && column("order") == nullptr) {
    throw DataError(
        "columns: \"order_discount\" is the discount of a whole order, and orders has no column "
        "of order ids; write columns={\"order\": \"...\"}");
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
    if (role == "order_subtotal") continue;
    if (role.find("discount") == std::string::npos && number.missing.n > 0) {
      refuse(role, *source, "missing_" + role, "no value here", missing);
    }
    if (number.not_finite.n > 0) {
      refuse(role, *source, "not_finite", "a number that is not finite", infinite);
    }
    if (number.unreadable.n > 0) {
      refuse(role, *source, "unreadable_number", "text that is not a number", [&](std::size_t i) {
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
  const bool has_discount = discounts > 0;
  const bool spread = column("order_discount") != nullptr && money != nullptr;
  const bool gross = (has_discount || spread) && (in_.options->discount_is == "gross" ||
                                                  (in_.options->discount_is == "auto" && unit));
  facts_.gross_discount = gross;
  if (has_discount) read_discount(numbers, first_discount, discounts, gross);
  if (money != nullptr) {
    compute_amount(numbers[first_discount - 1].value, unit, gross && has_discount);
  } else {
    amount_.assign(rows_, 0);
  }
  if (spread && gross) {
    const std::size_t at = first_discount + discounts;
    spread_order_discounts(numbers[at].value,
                           at + 1 < numbers.size() ? &numbers[at + 1].value : nullptr);
  }
  facts_.amount_rule = describe_amount(unit, gross);
}

std::string OrdersIngest::describe_amount(bool unit, bool gross) const {
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
  std::vector<std::string> names;
  for (const Assigned& one : in_.orders.plan.assigned) {
    if (one.role != nullptr && one.name == "discount") names.push_back(one.column->name);
  }
  const InputColumn* of_order = column("order_discount");
  if (of_order != nullptr && !gross) names.push_back(of_order->name);
  if (names.empty() && of_order == nullptr) return out + "; no discount column";
  if (!names.empty()) out += (gross ? "; less " : "; already net of ") + listed(names);
  if (of_order == nullptr || !gross) return out;
  return out + "; less " + listed(std::vector<std::string>{of_order->name}) +
         ", spread over the lines of its order";
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
                                 std::size_t count, bool gross) {
  Rows<double> total(rows_, 0.0);
  double largest = 0;
  bool whole = true;
  for (std::size_t c = first; c < first + count; ++c) {
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
             " the opposite sign of the others: taken as 0.",
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

void OrdersIngest::compute_amount(Rows<double>& money, bool unit, bool gross) {
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
        {all.overflow, "amount", source, "amount_overflow", "an amount beyond 9.2e14"});
  }
  note(Finding::repaired, "amount", "rounded_money",
       counted(all.rounded.n, "amount was", "amounts were") +
           " rounded, half to even, to ten-thousandths.",
       all.rounded, source);
}

}  // namespace emptor::data
