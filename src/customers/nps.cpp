#include "emptor/customers/nps.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/shortest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kSmall = 30;

struct Answers {
  std::int64_t promoters = 0, passives = 0, detractors = 0;
  [[nodiscard]] std::int64_t n() const noexcept { return promoters + passives + detractors; }
  void add(int score) noexcept { ++(score >= 9 ? promoters : score >= 7 ? passives : detractors); }
  [[nodiscard]] Answers without(const Answers& other) const noexcept {
    return {promoters - other.promoters, passives - other.passives, detractors - other.detractors};
  }
};

struct Score {
  double value = kNaN, low = kNaN, high = kNaN;
};

// Rocks (2016), "adjusted Wald": on -1 to 1.
Score score_of(const Answers& answers, double z) {
  if (answers.n() == 0) return {};
  const auto n = static_cast<double>(answers.n()) + 3;
  const double p = (static_cast<double>(answers.promoters) + 0.75) / n;
  const double d = (static_cast<double>(answers.detractors) + 0.75) / n;
  const double half = z * std::sqrt((p + d - (p - d) * (p - d)) / n);
  const double value = static_cast<double>(answers.promoters - answers.detractors) /
                       static_cast<double>(answers.n());
  return {value, std::max(-1.0, p - d - half), std::min(1.0, p - d + half)};
}

// Of a less b: each end moves as far as the two ends it depends on.
Score difference(const Score& a, const Score& b) {
  const double value = a.value - b.value;
  return {value, value - std::hypot(a.value - a.low, b.high - b.value),
          value + std::hypot(a.high - a.value, b.value - b.low)};
}

Status status_of(std::int64_t n) {
  return n == 0 ? Status::not_enough_data : n < kSmall ? Status::small_sample : Status::ok;
}

void check(const NpsView& view, const NpsOptions& options) {
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("nps: level must lie between 0 and 1, found " +
                          core::shortest(options.level));
  if (view.group.empty()) return;
  if (!view.groups) throw InvalidArgument("nps: group is given without what its codes mean");
  if (view.group.size() != view.score.size())
    throw InvalidArgument("nps: group has " + std::to_string(view.group.size()) +
                          " values and score " + std::to_string(view.score.size()) +
                          "; give one of each per answer");
  for (std::size_t i = 0; i < view.group.size(); ++i) {
    if (view.group[i] < -1 || view.group[i] >= view.groups->size())
      throw InvalidArgument("nps: group must be -1 or a code below " +
                            std::to_string(view.groups->size()) + "; row " + std::to_string(i) +
                            " is " + std::to_string(view.group[i]));
  }
}

std::vector<Answers> count(const NpsView& view, const Context& context, std::int64_t& missing) {
  std::vector<Answers> groups(view.group.empty() ? 1
                                                 : static_cast<std::size_t>(view.groups->size()));
  for (std::size_t i = 0; i < view.score.size(); ++i) {
    if (i % 65536 == 0 && context.stop.stop_requested()) throw Cancelled();
    const double score = view.score[i];
    if (std::isnan(score)) {
      ++missing;
      continue;
    }
    if (!(score >= 0 && score <= 10) || score != std::floor(score))
      throw InvalidArgument("nps: scores must be whole numbers from 0 to 10; row " +
                            std::to_string(i) + " is " + core::shortest(score) +
                            "; leave out what is no answer, and do not rescale other scales");
    if (view.group.empty()) {
      groups[0].add(static_cast<int>(score));
    } else if (view.group[i] >= 0) {
      groups[static_cast<std::size_t>(view.group[i])].add(static_cast<int>(score));
    }
  }
  return groups;
}

}  // namespace

NpsCompare parse_nps_compare(std::string_view text) {
  if (text == "none") return NpsCompare::none;
  if (text == "previous") return NpsCompare::previous;
  if (text == "rest") return NpsCompare::rest;
  throw InvalidArgument("nps: compare must be \"none\", \"previous\" or \"rest\", found '" +
                        std::string(text.substr(0, 40)) + "'");
}

NpsResult nps(const NpsView& view, const NpsOptions& options, const Context& context) {
  check(view, options);
  NpsResult result;
  result.level = options.level;
  result.compare = options.compare;
  if (!view.group.empty()) result.groups = view.groups;
  const auto groups = count(view, context, result.n_missing);
  const double z = normal_half_width(options.level);
  Answers all;
  for (const auto& one : groups) {
    all.promoters += one.promoters;
    all.passives += one.passives;
    all.detractors += one.detractors;
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Answers& answers = groups[g];
    const Score score = score_of(answers, z);
    result.group.push_back(static_cast<std::int32_t>(g));
    result.nps.push_back(100 * score.value);
    result.nps_low.push_back(100 * score.low);
    result.nps_high.push_back(100 * score.high);
    result.n.push_back(answers.n());
    result.status.push_back(status_of(answers.n()));
    result.promoters.push_back(answers.promoters);
    result.passives.push_back(answers.passives);
    result.detractors.push_back(answers.detractors);
    if (options.compare == NpsCompare::none) continue;
    Answers other;
    if (options.compare == NpsCompare::rest) other = all.without(answers);
    if (options.compare == NpsCompare::previous && g > 0) other = groups[g - 1];
    const Score change = difference(score, score_of(other, z));
    result.change.push_back(100 * change.value);
    result.change_low.push_back(100 * change.low);
    result.change_high.push_back(100 * change.high);
    result.change_n.push_back(other.n());
    result.change_status.push_back(status_of(std::min(answers.n(), other.n())));
  }
  return result;
}

std::vector<Column> NpsResult::columns() const {
  std::vector<Column> out;
  if (groups) out.emplace_back("group", group, *groups, "whose answers");
  out.emplace_back("nps", nps, "promoters less detractors, in points from -100 to 100");
  out.emplace_back("nps_low", nps_low, "lower end of its interval");
  out.emplace_back("nps_high", nps_high, "upper end of its interval");
  out.emplace_back("n", n, "answers");
  out.emplace_back("status", status, status_labels(), "small_sample under 30 answers");
  out.emplace_back("promoters", promoters, "9 and 10");
  out.emplace_back("passives", passives, "7 and 8");
  out.emplace_back("detractors", detractors, "0 to 6");
  if (compare == NpsCompare::none) return out;
  out.emplace_back("change", change, "points above what it is compared with");
  out.emplace_back("change_low", change_low, "lower end of its interval");
  out.emplace_back("change_high", change_high, "upper end; an interval with 0 may be chance");
  out.push_back(Column("change_n", change_n, "answers it is compared with").hidden());
  out.push_back(Column("change_status", change_status, status_labels()).hidden());
  return out;
}

std::vector<Scalar> NpsResult::info() const {
  return {{"n_missing", n_missing, "rows without an answer"},
          {"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::customers
