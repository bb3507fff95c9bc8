#include "emptor/mining/substitutes.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/multiplicity.hpp"

#include "core/parallel.hpp"
#include "core/shortest.hpp"
#include "mining/availability.hpp"
#include "mining/companions.hpp"
#include "mining/occasion_pairs.hpp"
#include "mining/occasions.hpp"
#include "mining/purchases.hpp"
#include "mining/stretched_poisson.hpp"
#include "mining/substitutes_list.hpp"
#include "mining/switching.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

constexpr std::int64_t kFewCustomers = 30;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

void check(const SubstitutesOptions& o) {
  const auto require = [](bool holds, const std::string& message) {
    if (!holds) throw InvalidArgument("substitutes: " + message);
  };
  require(o.period.count > 0, "period must be at least a day, got " + data::to_string(o.period));
  require(o.min_customers >= 2,
          "min_customers must be at least 2, got " + std::to_string(o.min_customers));
  require(o.min_expected > 0,
          "min_expected must be above 0, got " + core::shortest(o.min_expected));
  require(o.min_effect >= 0 && o.min_effect < 1,
          "min_effect must be a share from 0 to below 1, got " + core::shortest(o.min_effect));
  require(o.fdr > 0 && o.fdr < 1, "fdr must lie between 0 and 1, got " + core::shortest(o.fdr));
  require(o.likely_fdr >= o.fdr && o.likely_fdr < 1,
          "likely_fdr must lie between fdr and 1, got " + core::shortest(o.likely_fdr));
  require(o.watch >= 0, "watch must not be negative, got " + std::to_string(o.watch));
  require(o.level > 0 && o.level < 1,
          "level must lie between 0 and 1, got " + core::shortest(o.level));
  require(o.top >= 0, "top must not be negative, got " + std::to_string(o.top));
}

struct Row {
  OccasionPair pair{};
  double p = 1, q = 1;
  Interval ratio{};
  Companions::Likeness companions{};
  Occasion occasion = Occasion::unknown;
  Grade grade = Grade::none;
};

// Against a mean that is min_effect away from usual, the stretch kept.
double p_value(const OccasionPair& pair, const SubstitutesOptions& options) {
  const bool fewer = options.relation == Relation::substitutes;
  const double away = fewer ? 1 - options.min_effect : 1 + options.min_effect;
  return fewer ? stretched_lower_tail(pair.n_together, away * pair.expected, away * pair.variance)
               : stretched_upper_tail(pair.n_together, away * pair.expected, away * pair.variance);
}

Occasion occasion_of(const Companions::Likeness& likeness) {
  if (likeness.low > 0.5) return Occasion::same;
  if (likeness.high < 0.5) return Occasion::different;
  return Occasion::unknown;
}

// Without the same occasion two items may be two errands, however rarely they are together.
Grade grade_of(const Row& row, const SubstitutesOptions& options) {
  if (options.relation == Relation::substitutes && row.occasion != Occasion::same) {
    return Grade::none;
  }
  if (row.q <= options.fdr) return Grade::proven;
  return row.q <= options.likely_fdr ? Grade::likely : Grade::none;
}

// How far a pair is from usual, on the side looked for: the end of the interval nearer to 1.
double distance(const Row& row, Relation relation) {
  return relation == Relation::substitutes ? 1 - row.ratio.high : row.ratio.low - 1;
}

// Whether a pair without a grade is worth a look: of the same occasion and on the side looked for,
// or beyond chance but of an occasion that cannot be told.
bool worth_watching(const Row& row, const SubstitutesOptions& options) {
  const bool fewer = row.pair.n_together < row.pair.expected;
  if (options.relation == Relation::complements) return !fewer;
  return fewer && (row.occasion == Occasion::same ||
                   (row.occasion == Occasion::unknown && row.q <= options.likely_fdr));
}

