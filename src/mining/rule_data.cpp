#include "mining/rule_data.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

std::int64_t times(const data::BasketsView& view, std::size_t i) {
  return view.weight.empty() ? 1 : view.weight[i];
}

}  // namespace

RuleData::RuleData(const data::BasketsView& view, std::int64_t min_count, const Context& context) {
  const std::vector<std::uint32_t> sizes = basket_sizes(view);
  std::vector<std::int64_t> total(index(view.n_items), 0);
  std::vector<double> baskets_of_size;
  std::int64_t copies = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    const std::int64_t w = times(view, i);
    const std::size_t size = sizes[i];
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
  lay_out(view, sizes);
  list_items();
  grow_tree(view);
  fill_places(view, sizes, context);
}

// Whatever is frequent belongs to what is as frequent.
void RuleData::grow_tree(const data::BasketsView& view) {
  if (view.parent.empty()) return;
  std::vector<std::int32_t> parent;
  for (const std::int32_t c : code) {
    const std::int32_t up = view.parent[index(c)];
    parent.push_back(up < 0 ? -1 : rank_of[index(up)]);
  }
  tree = ItemTree(std::move(parent));
}

void RuleData::fill_places(const data::BasketsView& view, std::span<const std::uint32_t> sizes,
                           const Context& context) {
  places.assign(count.size(), 0);
  std::vector<double> own;  // baskets in which the item takes a place itself
  if (!tree.empty()) count_held(view, sizes, own);
  std::vector<double> share = tree.empty() ? count : own;
  for (std::size_t k = 0; k < count.size(); ++k) share[k] /= strata.n[k % strata.count()];
  core::parallel_for(context, strata.count(), [&](std::size_t h) {
    places_taken(strata, h, share, places);
    if (!tree.empty()) places_of_groups(share, h);
  });
}

// Places are taken by the items that nothing else in the basket belongs to.
void RuleData::count_held(const data::BasketsView& view, std::span<const std::uint32_t> sizes,
                          std::vector<double>& own) {
  own.assign(count.size(), 0);
  held.assign(count.size(), 0);
  std::vector<std::size_t> above(index(view.n_items), 0);  // the last basket, from 1 on
  for (std::size_t i = 0; i < view.size(); ++i) {
    const std::int32_t h = strata.of_size[sizes[i]];
    if (h < 0) continue;
    const auto items =
        view.item.subspan(index(view.offset[i]), index(view.offset[i + 1] - view.offset[i]));
    for (const std::int32_t item : items) {
      if (view.parent[index(item)] >= 0) above[index(view.parent[index(item)])] = i + 1;
    }
    const auto w = static_cast<double>(times(view, i));
    const auto put = [&](std::vector<double>& to, std::int32_t item) {
      const std::int32_t r = rank_of[index(item)];
      if (r >= 0) to[index(r) * strata.count() + index(h)] += w;
    };
    for (const std::int32_t item : items) {
      if (above[index(item)] == i + 1) continue;
      put(own, item);
      for (std::int32_t up = item; up >= 0; up = view.parent[index(up)]) put(held, up);
    }
  }
  for (std::size_t k = 0; k < held.size(); ++k) held[k] = count[k] > 0 ? held[k] / count[k] : 1;
}

// A group of share p that takes m places beside it leaves k s - m for the rest, of which its own
// items are no part: c (sum_j p_j c_j - those of its own) = m (1 / k - p), as for one item.
void RuleData::places_of_groups(std::span<const double> own, std::size_t h) {
  const std::size_t n = strata.count();
  const double one = 1 / strata.size_factor[h];
  std::vector<double> known(items(), 0);  // sum of p c of what belongs to it, and its own
  std::vector<double> share(items(), 0);  // sum of p likewise
  double all = 0;
  double rare = strata.mean_size[h];
  for (std::size_t r = 0; r < items(); ++r) {
    const double p = own[r * n + h];
    all += p * places[r * n + h];
    rare -= p;
    for (auto up = static_cast<std::int32_t>(r); up >= 0; up = tree.parent(up)) {
      known[index(up)] += p * places[r * n + h];
      share[index(up)] += p;
    }
  }
  rare = std::max(rare, 0.0);
  const double sum = std::max(0.5, (all + std::sqrt(all * all + 4 * rare * one)) / 2);
  for (std::size_t r = 0; r < items(); ++r) {
    const std::size_t k = r * n + h;
    if (!tree.is_group(static_cast<std::int32_t>(r)) && held[k] <= 1) continue;
    const double p = count[k] / strata.n[h];
    const double rest = std::max(0.0, p * held[k] - share[r]) * one / sum;  // of rare items
    places[k] = held[k] * std::max(0.0, one - p) / std::max(sum - known[r] - rest, 0.5);
  }
}

double RuleData::taken(std::span<const std::int32_t> z, std::span<const std::int32_t> y,
                       std::span<const std::int32_t> w, std::size_t h) const noexcept {
  const std::size_t n = strata.count();
  if (tree.empty()) {
    double places_z = 0;
    double places_y = 0;
    for (const std::int32_t r : z) places_z += places[index(r) * n + h];
    for (const std::int32_t r : y) places_y += places[index(r) * n + h];
    const double left = std::max(0.5, strata.mean_size[h] - static_cast<double>(w.size()));
    return std::min(1.0, places_z * places_y * strata.mean_size[h] / left);
  }
  double left = strata.mean_size[h];
  for (const std::int32_t r : w) left -= held[index(r) * n + h];
  return 1 - left_by(z, y, h, strata.mean_size[h] / std::max(0.5, left));
}

// Groups may take many places: what each item leaves is multiplied, not added up.
double RuleData::left_by(std::span<const std::int32_t> z, std::span<const std::int32_t> y,
                         std::size_t h, double scale) const noexcept {
  const std::size_t n = strata.count();
  double left = 1;
  for (const std::int32_t i : z) {
    for (const std::int32_t j : y) {
      left *= 1 - std::min(1.0, places[index(i) * n + h] * places[index(j) * n + h] * scale);
    }
  }
  return left;
}

// Customers in the order of their codes, then the unknown ones, each basket a cluster of its own.
void RuleData::lay_out(const data::BasketsView& view, std::span<const std::uint32_t> sizes) {
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
      stratum.push_back(strata.of_size[sizes[i]]);
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
