#include "mining/sequence_rule_scan.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"
#include "mining/follow_up.hpp"
#include "mining/pair_scan.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::mining::timed {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// Room for sums of single precision.
constexpr double kSlack = 1e-3;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// What all threads read.
struct Setting {
  const Visits& visits;
  const Rates& rates;
  const std::vector<std::int32_t>& consequents;
  const RuleSets& sets;
  const SequenceRulesOptions& options;
  std::vector<std::int32_t> number{};  // per item its number among the consequents, or -1
  double kept_p = 0, kept_z = 0;
};

/// Expected visits lie between these, from the sums of sizes and of their squares by bin:
/// x - x^2/2 <= 1 - exp(-x) <= x.
struct Bounds {
  double low = 0, high = 0;
};

class Scanner {
 public:
  explicit Scanner(const Setting& s)
      : s_(s),
        observed_(s.consequents.size(), 0),
        buyers_(s.consequents.size(), 0),
        last_(s.consequents.size(), -1),
        load_(at(s.visits.n_bins), 0.0),
        squares_(at(s.visits.n_bins), 0.0) {}

  void scan(std::int32_t set, RuleScan& out) {
    const auto& index = s_.sets.index[at(set)];
    const auto& items = s_.sets.items[at(set)];
    count(index);
    for (std::size_t b = 0; b < s_.consequents.size(); ++b) {
      if (std::binary_search(items.begin(), items.end(), s_.consequents[b])) continue;
      look_at(set, index, b, out);
    }
    for (const auto b : touched_) {
      observed_[at(b)] = buyers_[at(b)] = 0;
      last_[at(b)] = -1;
    }
    touched_.clear();
  }

 private:
  /// Visits in the windows by consequent, their customers, and the sizes by bin.
  void count(const std::vector<std::int32_t>& index) {
    const Visits& visits = s_.visits;
    std::fill(load_.begin(), load_.end(), 0.0);
    std::fill(squares_.begin(), squares_.end(), 0.0);
    for (const auto v : index)
      for (auto j = at(v) + 1; j < at(visits.window_end[at(v)]); ++j) {
        const double size = visits.visit_size(j);
        load_[at(visits.bin[j])] += size;
        squares_[at(visits.bin[j])] += size * size;
        for (auto k = at(visits.begin[j]); k < at(visits.begin[j + 1]); ++k) {
          const auto b = s_.number[at(visits.item[k])];
          if (b < 0) continue;
          if (observed_[at(b)]++ == 0) touched_.push_back(b);
          if (last_[at(b)] == v) continue;
          last_[at(b)] = v;
          ++buyers_[at(b)];
        }
      }
  }

  [[nodiscard]] Bounds bounds(std::size_t b) const {
    Bounds e;
    double squares = 0;
    for (std::size_t bin = 0; bin < load_.size(); ++bin) {
      if (load_[bin] == 0) continue;
      const double theta = s_.rates.theta(static_cast<int>(bin), b);
      e.high += load_[bin] * theta;
      squares += squares_[bin] * theta * theta;
    }
    e.low = (e.high - squares / 2) * (1 - kSlack);
    e.high *= 1 + kSlack;
    return e;
  }

  void look_at(std::int32_t set, const std::vector<std::int32_t>& index, std::size_t b,
               RuleScan& out) {
    const bool may_be_listed = buyers_[b] > 0 && buyers_[b] >= std::max(1, s_.options.min_events);
    if (!may_be_listed) {
      const Bounds e = bounds(b);
      if (e.high < s_.options.min_expected) return;
      const double low = std::max(e.low, s_.options.min_expected);
      const double z = (observed_[b] - low - 0.5) / std::sqrt(low);
      if (e.low >= s_.options.min_expected && z < s_.kept_z) {
        ++out.n_testable;  // with a p-value nobody will look at
        return;
      }
    }
    evaluate(set, index, b, may_be_listed, out);
  }

