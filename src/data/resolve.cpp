#include "core/parallel.hpp"
#include "data/facts.hpp"
#include "data/main_span.hpp"
#include "data/not_goods.hpp"
#include "data/product_levels.hpp"
#include "data/product_names.hpp"
#include "data/reader.hpp"
#include "data/returns.hpp"
#include "data/times.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::data {

namespace {

/// Lines known at the moment: what happened by then and, where that is told, was recorded by then.
std::vector<std::size_t> visible(const LineTable& all, std::int64_t moment) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool recorded =
        all.recorded.empty() || all.recorded[i] == kNoTime || all.recorded[i] <= moment;
    if (all.time[i] <= moment && recorded) out.push_back(i);
  }
  return out;
}

template <typename T>
Rows<T> gather(const Rows<T>& from, const std::vector<std::size_t>& index) {
  Rows<T> out;
  if (from.empty()) return out;
  out.reserve(index.size());
  for (const std::size_t i : index) out.push_back(from[i]);
  return out;
}

LineTable keep_visible(const LineTable& all, const std::vector<std::size_t>& index) {
  LineTable out;
  out.order = gather(all.order, index);
  out.customer = gather(all.customer, index);
  out.product = gather(all.product, index);
  out.time = gather(all.time, index);
  out.day = gather(all.day, index);
  out.quantity = gather(all.quantity, index);
  out.amount = gather(all.amount, index);
  out.discount = gather(all.discount, index);
  out.row = gather(all.row, index);
  out.flags = gather(all.flags, index);
  out.description = gather(all.description, index);
  for (const OwnedAttribute& attribute : all.attributes) {
    out.attributes.push_back({attribute.name, attribute.values, gather(attribute.code, index)});
  }
  return out;
}

/// The table lines are taken from: the facts themselves where all of them are known.
const LineTable& table_at(const SalesFacts& facts, std::int64_t moment, ResolvedSales& out) {
  if (moment >= facts.last_moment) return facts.lines;
  out.own = keep_visible(facts.lines, visible(facts.lines, moment));
  LineTable& own = out.own;
  const std::size_t customers = facts.lines.customer_begin.size() - 1;
  own.customer_begin.assign(customers + 1, 0);
  std::int64_t unknown = 0;
  for (const std::int32_t customer : own.customer) {
    if (customer < 0) {
      unknown += 1;
    } else {
      own.customer_begin[static_cast<std::size_t>(customer) + 1] += 1;
    }
  }
  own.customer_begin[0] = unknown;
  for (std::size_t c = 0; c < customers; ++c) own.customer_begin[c + 1] += own.customer_begin[c];
  return own;
}

Lines view(const LineTable& table) {
  Lines lines;
  lines.order = table.order;
  lines.customer = table.customer;
  lines.product = table.product;
  lines.time = table.time;
  lines.day = table.day;
  lines.quantity = table.quantity;
  lines.amount = table.amount;
  lines.discount = table.discount;
  lines.row = table.row;
  lines.customer_begin = table.customer_begin;
  return lines;
}

/// Everything one resolution needs, one step per function.
class Resolver {
 public:
  Resolver(const SalesFacts& facts, std::int64_t moment, ResolvedSales& out, const Context& context)
      : facts_(facts),
        out_(out),
        context_(context),
        table_(table_at(facts, moment, out)),
        known_(static_cast<std::int64_t>(table_.size())) {}

  void run() {
    out_.lines = view(table_);
    out_.flags = table_.flags;
    for (const OwnedAttribute& attribute : table_.attributes) {
      out_.line_attributes.push_back(attribute.view());
    }
    name_products();
    find_levels();
    find_goods();
    const ReturnMatches matches = match_returns(out_.lines, facts_.derived_price,
                                                facts_.gross_discount, out_.flags, context_);
    out_.lines.flags = out_.flags;
    report_lines(matches);
    cover(matches);
    const auto [first, last] = std::minmax_element(table_.day.begin(), table_.day.end());
    out_.first_day = table_.day.empty() ? kNoDay : *first;
    if (!table_.day.empty()) report_far_dates(*first, *last);
  }

 private:
  void name_products();
  void find_levels();
  void find_goods();
  void report_not_goods(const std::vector<NotGoods>& why, const std::vector<std::int64_t>& lines);
  void report_lines(const ReturnMatches& matches);
  void report_far_dates(Day first, Day last);
  void cover(const ReturnMatches& matches);
  /// A line at a negative price, which ingestion has told of.
  [[nodiscard]] bool is_adjustment(std::size_t i) const {
    return (table_.flags[i] & kNotGoods) != 0;
  }
  [[nodiscard]] std::string name(std::int32_t product) const {
    const std::int32_t own = out_.product_name[static_cast<std::size_t>(product)];
    const std::string id = facts_.product_ids->to_string(product);
    if (own < 0) return in_quotes(id);
    const std::string text = facts_.product_names->to_string(own);
    return text == id ? in_quotes(id) : in_quotes(id) + " (" + in_quotes(text) + ")";
  }

