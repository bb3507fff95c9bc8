#include "mining/sequence_data.hpp"

#include "emptor/core/error.hpp"

#include "core/shortest.hpp"
#include "mining/purchases.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::mining::seq {
namespace {

constexpr std::int64_t kLeastCount = 20;
constexpr double kLeastSupport = 0.01;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

std::int64_t least_count(const SequencesOptions& options, std::int64_t n_customers) {
  const auto share_of = [&](double share) {
    // A share of 30 % of ten customers is three of them, whatever 0.3 * 10 is in binary.
    return static_cast<std::int64_t>(std::ceil(share * static_cast<double>(n_customers) - 1e-9));
  };
  if (options.min_support > 0) return std::max<std::int64_t>(1, share_of(options.min_support));
  if (options.min_count > 0) return options.min_count;
  return std::max(kLeastCount, share_of(kLeastSupport));
}

/// Customers per item, and how many customers and visits there are.
std::vector<std::int32_t> count_items(const PurchasesView& p, SequenceData& d) {
  std::vector<std::int32_t> buyers(at(p.n_items), 0), last(at(p.n_items), -1);
  for (std::size_t i = 0; i < p.customer.size(); ++i) {
    const bool new_customer = i == 0 || p.customer[i] != p.customer[i - 1];
    d.n_customers += new_customer ? 1 : 0;
    d.n_visits += new_customer || p.day[i] != p.day[i - 1] ? 1 : 0;
    if (last[at(p.item[i])] != p.customer[i]) ++buyers[at(p.item[i])];
    last[at(p.item[i])] = p.customer[i];
  }
  return buyers;
}

/// Which visits may follow which: two or three pointers that only move forward, since a later day
/// plus a span is never an earlier one.
void add_limits(SequenceData& d, const SequencesOptions& o) {
  const auto n = static_cast<std::int32_t>(d.day.size());
  d.from.resize(d.day.size());
  d.to.resize(d.day.size());
  d.span_to.resize(d.day.size());
  for (std::int32_t first = 0, end = 0; first < n; first = end) {
    while (end < n && d.customer[at(end)] == d.customer[at(first)]) ++end;
    std::int32_t from = first, to = first, span_to = first;
    for (auto v = first; v < end; ++v) {
      const Day day = d.day[at(v)];
      from = std::max(from, v + 1);
      if (o.min_gap) {
        const Day earliest = data::add(day, *o.min_gap);
        while (from < end && d.day[at(from)] < earliest) ++from;
      }
      const auto advance = [&](std::int32_t& w, const std::optional<data::Span>& limit) {
        if (!limit) {
          w = end;
          return;
        }
        const Day latest = data::add(day, *limit);
        while (w < end && d.day[at(w)] <= latest) ++w;
      };
      advance(to, o.max_gap);
      advance(span_to, o.max_span);
      d.from[at(v)] = from;
      d.to[at(v)] = to;
      d.span_to[at(v)] = span_to;
    }
  }
}

void add_occurrences(SequenceData& d) {
  d.item_begin.assign(d.code.size() + 1, 0);
  for (const auto item : d.item) ++d.item_begin[at(item) + 1];
  for (std::size_t i = 0; i < d.code.size(); ++i) d.item_begin[i + 1] += d.item_begin[i];
  std::vector<std::int32_t> next(d.item_begin.begin(), d.item_begin.end() - 1);
  d.item_purchase.resize(d.item.size());
  for (std::size_t k = 0; k < d.item.size(); ++k)
    d.item_purchase[at(next[at(d.item[k])]++)] = static_cast<std::int32_t>(k);
}

}  // namespace