  void evaluate(std::int32_t set, const std::vector<std::int32_t>& index, std::size_t b,
                bool may_be_listed, RuleScan& out) {
    const auto consequent = s_.consequents[b];
    const auto customers = next::customer_visits(s_.visits, s_.rates, b, consequent, index);
    double expected = 0, squares = 0, largest = 0;
    for (const auto& c : customers) {
      const double rest = c.observed - c.expected;
      expected += c.expected;
      squares += rest * rest;
      largest = std::max(largest, rest);
    }
    const double observed = observed_[b];
    double p = kNaN;
    if (expected >= s_.options.min_expected) {
      p = next::affinity_p(observed, expected, std::max(squares, expected));
      ++out.n_testable;
      out.n_below_05 += p < 0.05 ? 1 : 0;
    }
    const bool single = s_.sets.items[at(set)].size() == 1;
    const auto unlisted = [&] {
      if (single && p <= s_.kept_p) out.p.push_back(p);
    };
    if (!may_be_listed) return unlisted();
    Rule rule{.set = set, .b = static_cast<std::int32_t>(b)};
    add_excess(index, b, rule);
    if (rule.events < s_.options.min_events) return unlisted();
    // 1 if he brings more than all of it.
    rule.customer_share =
        observed > expected ? std::min(1.0, largest / (observed - expected)) : kNaN;
    if (rule.customer_share > s_.options.max_customer_share) {
      ++out.n_hanging_on_one_customer;
      return unlisted();
    }
    rule.naive_buyers = buyers_[b];
    rule.visits = observed_[b];
    rule.expected_visits = expected;
    rule.p = p;
    out.rules.push_back(rule);
  }

  /// Buyers among those at risk beyond the usual ones, as far as each was followed.
  void add_excess(const std::vector<std::int32_t>& index, std::size_t b, Rule& rule) const {
    const Visits& visits = s_.visits;
    double usual = 0, clustered = 0, binomial = 0;
    for (const auto& person : next::at_risk(visits, s_.consequents[b], index)) {
      const auto v = at(person.visit);
      double hazard = 0;
      for (auto l = at(visits.load_begin[v]); l < at(visits.load_begin[v + 1]); ++l)
        hazard += visits.load_size[l] * s_.rates.theta(visits.load_bin[l], b);
      const double buys = hazard > 0 ? 1 - std::exp(-hazard) : 0;
      const double rest = (person.event ? 1 : 0) - buys;
      usual += buys;
      clustered += rest * rest;
      binomial += buys * (1 - buys);
      rule.events += person.event ? 1 : 0;
    }
    rule.excess = static_cast<double>(rule.events) - usual;
    rule.excess_variance = std::max(clustered, binomial);
  }

  const Setting& s_;
  std::vector<std::int32_t> observed_, buyers_, last_, touched_{};
  std::vector<double> load_, squares_;
};

}  // namespace

RuleScan scan_rules(const Visits& visits, const Rates& rates,
                    const std::vector<std::int32_t>& consequents, std::int64_t n_consequents,
                    const std::vector<std::uint8_t>& wanted, const RuleSets& sets,
                    const SequenceRulesOptions& options, const Context& context) {
  Setting setting{visits, rates, consequents, sets, options};
  setting.number.assign(at(visits.n_items), -1);
  for (std::size_t b = 0; b < consequents.size(); ++b)
    setting.number[at(consequents[b])] = static_cast<std::int32_t>(b);
  setting.kept_p = std::max(0.05, options.likely_fdr);
  setting.kept_z = -core::normal_quantile(setting.kept_p);

  constexpr std::size_t kSets = 64;
  const auto parts = core::parallel_map<RuleScan>(
      context, sets.items.size(), kSets, [&](std::size_t begin, std::size_t end) {
        RuleScan part;
        Scanner scanner(setting);
        for (auto i = begin; i < end; ++i) scanner.scan(static_cast<std::int32_t>(i), part);
        return part;
      });
  RuleScan all;
  for (const auto& set : sets.items) {
    all.n_possible += n_consequents;
    for (const auto item : set)
      all.n_possible -=
          (wanted.empty() || wanted[at(item)] != 0) && visits.buyers[at(item)] > 0 ? 1 : 0;
  }
  for (const auto& part : parts) {
    all.rules.insert(all.rules.end(), part.rules.begin(), part.rules.end());
    all.p.insert(all.p.end(), part.p.begin(), part.p.end());
    all.n_testable += part.n_testable;
    all.n_below_05 += part.n_below_05;
    all.n_hanging_on_one_customer += part.n_hanging_on_one_customer;
  }
  return all;
}

}  // namespace emptor::mining::timed