  const SalesFacts& facts_;
  ResolvedSales& out_;
  const Context& context_;
  const LineTable& table_;
  std::int64_t known_;
};

void Resolver::name_products() {
  out_.product_name = facts_.product_name;
  if (!table_.description.empty()) {
    std::vector<NameVariants> variants;
    const Rows<std::int32_t> described = most_frequent_names(
        table_.product, table_.description, facts_.product_ids->size(), variants, context_);
    for (std::size_t p = 0; p < described.size(); ++p) {
      if (out_.product_name[p] < 0) out_.product_name[p] = described[p];
    }
    if (!variants.empty()) {
      const auto n = static_cast<std::int64_t>(variants.size());
      add_finding(out_.quality, Finding::note, "orders", "description", "name_variants",
                  counted(n, "product goes", "products go") +
                      " by several descriptions; the most frequent one is its name.",
                  n, variant_examples(variants, *facts_.product_ids, *facts_.product_names));
    }
  }
  out_.products.ids = facts_.product_ids;
  out_.products.names = facts_.product_names;
  out_.products.name = out_.product_name;
  for (const OwnedAttribute& attribute : facts_.product_attributes) {
    out_.products.attributes.push_back(attribute.view());
  }
}

/// Flat files carry a product's department or brand on every line: the most frequent value is the
/// product's, unless the table of products has that column.
void Resolver::find_levels() {
  for (const OwnedAttribute& attribute : table_.attributes) {
    const bool known = std::any_of(facts_.product_attributes.begin(),
                                   facts_.product_attributes.end(), [&](const OwnedAttribute& own) {
                                     return normalised(own.name) == normalised(attribute.name);
                                   });
    if (known || !describes_product(attribute.name)) continue;
    ProductLevel level =
        level_of_products(attribute.view(), table_.product, *facts_.product_ids, context_);
    if (level.lines == 0) continue;
    if (level.varied > 0) {
      add_finding(out_.quality, Finding::note, "orders", attribute.name, "level_variants",
                  counted(level.varied, "product has", "products have") + " several values of " +
                      in_quotes(attribute.name) +
                      "; the most frequent one counts as the product's.",
                  level.lines - level.lines_agreeing, level.examples);
    }
    out_.product_levels.push_back({attribute.name, attribute.values, std::move(level.code)});
    out_.products.attributes.push_back(out_.product_levels.back().view());
  }
}

void Resolver::find_goods() {
  const std::vector<NotGoods> why =
      find_not_goods(facts_, out_.lines, out_.product_name, out_.products.attributes);
  out_.not_goods.assign(why.size(), 0);
  for (std::size_t p = 0; p < why.size(); ++p) out_.not_goods[p] = why[p] != NotGoods::no ? 1 : 0;
  out_.products.not_goods = out_.not_goods;
  std::vector<std::int64_t> lines(why.size(), 0);
  for (std::size_t i = 0; i < table_.size(); ++i) {
    if (table_.product[i] < 0) continue;
    const auto p = static_cast<std::size_t>(table_.product[i]);
    if (out_.not_goods[p] == 0) continue;
    // A negative price is told by itself.
    if (!is_adjustment(i)) lines[p] += 1;
    out_.flags[i] |= kNotGoods;
  }
  report_not_goods(why, lines);
}

/// One line per reason: how many products, the first of them, and all of them as details.
void Resolver::report_not_goods(const std::vector<NotGoods>& why,
                                const std::vector<std::int64_t>& lines) {
  for (const NotGoods reason : {NotGoods::service, NotGoods::coupon, NotGoods::by_volume}) {
    std::vector<std::int32_t> found;
    std::int64_t n = 0;
    for (std::size_t p = 0; p < why.size(); ++p) {
      if (why[p] != reason || lines[p] == 0) continue;
      found.push_back(static_cast<std::int32_t>(p));
      n += lines[p];
    }
    if (found.empty()) continue;
    const auto lines_of = [&](std::int32_t p) { return lines[static_cast<std::size_t>(p)]; };
    std::stable_sort(found.begin(), found.end(),
                     [&](std::int32_t a, std::int32_t b) { return lines_of(a) > lines_of(b); });
    constexpr std::size_t kShown = 5;
    std::string first, all;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::string one = name(found[i]) + ": " + counted(lines_of(found[i]), "line", "lines");
      if (i < kShown) first += (i == 0 ? "" : "; ") + one;
      all += (i == 0 ? "" : "; ") + one;
    }
    const auto products = static_cast<std::int64_t>(found.size());
    add_finding(out_.quality, Finding::note, "orders", "product", "not_goods",
                counted(products, "product is", "products are") + " not goods but " +
                    std::string(reason_of(reason, products)) + "; left out of mining.",
                n, first, found.size() > kShown ? all : "");
  }
}

