#include "emptor/mining/association_rules.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/multiplicity.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/items.hpp"

#include "core/parallel.hpp"
#include "data/words.hpp"
#include "mining/checked_baskets.hpp"
#include "mining/item_variants.hpp"
#include "mining/rule_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

[[noreturn]] void fail(const std::string& what) {
  throw InvalidArgument("association_rules: " + what);
}

std::string text(double x) {
  std::string s = std::to_string(x);
  s.erase(s.find_last_not_of('0') + 1);
  if (s.back() == '.') s.pop_back();
  return s;
}

void check(const AssociationRulesOptions& o) {
  if (o.min_count < 0) fail("min_count is " + std::to_string(o.min_count) + "; write 1 or more");
  if (!(o.min_support >= 0 && o.min_support <= 1)) {
    fail("min_support is " + text(o.min_support) + "; write a share of the baskets, as 0.001");
  }
  if (o.min_count > 0 && o.min_support > 0) {
    fail("both min_count and min_support are given; write one of them");
  }
  if (!(o.min_confidence >= 0 && o.min_confidence <= 1)) {
    fail("min_confidence is " + text(o.min_confidence) + "; write a share, as 0.5");
  }
  if (o.max_items < 2 || o.max_items > 16) {
    fail("max_items is " + std::to_string(o.max_items) +
         "; write 2 to 16 items of antecedent and consequent together");
  }
  if (o.max_consequent < 1 || o.max_consequent >= o.max_items) {
    fail("max_consequent is " + std::to_string(o.max_consequent) +
         "; write 1 or more, and less than max_items = " + std::to_string(o.max_items));
  }
  if (o.max_consequent > 1 && o.significance != Significance::none) {
    fail(
        "consequents of several items are not tested; write max_consequent=1, "
        "or "
        "significance=\"none\"");
  }
  if (!(o.alpha > 0 && o.alpha <= 1)) {
    fail("alpha is " + text(o.alpha) + "; write a share above 0 and up to 1, as 0.05");
  }
  if (o.top < 0) {
    fail("top is " + std::to_string(o.top) + "; write how many rules to list, 0 for all");
  }
  if (!(o.level > 0 && o.level < 1)) {
    fail("level is " + text(o.level) + "; write a share between 0 and 1, as 0.95");
  }
  if (o.significance == Significance::westfall_young && o.permutations * o.alpha < 2) {
    fail("permutations is " + std::to_string(o.permutations) +
         ", too few for alpha = " + text(o.alpha) + "; write " +
         std::to_string(static_cast<int>(std::ceil(20 / o.alpha))) + " or more");
  }
  if (!(o.holdout > 0 && o.holdout < 1)) {
    fail("holdout is " + text(o.holdout) + "; write the share of the baskets to test in, as 0.5");
  }
}

// Every item of an antecedent is tried at every level, so their number must stay small.
void check_hierarchy(const data::BasketsView& view, const AssociationRulesOptions& options) {
  constexpr int kMostItems = 8;
  if (view.parent.empty() || options.max_items <= kMostItems) return;
  fail("max_items is " + std::to_string(options.max_items) + "; of a hierarchy write 2 to " +
       std::to_string(kMostItems));
}

std::int64_t baskets_in(const data::BasketsView& view) {
  if (view.weight.empty()) return static_cast<std::int64_t>(view.size());
  return std::accumulate(view.weight.begin(), view.weight.end(), std::int64_t{0});
}

std::int64_t least_count(const AssociationRulesOptions& o, std::int64_t baskets) {
  if (o.min_count > 0) return o.min_count;
  const auto n = static_cast<double>(baskets);
  if (o.min_support > 0) {
    return std::max<std::int64_t>(1,
                                  static_cast<std::int64_t>(std::ceil(o.min_support * n - 1e-6)));
  }
  return std::max<std::int64_t>(20, static_cast<std::int64_t>(std::ceil(n / 1000 - 1e-6)));
}

std::shared_ptr<const Dictionary> numbers(std::int32_t n) {
  std::vector<std::int64_t> ids(index(n));
  std::iota(ids.begin(), ids.end(), std::int64_t{0});
  return Dictionary::from_integers(std::move(ids));
}

void list(std::vector<ListedRule> rules, const RuleData& data,
          const AssociationRulesOptions& options, const Context& context,
          AssociationRules& result) {
  result.truncated = sort_rules(rules, options.top);
  fill_rules(rules, data.code, result);
  measure_rules(rules, &data, {.measures = options.measures, .level = options.level}, context,
                result);
}

AssociationRules search(const data::BasketsView& view, const AssociationRulesOptions& options,
                        const ItemVariants* left_out, const Context& context) {
  AssociationRules result;
  result.significance = options.significance;
  result.tested = options.significance != Significance::none;
  result.single = options.max_consequent == 1;
  result.alpha = options.alpha;
  result.min_count = options.min_count;
  result.baskets = baskets_in(view);
  const RuleSearch search(view, options, left_out, context);
  result.customers = search.data().n_customers;
  list(search.find(result), search.data(), options, context, result);
  return result;
}