// The strongest of what is left.
void grade_watch(std::vector<Row>& rows, const SubstitutesOptions& options) {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].grade == Grade::none && worth_watching(rows[i], options)) left.push_back(i);
  }
  std::sort(left.begin(), left.end(), [&](std::size_t x, std::size_t y) {
    return std::tuple(rows[x].p, rows[x].pair.a, rows[x].pair.b) <
           std::tuple(rows[y].p, rows[y].pair.a, rows[y].pair.b);
  });
  for (std::size_t i = 0; i < std::min(left.size(), at(options.watch)); ++i) {
    rows[left[i]].grade = Grade::watch;
  }
}

std::vector<Row> test_pairs(const OccasionPairs& found, const SubstitutesOptions& options,
                            Substitutes& result, const Context& context) {
  std::vector<Row> rows(found.pair.size());
  std::vector<double> p(rows.size());
  core::parallel_ranges(context, rows.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) p[i] = p_value(found.pair[i], options);
  });
  const std::vector<double> q = benjamini_hochberg(p, static_cast<std::int64_t>(p.size()));
  double together = 0, expected = 0, small = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].pair = found.pair[i];
    rows[i].p = p[i];
    rows[i].q = q[i];
    together += rows[i].pair.n_together;
    expected += rows[i].pair.expected;
    small += p[i] <= 0.05 ? 1 : 0;
  }
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  result.n_testable = static_cast<std::int64_t>(rows.size());
  result.n_untestable = found.n_untestable;
  result.ratio_all = expected > 0 ? together / expected : kNaN;
  result.share_below_05 = rows.empty() ? kNaN : small / static_cast<double>(rows.size());
  return rows;
}

std::vector<Row> grade_pairs(std::vector<Row> rows, const Companions& companions,
                             const SubstitutesOptions& options, Substitutes& result,
                             const Context& context) {
  core::parallel_ranges(context, rows.size(), 256, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      Row& row = rows[i];
      // Companions are compared where they can matter: the rest can only be listed with all_pairs.
      if (row.p <= 0.05 || row.q <= options.likely_fdr || options.all_pairs) {
        row.companions = companions.likeness(row.pair.a, row.pair.b, options.level);
      } else {
        constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
        row.companions = {kNaN, kNaN, kNaN, 0};
      }
      row.ratio =
          stretched_ratio(row.pair.n_together, row.pair.expected, row.pair.variance, options.level);
      row.occasion = occasion_of(row.companions);
      row.grade = grade_of(row, options);
    }
  });
  for (const Row& row : rows) {
    result.n_proven += row.grade == Grade::proven ? 1 : 0;
    result.n_likely += row.grade == Grade::likely ? 1 : 0;
    if (row.q > options.fdr) continue;
    result.n_different_occasions += row.occasion == Occasion::different ? 1 : 0;
    result.n_unknown_occasions += row.occasion == Occasion::unknown ? 1 : 0;
  }
  grade_watch(rows, options);
  if (!options.all_pairs) {
    std::erase_if(rows, [](const Row& row) { return row.grade == Grade::none; });
  }
  std::sort(rows.begin(), rows.end(), [&](const Row& x, const Row& y) {
    const bool any = options.relation == Relation::complements;  // occasion does not matter
    return std::tuple(x.grade, !any && x.occasion != Occasion::same, -distance(x, options.relation),
                      x.pair.a,
                      x.pair.b) < std::tuple(y.grade, !any && y.occasion != Occasion::same,
                                             -distance(y, options.relation), y.pair.a, y.pair.b);
  });
  if (options.top > 0 && rows.size() > at(options.top)) {
    rows.resize(at(options.top));
    result.truncated = true;
  }
  return rows;
}

double max_share(const OccasionPair& pair, Relation relation) {
  const double difference = pair.n_together - pair.expected;
  const double most = relation == Relation::substitutes ? pair.fewest : pair.most;
  if (difference * most <= 0) return std::numeric_limits<double>::quiet_NaN();
  return std::min(1.0, most / difference);
}

