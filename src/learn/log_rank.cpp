#include "emptor/core/error.hpp"
#include "emptor/learn/survival.hpp"

#include "core/special.hpp"
#include "learn/event_table.hpp"

#include <Eigen/Core>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::learn {
namespace {

constexpr std::int32_t kMostGroups = 1000;

// How many of a group are at risk as time goes on: entered before, and not yet left.
class AtRisk {
 public:
  AtRisk(const EventTable& table, std::vector<double> entry, bool all_from_start)
      : table_(table), entry_(std::move(entry)) {
    std::sort(entry_.begin(), entry_.end());
    if (all_from_start) now_ = table.n;
  }
  /// Moves to `time`, which must not fall; returns the number at risk just before it.
  std::int64_t at(double time) {
    for (; in_ < entry_.size() && entry_[in_] < time; ++in_) ++now_;
    for (; row_ < table_.size() && table_.time[row_] < time; ++row_)
      now_ -= table_.events[row_] + table_.censored[row_];
    return now_;
  }
  /// Events at the time moved to last.
  [[nodiscard]] std::int64_t events(double time) const {
    return row_ < table_.size() && table_.time[row_] == time ? table_.events[row_] : 0;
  }

 private:
  const EventTable& table_;
  std::vector<double> entry_;
  std::int64_t now_ = 0;
  std::size_t in_ = 0, row_ = 0;
};

std::vector<double> event_times(const std::vector<EventTable>& tables) {
  std::vector<double> times;
  for (const auto& table : tables) {
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table.events[i] > 0) times.push_back(table.time[i]);
    }
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

std::vector<AtRisk> followed(const std::vector<EventTable>& tables, const SurvivalView& view) {
  std::vector<std::vector<double>> entry(tables.size());
  for (std::size_t i = 0; i < view.entry.size(); ++i) {
    if (view.group[i] >= 0) entry[static_cast<std::size_t>(view.group[i])].push_back(view.entry[i]);
  }
  std::vector<AtRisk> risk;
  for (std::size_t g = 0; g < tables.size(); ++g)
    risk.emplace_back(tables[g], std::move(entry[g]), view.entry.empty());
  return risk;
}

}  // namespace

LogRank log_rank(const SurvivalView& view, const Context& context) {
  check(view, "log_rank");
  if (view.group.empty() && !view.duration.empty())
    throw InvalidArgument("log_rank: there are no groups to compare; give group");
  LogRank result;
  if (view.groups == nullptr) {
    result.status = Status::not_enough_data;
    result.statistic = result.p_value = std::numeric_limits<double>::quiet_NaN();
    return result;
  }
  if (view.groups->size() > kMostGroups)
    throw InvalidArgument("log_rank: " + std::to_string(view.groups->size()) +
                          " groups; compare at most " + std::to_string(kMostGroups));
  const auto tables = event_tables(view, 1, context, "log_rank");
  const auto groups = static_cast<Eigen::Index>(tables.size());
  Eigen::VectorXd expected = Eigen::VectorXd::Zero(groups), share(groups);
  Eigen::MatrixXd variance = Eigen::MatrixXd::Zero(groups, groups);
  auto risk = followed(tables, view);
  for (const double time : event_times(tables)) {
    double n = 0, d = 0;
    for (Eigen::Index g = 0; g < groups; ++g) {
      auto& group = risk[static_cast<std::size_t>(g)];
      share[g] = static_cast<double>(group.at(time));
      d += static_cast<double>(group.events(time));
    }
    n = share.sum();
    share /= n;
    expected += d * share;
    if (n < 2) continue;
    const double scale = d * (n - d) / (n - 1);
    variance.noalias() -= scale * share * share.transpose();
    variance.diagonal() += scale * share;
  }
  result.groups = view.groups;
  Eigen::VectorXd difference(groups);
  std::int64_t compared = 0;
  for (Eigen::Index g = 0; g < groups; ++g) {
    const auto& table = tables[static_cast<std::size_t>(g)];
    result.group.push_back(static_cast<std::int32_t>(g));
    result.n.push_back(table.n);
    result.events.push_back(table.n_events);
    result.expected.push_back(expected[g]);
    difference[g] = static_cast<double>(table.n_events) - expected[g];
    compared += variance(g, g) > 0 ? 1 : 0;
    if (expected[g] < 5) result.status = Status::small_sample;
  }
  result.df = std::max<std::int64_t>(0, compared - 1);
  if (result.df == 0) {
    result.status = Status::not_enough_data;
    result.statistic = result.p_value = std::numeric_limits<double>::quiet_NaN();
    return result;
  }
  // Rows and columns of the variance sum to 0: the least-squares solution is the one that counts.
  const Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver(variance);
  result.statistic = difference.dot(solver.solve(difference));
  result.df = static_cast<std::int64_t>(solver.rank());
  result.p_value = core::chi_squared_sf(result.statistic, static_cast<double>(result.df));
  return result;
}

}  // namespace emptor::learn