SequenceData make_sequence_data(const PurchasesView& p, const ItemFilter& filter,
                                const SequencesOptions& options) {
  check_purchases(p, p.first_day, p.last_day, "sequences");
  if (p.item.size() > at(std::numeric_limits<std::int32_t>::max()))
    throw InvalidArgument("sequences: more than 2,147,483,647 purchases; mine a part of them");
  SequenceData d;
  const auto buyers = count_items(p, d);
  d.min_count = least_count(options, d.n_customers);

  std::vector<std::int32_t> number(at(p.n_items), -1);
  for (std::size_t i = 0; i < buyers.size(); ++i) {
    const bool asked = !filter.must_contain.empty() && filter.must_contain[i] != 0;
    d.n_wanted += asked ? 1 : 0;
    if (buyers[i] == 0 || buyers[i] < d.min_count) continue;
    if (!filter.exclude.empty() && filter.exclude[i] != 0) continue;
    number[i] = static_cast<std::int32_t>(d.code.size());
    d.code.push_back(static_cast<std::int32_t>(i));
    d.support.push_back(buyers[i]);
    d.wanted.push_back(asked ? 1 : 0);
  }
  std::int32_t customer = -1;
  for (std::size_t i = 0; i < p.item.size(); ++i) {
    const auto item = number[at(p.item[i])];
    if (item < 0) continue;
    const bool new_customer = customer < 0 || p.customer[i] != p.customer[at(customer)];
    if (new_customer || p.day[i] != d.day.back()) {
      d.customer.push_back(d.customer.empty() ? 0 : d.customer.back() + (new_customer ? 1 : 0));
      d.day.push_back(p.day[i]);
      d.begin.push_back(static_cast<std::int32_t>(d.item.size()));
    } else {
      d.one_item_visits = false;
    }
    customer = static_cast<std::int32_t>(i);
    d.visit.push_back(static_cast<std::int32_t>(d.day.size()) - 1);
    d.item.push_back(item);
  }
  d.begin.push_back(static_cast<std::int32_t>(d.item.size()));
  add_limits(d, options);
  add_occurrences(d);
  return d;
}

void check_options(const SequencesOptions& o) {
  const auto require = [](bool holds, const std::string& message) {
    if (!holds) throw InvalidArgument("sequences: " + message);
  };
  require(o.min_count >= 0, "min_count must be at least 1, got " + std::to_string(o.min_count));
  require(o.min_support >= 0 && o.min_support <= 1,
          "min_support is a share of the customers, above 0 and at most 1, got " +
              core::shortest(o.min_support));
  require(o.min_count == 0 || o.min_support == 0,
          "give min_count or min_support, not both: they say the same");
  const auto require_span = [&](const std::optional<data::Span>& span, const char* name) {
    require(!span || span->count > 0, std::string(name) + " must be at least a day, got " +
                                          (span ? data::to_string(*span) : "") +
                                          "; write \"none\" for no limit");
  };
  require_span(o.max_gap, "max_gap");
  require_span(o.min_gap, "min_gap");
  require_span(o.max_span, "max_span");
  const auto longer = [&](const std::optional<data::Span>& least,
                          const std::optional<data::Span>& most, const char* message) {
    // Months differ by three days.
    require(!least || !most || data::mean_days(*least) <= data::mean_days(*most) + 3,
            std::string("min_gap (") + (least ? data::to_string(*least) : "") +
                ") is longer than " + message + (most ? " (" + data::to_string(*most) + ")" : "") +
                ": no sequence could have two elements");
  };
  longer(o.min_gap, o.max_gap, "max_gap");
  longer(o.min_gap, o.max_span, "max_span");
  require(o.min_length >= 1, "min_length must be at least 1, got " + std::to_string(o.min_length));
  require(o.max_length >= 0,
          "max_length must be at least 1, or 0 for no limit, got " + std::to_string(o.max_length));
  require(o.max_length == 0 || o.max_length >= o.min_length,
          "max_length (" + std::to_string(o.max_length) + ") is below min_length (" +
              std::to_string(o.min_length) + ")");
  require(o.max_items >= 0,
          "max_items must be at least 1, or 0 for no limit, got " + std::to_string(o.max_items));
  require(o.top >= 0, "top must not be negative, got " + std::to_string(o.top));
  require(o.level > 0 && o.level < 1,
          "level must lie between 0 and 1, got " + core::shortest(o.level));
}

}  // namespace emptor::mining::seq