// The shortest absence that would have been noticed for both, at the place that shows most.
double unseen_days(std::span<const Availability> availability, const OccasionPair& pair) {
  double shortest = std::numeric_limits<double>::infinity();
  for (const Availability& part : availability) {
    shortest = std::min(shortest, std::max(part.unseen_days(pair.a), part.unseen_days(pair.b)));
  }
  return shortest;
}

void write(const std::vector<Row>& rows, std::span<const Availability> availability,
           const Switching& switching, const SubstitutesOptions& options, Substitutes& result,
           const Context& context) {
  for (const Row& row : rows) {
    const OccasionPair& pair = row.pair;
    result.grade.push_back(row.grade);
    result.item_a.push_back(pair.a);
    result.item_b.push_back(pair.b);
    result.n_together.push_back(pair.n_together);
    result.expected.push_back(pair.expected);
    result.ratio.push_back(pair.n_together / pair.expected);
    result.ratio_low.push_back(row.ratio.low);
    result.ratio_high.push_back(row.ratio.high);
    result.n.push_back(pair.n_customers);
    result.status.push_back(pair.n_customers < kFewCustomers ? Status::small_sample : Status::ok);
    result.n_a.push_back(pair.n_a);
    result.n_b.push_back(pair.n_b);
    result.p_value.push_back(row.p);
    result.q_value.push_back(row.q);
    result.max_customer_share.push_back(max_share(pair, options.relation));
    result.companions.push_back(row.companions.value);
    result.companions_low.push_back(row.companions.low);
    result.companions_high.push_back(row.companions.high);
    result.companions_n.push_back(row.companions.n);
    result.occasion.push_back(row.occasion);
    result.unseen_days.push_back(unseen_days(availability, pair));
    result.availability_seen.push_back(
        result.unseen_days.back() <= data::mean_days(options.period) ? 1 : 0);
  }
  std::vector<Estimate> switched(rows.size());
  core::parallel_ranges(context, rows.size(), 8, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      switched[i] = switching.while_absent(rows[i].pair.a, rows[i].pair.b, options.level);
    }
  });
  for (const Estimate& estimate : switched) {
    result.switched.push_back(estimate.value);
    result.switched_low.push_back(estimate.low);
    result.switched_high.push_back(estimate.high);
    result.switched_n.push_back(estimate.n);
    result.switched_status.push_back(estimate.status);
  }
  result.same_family.assign(rows.size(), 0);
}

}  // namespace

Substitutes find_substitutes(std::span<const PurchasesView> parts,
                             std::span<const std::int32_t> group, const SubstitutesOptions& options,
                             const Context& context) {
  check(options);
  std::int32_t n_items = 0;
  for (const PurchasesView& part : parts) {
    check_purchases(part, part.first_day, part.last_day, "substitutes");
    n_items = std::max(n_items, part.n_items);
  }
  std::vector<Availability> availability;
  for (const PurchasesView& part : parts) availability.emplace_back(part);
  const Occasions occasions = make_occasions(parts, availability, options.period, context);
  const OccasionPairs found = scan_occasions(occasions, n_items, options.min_customers,
                                             options.min_expected, group, context);
  Substitutes result;
  result.period = options.period;
  result.relation = options.relation;
  result.fdr = options.fdr;
  result.level = options.level;
  result.n_customers = occasions.n_customers;
  result.n_visits = occasions.n_visits;
  result.n_visits_compared = occasions.n_visits_compared;
  for (const auto item : occasions.unavailable) result.n_items_partly_on_sale += item;
  for (const Availability& part : availability) {
    result.n_absences += static_cast<std::int64_t>(part.n_absences());
  }
  std::vector<Row> rows = test_pairs(found, options, result, context);
  rows = grade_pairs(std::move(rows), Companions(found.pair, n_items), options, result, context);
  write(rows, availability, Switching(parts, availability, options.period), options, result,
        context);
  return result;
}

Substitutes substitutes(const PurchasesView& purchases, const SubstitutesOptions& options,
                        const Context& context) {
  return find_substitutes({&purchases, 1}, {}, options, context);
}

}  // namespace emptor::mining