void Resolver::report_lines(const ReturnMatches& matches) {
  if (matches.returns == 0) return;
  Tally unmatched, write_offs;
  std::int64_t adjustments = 0;
  for (std::size_t i = 0; i < table_.size(); ++i) {
    if (is_adjustment(i)) adjustments += 1;
    if ((out_.flags[i] & kUnmatchedReturn) == 0 || is_adjustment(i)) continue;
    ((out_.flags[i] & kFree) != 0 ? write_offs : unmatched)
        .add(static_cast<std::size_t>(table_.row[i]));
  }
  const std::int64_t returns = matches.returns - adjustments;
  if (returns == 0) return;
  add_finding(out_.quality, Finding::note, "orders", "", "returns",
              counted(returns, "line gives", "lines give") +
                  " goods or money back; each undoes the customer's latest earlier purchase of the "
                  "product at the same price.",
              returns, "");
  if (unmatched.n > 0) {
    add_finding(out_.quality, Finding::suspicious, "orders", "", "unmatched_return",
                counted(unmatched.n, "return finds", "returns find") + " no purchase to undo.",
                unmatched.n, examples_of(unmatched, facts_.positions));
  }
  if (write_offs.n > 0) {
    add_finding(out_.quality, Finding::note, "orders", "", "stock_adjustment",
                counted(write_offs.n, "line takes", "lines take") +
                    " pieces away at price 0: a correction of stock rather than a return.",
                write_offs.n, examples_of(write_offs, facts_.positions));
  }
  if (matches.partly_matched > 0) {
    add_finding(out_.quality, Finding::suspicious, "orders", "", "partly_matched_return",
                counted(matches.partly_matched, "return gives", "returns give") +
                    " back more pieces than were bought before.",
                matches.partly_matched, "");
  }
  if (matches.ambiguous > 0) {
    add_finding(out_.quality, Finding::note, "orders", "", "ambiguous_return",
                counted(matches.ambiguous, "return has", "returns have") +
                    " several purchases to choose from; the latest is taken.",
                matches.ambiguous, "");
  }
}

/// They move the moment, or stretch every series.
void Resolver::report_far_dates(Day first, Day last) {
  const MainSpan span = main_span(table_.day, first, last);
  Tally far;
  for (std::size_t i = 0; i < table_.size(); ++i) {
    if (table_.day[i] < span.first || table_.day[i] > span.last) {
      far.add(static_cast<std::size_t>(table_.row[i]));
    }
  }
  if (far.n == 0) return;
  add_finding(out_.quality, Finding::suspicious, "orders", "time", "far_date",
              counted(far.n, "line lies", "lines lie") +
                  " years away from all others, which are of " + iso_date(span.first) + " to " +
                  iso_date(span.last) +
                  ": a slip of the pen, or a date that stands for none? Kept; correct it, leave it "
                  "out, or look at an earlier moment.",
              far.n, examples_of(far, facts_.positions));
}

void Resolver::cover(const ReturnMatches& matches) {
  struct Sums {
    Money all = 0, customer = 0;
    double behaviour = 0;
    std::int64_t customer_lines = 0, behaviour_lines = 0;
  } total;
  for (const Sums& part : core::parallel_map<Sums>(
           context_, table_.size(), kBlock, [&](std::size_t begin, std::size_t end) {
             Sums sums;
             for (std::size_t i = begin; i < end; ++i) {
               sums.all += table_.amount[i];
               if (table_.customer[i] < 0) continue;
               sums.customer += table_.amount[i];
               sums.customer_lines += 1;
               if (!out_.lines.is_goods_purchase(i)) continue;
               const double kept = matches.given_back.empty()
                                       ? 1.0
                                       : 1.0 - static_cast<double>(matches.given_back[i]);
               sums.behaviour += to_double(table_.amount[i]) * kept;
               sums.behaviour_lines += 1;
             }
             return sums;
           })) {
    total.all += part.all;
    total.customer += part.customer;
    total.behaviour += part.behaviour;
    total.customer_lines += part.customer_lines;
    total.behaviour_lines += part.behaviour_lines;
  }
  out_.customer_coverage = {known_, total.customer_lines, to_double(total.all),
                            to_double(total.customer)};
  out_.behaviour_coverage = {known_, total.behaviour_lines, to_double(total.all), total.behaviour};
  if (known_ > 0) return;
  add_finding(out_.quality, Finding::note, "orders", "", "nothing_known",
              "No line is known yet at this moment.", 0, "");
}

}  // namespace

void resolve(const SalesFacts& facts, std::int64_t moment, ResolvedSales& out,
             const Context& context) {
  resolve_contacts(facts, moment, out);
  if (!facts.has_orders) {
    out.products = {facts.product_ids, facts.product_names, {}, {}, {}};
    out.product_name = facts.product_name;
    out.not_goods.assign(facts.product_name.size(), 0);
    out.products.name = out.product_name;
    out.products.not_goods = out.not_goods;
    for (const OwnedAttribute& attribute : facts.product_attributes) {
      out.products.attributes.push_back(attribute.view());
    }
    return;
  }
  Resolver(facts, moment, out, context).run();
}

}  // namespace emptor::data