// A part of the baskets as a view of its own; `offset` owns what must move.
data::BasketsView part_of(const data::BasketsView& view, std::size_t begin, std::size_t end,
                          std::vector<std::int64_t>& offset) {
  for (std::size_t i = begin; i <= end; ++i) offset.push_back(view.offset[i] - view.offset[begin]);
  data::BasketsView part = view;
  part.offset = offset;
  part.item =
      view.item.subspan(index(view.offset[begin]), index(view.offset[end] - view.offset[begin]));
  if (!view.customer.empty()) part.customer = view.customer.subspan(begin, end - begin);
  if (!view.weight.empty()) part.weight = view.weight.subspan(begin, end - begin);
  return part;
}

// Looks for rules in the first baskets and tests what it finds in the rest.
AssociationRules hold_out(const data::BasketsView& view, const AssociationRulesOptions& options,
                          const ItemVariants* left_out, std::size_t first, const Context& context) {
  std::vector<std::int64_t> offset_before;
  std::vector<std::int64_t> offset_after;
  const data::BasketsView before = part_of(view, 0, first, offset_before);
  const data::BasketsView after = part_of(view, first, view.size(), offset_after);
  AssociationRulesOptions exploring = options;
  exploring.significance = Significance::bh;
  exploring.top = 0;
  exploring.measures = {};
  const AssociationRules found = search(before, exploring, left_out, context);

  AssociationRules result;
  result.significance = Significance::holdout;
  result.tested = true;
  result.alpha = options.alpha;
  result.min_count = options.min_count;
  result.baskets = baskets_in(after);
  result.n_testable = found.n_testable;
  result.n_counted = found.n_counted;
  result.n_explored = found.n_found;
  result.n_left_out = found.n_left_out;
  const RuleData data(after, 0, context);
  result.customers = data.n_customers;
  const ClusterSums sums(data);
  // With min_count 0 every item has its code as rank.
  std::vector<ListedRule> rules(found.size());
  core::parallel_ranges(context, rules.size(), 64, [&](std::size_t begin, std::size_t end) {
    RuleTester tester(data, sums);
    for (std::size_t i = begin; i < end; ++i) {
      ListedRule& rule = rules[i];
      rule.antecedent = {found.antecedent.data() + found.antecedent_offset[i],
                         index(found.antecedent_offset[i + 1] - found.antecedent_offset[i])};
      rule.consequent = {found.consequent.data() + i, 1};
      tester.take(rule.consequent[0]);
      const auto tested =
          tester.test(rule.antecedent, options.redundant == Redundancy::unproductive);
      rule.n = tested.n;
      rule.expected = tested.expected;
      rule.p_value = tested.p_value;
      rule.p_association = tested.p_association;
      rule.n_antecedent = static_cast<std::int64_t>(tester.baskets_with(rule.antecedent).size());
      rule.n_consequent = static_cast<std::int64_t>(data.with(rule.consequent[0]).size());
      rule.part_confidence = tester.part_confidence(rule.antecedent);
    }
  });
  std::vector<double> p;
  for (const ListedRule& rule : rules) p.push_back(rule.p_value);
  const std::vector<double> q = benjamini_hochberg(p);
  std::vector<ListedRule> listed;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    rules[i].q_value = q[i];
    if (q[i] <= options.alpha) listed.push_back(rules[i]);
  }
  result.n_found = static_cast<std::int64_t>(listed.size());
  list(std::move(listed), data, options, context, result);
  return result;
}

