#include "mining/rule_list.hpp"

#include "core/order.hpp"
#include "core/parallel.hpp"
#include "mining/fisher.hpp"
#include "mining/rule_tests.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::size_t kBlock = 256;
constexpr std::int64_t kFewCustomers = 10;

using Position = RuleData::Position;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

double excess(const ListedRule& rule) { return static_cast<double>(rule.n) - rule.expected; }

// Of rules with the same excess.
bool before(const ListedRule& x, const ListedRule& y) {
  if (!std::equal(x.antecedent.begin(), x.antecedent.end(), y.antecedent.begin(),
                  y.antecedent.end())) {
    return std::lexicographical_compare(x.antecedent.begin(), x.antecedent.end(),
                                        y.antecedent.begin(), y.antecedent.end());
  }
  return std::lexicographical_compare(x.consequent.begin(), x.consequent.end(),
                                      y.consequent.begin(), y.consequent.end());
}

struct Customers {
  CountMoments moments{};
  std::int64_t n = 0;        // with both
  std::int64_t largest = 0;  // baskets with both of one customer
};

// Walks the clusters of baskets with X or Y, both ascending.
Customers sum_customers(const RuleData& data, std::span<const Position> x,
                        std::span<const Position> y) {
  Customers sum;
  CountMoments& m = sum.moments;
  m.nn = data.nn;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < x.size() || j < y.size()) {
    const Position at = std::min(i < x.size() ? x[i] : static_cast<Position>(data.baskets()),
                                 j < y.size() ? y[j] : static_cast<Position>(data.baskets()));
    const Position c = data.cluster[at];
    const Position end = data.cluster_begin[c + 1];
    std::int64_t shared = 0;
    const std::size_t from_x = i;
    const std::size_t from_y = j;
    while ((i < x.size() && x[i] < end) || (j < y.size() && y[j] < end)) {
      const bool in_x = i < x.size() && x[i] < end && (j >= y.size() || x[i] <= y[j]);
      const bool in_y = j < y.size() && y[j] < end && (i >= x.size() || y[j] <= x[i]);
      shared += in_x && in_y ? 1 : 0;
      i += in_x ? 1 : 0;
      j += in_y ? 1 : 0;
    }
    const auto both = static_cast<double>(shared);
    const auto a = static_cast<double>(i - from_x);
    const auto b = static_cast<double>(j - from_y);
    const double n = end - data.cluster_begin[c];
    m.xx += both * both;
    m.xa += both * a;
    m.xb += both * b;
    m.xn += both * n;
    m.aa += a * a;
    m.ab += a * b;
    m.an += a * n;
    m.bb += b * b;
    m.bn += b * n;
    sum.n += shared > 0 ? 1 : 0;
    sum.largest = std::max(sum.largest, shared);
  }
  return sum;
}

}  // namespace

bool sort_rules(std::vector<ListedRule>& rules, std::int64_t top) {
  std::vector<double> shortfall;
  shortfall.reserve(rules.size());
  for (const ListedRule& rule : rules) shortfall.push_back(-excess(rule));
  std::vector<std::uint32_t> order = core::ascending_order(shortfall);
  const bool cut = top > 0 && static_cast<std::int64_t>(rules.size()) > top;
  const std::size_t keep = cut ? index(top) : rules.size();
  for (std::size_t same = 0; same < keep;) {  // equal ones by items
    std::size_t end = same + 1;
    while (end < order.size() && shortfall[order[end]] == shortfall[order[same]]) ++end;
    std::sort(order.begin() + static_cast<std::ptrdiff_t>(same),
              order.begin() + static_cast<std::ptrdiff_t>(end),
              [&](std::uint32_t i, std::uint32_t j) { return before(rules[i], rules[j]); });
    same = end;
  }
  std::vector<ListedRule> sorted;
  sorted.reserve(keep);
  for (std::size_t k = 0; k < keep; ++k) sorted.push_back(rules[order[k]]);
  rules = std::move(sorted);
  return cut;
}

void fill_rules(const std::vector<ListedRule>& rules, std::span<const std::int32_t> code,
                AssociationRules& result) {
  const auto put = [&](std::span<const std::int32_t> items, std::vector<std::int64_t>& offset,
                       std::vector<std::int32_t>& item) {
    for (const std::int32_t i : items) item.push_back(code.empty() ? i : code[index(i)]);
    offset.push_back(static_cast<std::int64_t>(item.size()));
  };
  for (auto* column : {&result.n_baskets, &result.n_antecedent, &result.n_consequent}) {
    column->reserve(rules.size());
  }
  for (auto* column : {&result.expected, &result.excess}) column->reserve(rules.size());
  for (const ListedRule& rule : rules) {
    put(rule.antecedent, result.antecedent_offset, result.antecedent);
    put(rule.consequent, result.consequent_offset, result.consequent);
    result.n_baskets.push_back(rule.n);
    result.n_antecedent.push_back(rule.n_antecedent);
    result.n_consequent.push_back(rule.n_consequent);
    result.expected.push_back(rule.expected);
    result.excess.push_back(excess(rule));
    if (!result.tested) continue;
    result.p_value.push_back(rule.p_value);
    result.p_association.push_back(rule.p_association);
    result.q_value.push_back(rule.q_value);
  }
}

void measure_rules(const std::vector<ListedRule>& rules, const RuleData* data,
                   const RuleMeasuresOptions& options, const Context& context,
                   AssociationRules& result) {
  std::vector<double> part_confidence;
  part_confidence.reserve(rules.size());
  if (data != nullptr) {
    for (const ListedRule& rule : rules) part_confidence.push_back(rule.part_confidence);
  }
  std::vector<CountMoments> moments;
  if (data != nullptr) {
    result.n_customers.resize(rules.size());
    result.max_customer_share.resize(rules.size());
    result.status.resize(rules.size());
    result.fisher_p.resize(rules.size());
    if (data->clustered) moments.resize(rules.size());
    const ClusterSums none(*data);
    const Fisher fisher(result.baskets);
    core::parallel_ranges(context, rules.size(), kBlock, [&](std::size_t begin, std::size_t end) {
      RuleTester of_x(*data, none);
      RuleTester of_y(*data, none);
      for (std::size_t i = begin; i < end; ++i) {
        const ListedRule& rule = rules[i];
        const Customers sum = sum_customers(*data, of_x.baskets_with(rule.antecedent),
                                            of_y.baskets_with(rule.consequent));
        if (data->clustered) moments[i] = sum.moments;
        result.n_customers[i] = sum.n;
        result.max_customer_share[i] =
            rule.n > 0 ? static_cast<double>(sum.largest) / static_cast<double>(rule.n) : 0;
        result.status[i] = data->clustered && sum.n < 2 && rule.n > 1 ? Status::not_enough_data
                           : sum.n < kFewCustomers                    ? Status::small_sample
                                                                      : Status::ok;
        result.fisher_p[i] = fisher.upper_tail(rule.n, rule.n_antecedent, rule.n_consequent);
      }
    });
  }
  result.measures = rule_measures({result.n_baskets, result.n_antecedent, result.n_consequent,
                                   result.baskets, moments, part_confidence},
                                  options, context);
}

}  // namespace emptor::mining
