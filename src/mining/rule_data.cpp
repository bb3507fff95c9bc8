#include "mining/rule_data.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

namespace emptor::mining {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

std::int64_t times(const data::BasketsView& view, std::size_t i) {
  return view.weight.empty() ? 1 : view.weight[i];
}

}  // namespace

RuleData::RuleData(const data::BasketsView& view, std::int64_t min_count, const Context& context) {
  std::vector<std::int64_t> total(index(view.n_items), 0);
  std::vector<double> baskets_of_size;
  std::int64_t copies = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    const std::int64_t w = times(view, i);
    const std::size_t size = index(view.offset[i + 1] - view.offset[i]);
    if (size >= baskets_of_size.size()) baskets_of_size.resize(size + 1, 0);
    baskets_of_size[size] += static_cast<double>(w);
    copies += w;
    for (std::int64_t k = view.offset[i]; k < view.offset[i + 1]; ++k) {
      total[index(view.item[index(k)])] += w;
    }
  }
  rank_of.assign(index(view.n_items), -1);
  std::int64_t occurrences = 0;
  for (std::int32_t i = 0; i < view.n_items; ++i) {
    if (total[index(i)] < min_count) continue;
    rank_of[index(i)] = static_cast<std::int32_t>(code.size());
    code.push_back(i);
    occurrences += total[index(i)];
  }
  if (std::max(occurrences, copies) >= std::numeric_limits<std::uint32_t>::max()) {
    throw InvalidArgument(
        "association_rules: more than 4,294,967,294 items in "
        "baskets; raise min_count, or look at "
        "a part of the baskets");
  }
  strata = make_strata(baskets_of_size);
  const std::size_t bytes =
      index(occurrences) * 8 + index(copies) * 20 + code.size() * strata.count() * 16;
  if (context.memory_limit > 0 && bytes > context.memory_limit) {
    throw MemoryLimit("association_rules: needs about " + std::to_string(bytes / 1000000 + 1) +
                      " MB for the baskets, the limit is " +
                      std::to_string(context.memory_limit / 1000000) + " MB; raise memory_limit");
  }
  rank.reserve(index(occurrences));
  lay_out(view);
  list_items();
  places.assign(count.size(), 0);
  std::vector<double> share(count.size());
  for (std::size_t k = 0; k < count.size(); ++k) share[k] = count[k] / strata.n[k % strata.count()];
  core::parallel_for(context, strata.count(),
                     [&](std::size_t h) { places_taken(strata, h, share, places); });
}

// Customers in the order of their codes, then the unknown ones, each basket a cluster of its own.
void RuleData::lay_out(const data::BasketsView& view) {
  const bool known = !view.customer.empty();
  const std::int32_t top =
      known && view.size() > 0 ? *std::max_element(view.customer.begin(), view.customer.end()) : -1;
  const auto place = [&](std::size_t i) {
    return known && view.customer[i] >= 0 ? index(view.customer[i]) : index(top) + 1;
  };
  std::vector<std::uint32_t> first(index(top) + 3, 0);
  for (std::size_t i = 0; i < view.size(); ++i) ++first[place(i) + 1];
  for (std::size_t c = 0; c + 2 < first.size(); ++c) n_customers += first[c + 1] > 0 ? 1 : 0;
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> order(view.size());
  for (std::size_t i = 0; i < view.size(); ++i) {
    order[first[place(i)]++] = static_cast<std::uint32_t>(i);
  }
  begin.push_back(0);
  std::size_t before = std::numeric_limits<std::size_t>::max();
  for (const std::uint32_t i : order) {
    const std::size_t who = place(i);
    for (std::int64_t w = times(view, i); w > 0; --w) {
      if (who == index(top) + 1 || who != before) {
        cluster_begin.push_back(static_cast<Position>(stratum.size()));
      }
      before = who;
      stratum.push_back(strata.of_size[index(view.offset[i + 1] - view.offset[i])]);
      cluster.push_back(static_cast<Position>(cluster_begin.size() - 1));
      for (std::int64_t k = view.offset[i]; k < view.offset[i + 1]; ++k) {
        const std::int32_t r = rank_of[index(view.item[index(k)])];
        if (r >= 0) rank.push_back(r);
      }
      begin.push_back(static_cast<std::uint32_t>(rank.size()));
    }
  }
  cluster_begin.push_back(static_cast<Position>(stratum.size()));
  for (std::size_t c = 0; c < clusters(); ++c) {
    const double n = cluster_begin[c + 1] - cluster_begin[c];
    clustered = clustered || n > 1;
    nn += n * n;
  }
}

void RuleData::list_items() {
  item_begin.assign(items() + 1, 0);
  several.assign(items(), 0);
  count.assign(items() * strata.count(), 0);
  for (const std::int32_t r : rank) ++item_begin[index(r) + 1];
  std::partial_sum(item_begin.begin(), item_begin.end(), item_begin.begin());
  std::vector<std::uint32_t> fill(item_begin.begin(), item_begin.end() - 1);
  basket.resize(rank.size());
  for (std::size_t b = 0; b < baskets(); ++b) {
    for (const std::int32_t r : in(b)) {
      basket[fill[index(r)]++] = static_cast<Position>(b);
      if (stratum[b] < 0) continue;
      ++several[index(r)];
      count[index(r) * strata.count() + index(stratum[b])] += 1;
    }
  }
}

}  // namespace emptor::mining