// Consequents by id or name as the codes the kernel takes.
std::vector<std::string> codes_of(const std::vector<std::string>& given,
                                  const data::Baskets& baskets) {
  std::vector<std::string> codes;
  for (const std::string& id : given) {
    const std::int32_t code = baskets.items ? baskets.items->find(std::string_view(id)) : -1;
    if (code >= 0) codes.push_back(std::to_string(code));
    const std::size_t before = codes.size();
    for (std::size_t i = 0; code < 0 && i < baskets.item_names.size(); ++i) {
      if (baskets.item_names[i] == id) codes.push_back(std::to_string(i));
    }
    if (code >= 0 || codes.size() > before) continue;
    std::vector<std::string> names = baskets.item_names;
    const std::int32_t n_ids = names.empty() && baskets.items ? baskets.items->size() : 0;
    for (std::int32_t i = 0; i < n_ids; ++i) names.push_back(baskets.items->to_string(i));
    const std::string nearest = data::nearest(id, names);
    fail("no item '" + id.substr(0, 40) + "' among consequents" +
         (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
  return codes;
}

// The baskets by their days, the oldest first; those of a day stay in order.
data::Baskets by_day(const data::Baskets& baskets) {
  std::vector<std::size_t> order(baskets.view().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto i, auto j) { return baskets.day[i] < baskets.day[j]; });
  data::Baskets sorted = baskets;
  sorted.offset = {0};
  sorted.item.clear();
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t i = order[k];
    sorted.item.insert(sorted.item.end(), baskets.item.begin() + baskets.offset[i],
                       baskets.item.begin() + baskets.offset[i + 1]);
    sorted.offset.push_back(static_cast<std::int64_t>(sorted.item.size()));
    if (!baskets.customer.empty()) sorted.customer[k] = baskets.customer[i];
    if (!baskets.weight.empty()) sorted.weight[k] = baskets.weight[i];
    sorted.day[k] = baskets.day[i];
  }
  return sorted;
}

// How many baskets, the first ones, holdout explores.
std::size_t first_of(std::size_t baskets, const AssociationRulesOptions& options) {
  return static_cast<std::size_t>(
      std::llround(static_cast<double>(baskets) * (1 - options.holdout)));
}

AssociationRules rules_of(const data::BasketsView& view, AssociationRulesOptions options,
                          const ItemVariants* left_out, std::size_t first, const Context& context) {
  AssociationRules result;
  if (options.significance == Significance::holdout && view.size() > 0) {
    std::vector<std::int64_t> ignored;
    options.min_count = least_count(options, baskets_in(part_of(view, 0, first, ignored)));
    result = hold_out(view, options, left_out, first, context);
  } else {
    options.min_count = least_count(options, baskets_in(view));
    result = search(view, options, left_out, context);
  }
  result.items = numbers(view.n_items);
  result.leaves_out = left_out != nullptr;
  return result;
}

void name_items(const data::Baskets& baskets, const ItemVariants& variants,
                AssociationRules& result) {
  result.items = baskets.items;
  if (!result.items) result.items = numbers(baskets.view().n_items);
  result.item_level = baskets.level;
  result.coverage = baskets.coverage;
  if (baskets.item_names.empty()) return;
  result.names = Dictionary::from_texts(baskets.item_names);
  const auto named = [&](const std::vector<std::int32_t>& items, std::vector<std::int32_t>& names) {
    for (const std::int32_t i : items) {
      names.push_back(result.names->find(std::string_view(baskets.item_names[index(i)])));
    }
  };
  named(result.antecedent, result.antecedent_name);
  named(result.consequent, result.consequent_name);
  const auto part = [](const std::vector<std::int32_t>& items,
                       const std::vector<std::int64_t>& offset, std::size_t i) {
    return std::span(items).subspan(index(offset[i]), index(offset[i + 1] - offset[i]));
  };
  for (std::size_t i = 0; i < result.size(); ++i) {
    const bool same = variants.same(part(result.antecedent, result.antecedent_offset, i),
                                    part(result.consequent, result.consequent_offset, i));
    result.same_family.push_back(same ? 1 : 0);
  }
}

}  // namespace

AssociationRules association_rules(const data::BasketsView& given,
                                   const AssociationRulesOptions& options, const Context& context) {
  check(options);
  if (!options.same_family) fail("same_family = False needs items with names");
  if (!options.holdout_from.empty()) {
    fail(
        "holdout_from needs baskets with dates; write holdout, the share of "
        "the latest ones");
  }
  const data::BasketsView view = checked_baskets("association_rules", given);
  check_hierarchy(view, options);
  return rules_of(view, options, nullptr, first_of(view.size(), options), context);
}

AssociationRules association_rules(const data::Baskets& given, const AssociationRulesOptions& asked,
                                   const Context& context) {
  check(asked);
  if (!asked.same_family && given.item_names.empty()) {
    fail("same_family = False needs names of items, which these baskets do not have");
  }
  AssociationRulesOptions options = asked;
  options.consequents = codes_of(asked.consequents, given);
  const bool dated = !given.day.empty();
  const bool sort = asked.significance == Significance::holdout && dated;
  const data::Baskets sorted = sort ? by_day(given) : data::Baskets{};
  const data::Baskets& baskets = sort ? sorted : given;
  const data::BasketsView view = checked_baskets("association_rules", baskets.view());
  check_hierarchy(view, options);
  std::size_t first = first_of(view.size(), options);
  if (!options.holdout_from.empty()) {
    if (!dated) fail("holdout_from needs baskets with dates; write holdout, a share");
    const data::Day day = data::parse_date(options.holdout_from, "holdout_from");
    first = static_cast<std::size_t>(std::lower_bound(baskets.day.begin(), baskets.day.end(), day) -
                                     baskets.day.begin());
    if (sort && (first == 0 || first == view.size())) {
      fail("holdout_from is " + options.holdout_from + ", but the baskets are from " +
           data::iso_date(baskets.day.front()) + " to " + data::iso_date(baskets.day.back()) +
           "; write a day in between");
    }
  }
  const ItemVariants variants(baskets.item_names, baskets.parent);
  AssociationRules result =
      rules_of(view, options, options.same_family ? nullptr : &variants, first, context);
  name_items(baskets, variants, result);
  return result;
}

AssociationRules association_rules(const data::Sales& sales, const AssociationRulesOptions& options,
                                   const Context& context) {
  const data::Baskets baskets =
      data::baskets(sales, {options.unit, options.item, options.goods_only, {}, options.levels});
  AssociationRules result = association_rules(baskets, options, context);
  result.from_sales = true;
  return result;
}

}  // namespace emptor::mining
