#include "emptor/customers/decline_stability.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <limits>
#include <string>

namespace emptor::customers {
namespace {

constexpr std::array<std::string_view, 2> kListed{"named", "all"};
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The customers of a snapshot's lists, by code ascending.
std::array<std::vector<std::int32_t>, 2> lists(const data::Sales& sales,
                                               const DeclineStabilityOptions& options,
                                               const Context& context) {
  DecliningOptions asked;
  asked.window = options.window;
  asked.baseline = options.baseline;
  asked.min_drop = options.min_drop;
  asked.relative_to = options.relative_to;
  asked.sort = options.sort;
  const DecliningResult found = declining(sales, asked, context);
  std::array<std::vector<std::int32_t>, 2> result;
  for (std::size_t i = 0; i < found.customer.size(); ++i) {
    if (found.list[i] <= DeclineList::likely) result[0].push_back(found.customer[i]);
    if (found.list[i] <= DeclineList::watch) result[1].push_back(found.customer[i]);
  }
  for (auto& one : result) std::sort(one.begin(), one.end());
  return result;
}

double share(std::int64_t part, std::size_t whole) {
  return whole == 0 ? kNaN : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::span<const std::string_view> decline_listed_labels() noexcept { return kListed; }

DeclineStabilityResult decline_stability(const data::Sales& sales,
                                         const DeclineStabilityOptions& options,
                                         const Context& context) {
  if (options.step.count < 1)
    throw InvalidArgument("decline_stability: step must be at least a day, as \"7 days\"");
  if (options.snapshots < 1)
    throw InvalidArgument("decline_stability: snapshots must be at least 1, found " +
                          std::to_string(options.snapshots));
  DeclineStabilityResult result;
  result.last_day = sales.last_day();
  const auto now = lists(sales, options, context);
  for (int k = 1; k <= options.snapshots; ++k) {
    const data::Span back{k * options.step.count, options.step.unit};
    const data::Day day = data::subtract(sales.last_day(), back);
    if (day < sales.first_day()) break;
    const auto then = lists(sales.as_of_day(day), options, context);
    for (std::size_t l = 0; l < kListed.size(); ++l) {
      std::vector<std::int32_t> both;
      std::set_intersection(now[l].begin(), now[l].end(), then[l].begin(), then[l].end(),
                            std::back_inserter(both));
      const auto shared = static_cast<std::int64_t>(both.size());
      result.snapshot.push_back(day);
      result.listed.push_back(static_cast<DeclineListed>(l));
      result.n_then.push_back(static_cast<std::int64_t>(then[l].size()));
      result.n.push_back(static_cast<std::int64_t>(now[l].size()));
      result.n_both.push_back(shared);
      result.n_joined.push_back(result.n.back() - shared);
      result.n_left.push_back(result.n_then.back() - shared);
      result.share_there.push_back(share(shared, now[l].size()));
      result.share_stayed.push_back(share(shared, then[l].size()));
    }
  }
  return result;
}

std::vector<Column> DeclineStabilityResult::columns() const {
  return {Column::dates("snapshot", snapshot, "day the earlier list is of"),
          {"listed", listed, decline_listed_labels(), "named: proven or likely; all: watch too"},
          {"n_then", n_then, "customers on the earlier list"},
          {"n", n, "customers on the list of the moment"},
          {"n_both", n_both, "customers on both"},
          {"n_joined", n_joined, "on the list of the moment only"},
          {"n_left", n_left, "on the earlier list only"},
          {"share_there", share_there, "share of the list of the moment that was there"},
          {"share_stayed", share_stayed, "share of the earlier list that is there still"}};
}

std::vector<Scalar> DeclineStabilityResult::info() const {
  return {{"last_day", last_day == data::kNoDay ? std::string() : data::iso_date(last_day),
           "the moment"}};
}

}  // namespace emptor::customers
