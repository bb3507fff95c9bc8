#include "emptor/customers/survival.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/occasions.hpp"

#include <cstddef>

namespace emptor::customers {
namespace {

struct Followed {
  data::Day end;
  bool seen;
};

// Days of one customer's purchases, rising, at least one.
Followed second_purchase(std::span<const data::Day> days, data::Day last_day) {
  return days.size() > 1 ? Followed{days[1], true} : Followed{last_day, false};
}

Followed inactive(std::span<const data::Day> days, const data::Span& silence, data::Day last_day) {
  for (std::size_t i = 0; i < days.size(); ++i) {
    const data::Day gone = data::add(days[i], silence);
    if (gone > last_day) break;
    if (i + 1 == days.size() || days[i + 1] > gone) return {gone, true};
  }
  return {last_day, false};
}

// What the line of the first purchase says.
std::int32_t group_at(const data::Lines& lines, const data::Attribute& attribute,
                      std::size_t customer, data::Day first) {
  const auto end = static_cast<std::size_t>(lines.customer_begin[customer + 1]);
  for (auto i = static_cast<std::size_t>(lines.customer_begin[customer]); i < end; ++i) {
    if (lines.day[i] == first && lines.is_goods_purchase(i)) return attribute.code[i];
  }
  return Dictionary::kMissing;
}

}  // namespace

SurvivalEvent parse_survival_event(std::string_view text) {
  if (text == "second_purchase") return SurvivalEvent::second_purchase;
  if (text == "inactive") return SurvivalEvent::inactive;
  throw InvalidArgument("survival: until must be \"second_purchase\" or \"inactive\", found '" +
                        std::string(text.substr(0, 40)) + "'");
}

SurvivalDurations survival_durations(const data::Sales& sales,
                                     const SurvivalDurationsOptions& options,
                                     const Context& context) {
  const Occasions bought = occasions(sales, "survival");
  const data::Lines& lines = sales.lines("survival");
  SurvivalDurations result;
  data::Attribute attribute;
  if (!options.by.empty()) {
    attribute = sales.line_attribute(options.by, "survival");
    result.groups = attribute.values;
    result.by = options.by;
  }
  result.ids = sales.customers().ids;
  result.coverage = sales.behaviour_coverage();
  result.last_day = sales.last_day();
  result.new_from = data::add(sales.first_day(), options.new_after);
  for (std::size_t c = 0; c + 1 < bought.customer_begin.size(); ++c) {
    if (c % 16384 == 0 && context.stop.stop_requested()) throw Cancelled();
    const auto begin = static_cast<std::size_t>(bought.customer_begin[c]);
    const auto days =
        std::span(bought.day)
            .subspan(begin, static_cast<std::size_t>(bought.customer_begin[c + 1]) - begin);
    if (days.empty()) continue;
    if (days.front() < result.new_from) {
      ++result.n_left_out;
      continue;
    }
    const Followed followed = options.until == SurvivalEvent::second_purchase
                                  ? second_purchase(days, result.last_day)
                                  : inactive(days, options.inactive_after, result.last_day);
    result.customer.push_back(static_cast<std::int32_t>(c));
    result.first_order.push_back(days.front());
    result.duration.push_back(followed.end - days.front());
    result.event.push_back(followed.seen ? 1 : 0);
    result.seen.push_back(followed.seen ? 1 : 0);
    if (!options.by.empty()) result.group.push_back(group_at(lines, attribute, c, days.front()));
  }
  return result;
}

learn::SurvivalView SurvivalDurations::view() const { return {duration, event, {}, group, groups}; }

std::vector<Column> SurvivalDurations::columns() const {
  std::vector<Column> columns{
      {"customer", customer, *ids, "customer id"},
      Column::dates("first_order", first_order, "first day with a purchase"),
      {"duration", duration, "days from it to the event, or to the moment"},
      {"event", seen, "whether the event was seen by the moment"},
  };
  if (groups) columns.emplace_back("group", group, *groups, "as at the first purchase");
  return columns;
}

std::vector<Scalar> SurvivalDurations::info() const {
  return {{"n", static_cast<std::int64_t>(customer.size()), "customers followed"},
          {"n_left_out", n_left_out, "customers who may have bought before the data begin"},
          {"new_from", data::iso_date(new_from), "first purchases from this day on are followed"},
          {"moment", data::iso_date(last_day), "the last day observed"},
          {"by", by, "what groups are"},
          {"coverage", coverage.share(), "share of net revenue with a customer"}};
}

}  // namespace emptor::customers
