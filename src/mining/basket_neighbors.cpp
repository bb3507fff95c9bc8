#include "mining/basket_neighbors.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace emptor::mining::basket {
namespace {

constexpr std::size_t kItemsPerBlock = 256;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Customers with purchases; of more than `most` those with the least hashes: a sample that does
/// not depend on the order of rows.
std::vector<std::int32_t> choose_pool(const Shop& shop, const Profiles& profiles, int most) {
  std::vector<std::int32_t> pool;
  for (std::size_t c = 0; c < profiles.customers(); ++c)
    if (profiles.visits[c] > 0) pool.push_back(static_cast<std::int32_t>(c));
  if (pool.size() <= at(most)) return pool;
  std::nth_element(pool.begin(), pool.begin() + most, pool.end(),
                   [&](std::int32_t a, std::int32_t b) {
                     return std::pair(shop.hash[at(a)], a) < std::pair(shop.hash[at(b)], b);
                   });
  pool.resize(at(most));
  std::sort(pool.begin(), pool.end());
  return pool;
}

}  // namespace

double Neighbors::weight(std::int64_t k) const noexcept {
  return options_.kind == Kind::tifu ? profiles_->value[at(k)]
                                     : (profiles_->recent[at(k)] > 0 ? 1.0 : 0.0);
}

Neighbors::Neighbors(const Shop& shop, const Profiles& profiles, const Options& options)
    : profiles_(&profiles), options_(options) {
  pool_ = choose_pool(shop, profiles, options.pool);
  for (std::size_t c = 0; c < profiles.customers(); ++c) {
    double size = 0;
    for (auto k = profiles.begin[c]; k < profiles.begin[c + 1]; ++k) size += weight(k) * weight(k);
    size_.push_back(size);
    if (options.kind == Kind::up_cf) other_size_.push_back(std::pow(size, 1 - options.asymmetry));
  }
  begin_.assign(at(shop.n_items) + 1, 0);
  const auto each = [&](auto&& visit) {
    for (std::size_t p = 0; p < pool_.size(); ++p) {
      const auto c = at(pool_[p]);
      for (auto k = profiles.begin[c]; k < profiles.begin[c + 1]; ++k)
        if (weight(k) > 0) visit(at(profiles.item[at(k)]), p, weight(k));
    }
  };
  each([&](std::size_t item, std::size_t, double) { ++begin_[item + 1]; });
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  who_.resize(at(begin_.back()));
  if (options.kind == Kind::tifu) value_.resize(who_.size());
  std::vector<std::int64_t> next(begin_.begin(), begin_.end() - 1);
  each([&](std::size_t item, std::size_t p, double w) {
    const auto place = at(next[item]++);
    who_[place] = static_cast<std::int32_t>(p);
    if (!value_.empty()) value_[place] = w;
  });
}

std::vector<Neighbors::Neighbor> Neighbors::nearest(std::size_t c, std::vector<double>& dot) const {
  const Profiles& p = *profiles_;
  const bool tifu = options_.kind == Kind::tifu;
  for (auto k = p.begin[c]; k < p.begin[c + 1]; ++k) {
    const double w = weight(k);
    if (w == 0) continue;
    const auto from = begin_[at(p.item[at(k)])];
    const auto to = begin_[at(p.item[at(k)]) + 1];
    if (tifu) {
      for (auto j = at(from); j < at(to); ++j) dot[at(who_[j])] += w * value_[j];
    } else {
      for (auto j = at(from); j < at(to); ++j) dot[at(who_[j])] += 1;
    }
  }
  std::vector<Neighbor> all;
  all.reserve(pool_.size());
  const double own = tifu ? size_[c] : std::pow(size_[c], options_.asymmetry);
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    const double both = std::exchange(dot[i], 0.0);
    const auto other = at(pool_[i]);
    if (other == c) continue;
    if (tifu) {
      all.push_back({pool_[i], std::max(0.0, own + size_[other] - 2 * both)});
    } else if (both > 0) {
      all.push_back({pool_[i], both / (own * other_size_[other])});
    }
  }
  const auto nearer = [tifu](const Neighbor& a, const Neighbor& b) {
    if (a.similarity != b.similarity)
      return tifu ? a.similarity < b.similarity : a.similarity > b.similarity;
    return a.customer < b.customer;
  };
  const std::size_t n = std::min(all.size(), at(options_.neighbors));
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n), all.end(), nearer);
  all.resize(n);
  std::sort(all.begin(), all.end(), nearer);
  if (!tifu)
    for (Neighbor& one : all) one.similarity = std::pow(one.similarity, options_.locality);
  return all;
}

int Neighbors::score(std::size_t c, std::vector<double>& dot, SparseScores& scores) const {
  const Profiles& p = *profiles_;
  const auto found = nearest(c, dot);
  const auto add = [&](std::size_t who, double factor) {
    if (options_.kind == Kind::tifu) {
      for (auto k = p.begin[who]; k < p.begin[who + 1]; ++k)
        scores.add(p.item[at(k)], factor * p.value[at(k)]);
      return;
    }
    const double one = factor / p.recent_visits[who];
    for (auto k = p.begin[who]; k < p.begin[who + 1]; ++k)
      if (p.recent[at(k)] > 0) scores.add(p.item[at(k)], one * p.recent[at(k)]);
  };
  if (options_.kind == Kind::tifu) {
    for (const Neighbor& one : found)
      add(at(one.customer), 1.0 / static_cast<double>(found.size()));
  } else {
    double total = 1;
    for (const Neighbor& one : found) total += one.similarity;
    if (p.visits[c] > 0) add(c, 1 / total);
    for (const Neighbor& one : found) add(at(one.customer), one.similarity / total);
  }
  return static_cast<int>(found.size());
}

ItemNeighbors::ItemNeighbors(const Shop& shop, const Profiles& profiles, const Options& options,
                             const Context& context)
    : profiles_(&profiles) {
  const std::size_t n_items = at(shop.n_items);
  n_buyers_.assign(n_items, 0);
  for (const std::int32_t item : profiles.item) ++n_buyers_[at(item)];
  std::vector<std::int64_t> begin(n_items + 1, 0);
  for (std::size_t i = 0; i < n_items; ++i) begin[i + 1] = begin[i] + n_buyers_[i];
  std::vector<std::int32_t> buyer(profiles.item.size());
  auto next = begin;
  for (std::size_t c = 0; c < profiles.customers(); ++c)
    for (auto k = profiles.begin[c]; k < profiles.begin[c + 1]; ++k)
      buyer[at(next[at(profiles.item[at(k)])]++)] = static_cast<std::int32_t>(c);

  struct Part {
    std::vector<std::int64_t> size{};
    std::vector<std::int32_t> other{}, both{};
    std::vector<double> similarity{};
  };
  const auto enough = [&](std::size_t i) { return n_buyers_[i] >= options.min_buyers; };
  const auto parts = core::parallel_map<Part>(
      context, n_items, kItemsPerBlock, [&](std::size_t first, std::size_t last) {
        Part part;
        std::vector<std::int32_t> both(n_items, 0), touched;
        struct Near {
          double similarity;
          std::int32_t item;
        };
        std::vector<Near> near;
        for (std::size_t i = first; i < last; ++i) {
          near.clear();
          touched.clear();
          for (auto b = begin[i]; enough(i) && b < begin[i + 1]; ++b) {
            const auto c = at(buyer[at(b)]);
            for (auto k = profiles.begin[c]; k < profiles.begin[c + 1]; ++k) {
              const auto j = at(profiles.item[at(k)]);
              if (both[j]++ == 0) touched.push_back(static_cast<std::int32_t>(j));
            }
          }
          for (const std::int32_t j : touched)
            if (at(j) != i && enough(at(j)))
              near.push_back({both[at(j)] / std::sqrt(static_cast<double>(n_buyers_[i]) *
                                                      static_cast<double>(n_buyers_[at(j)])),
                              j});
          const auto n = std::min(near.size(), at(options.neighbors));
          std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(n), near.end(),
                            [](const Near& a, const Near& b) {
                              return a.similarity != b.similarity ? a.similarity > b.similarity
                                                                  : a.item < b.item;
                            });
          part.size.push_back(static_cast<std::int64_t>(n));
          for (std::size_t k = 0; k < n; ++k) {
            part.other.push_back(near[k].item);
            part.both.push_back(both[at(near[k].item)]);
            part.similarity.push_back(near[k].similarity);
          }
          for (const std::int32_t j : touched) both[at(j)] = 0;
        }
        return part;
      });
  for (const Part& part : parts) {
    for (const auto n : part.size) begin_.push_back(begin_.back() + n);
    other_.insert(other_.end(), part.other.begin(), part.other.end());
    both_.insert(both_.end(), part.both.begin(), part.both.end());
    similarity_.insert(similarity_.end(), part.similarity.begin(), part.similarity.end());
  }
}

void ItemNeighbors::score(std::size_t c, SparseScores& scores) const {
  const Profiles& p = *profiles_;
  for (auto k = p.begin[c]; k < p.begin[c + 1]; ++k) {
    if (p.recent[at(k)] == 0) continue;
    const double share = static_cast<double>(p.recent[at(k)]) / p.recent_visits[c];
    const auto i = at(p.item[at(k)]);
    scores.add(p.item[at(k)], share);
    for (auto j = begin_[i]; j < begin_[i + 1]; ++j)
      scores.add(other_[at(j)], share * similarity_[at(j)]);
  }
}

std::int32_t ItemNeighbors::strongest(std::size_t c, std::int32_t item) const {
  const Profiles& p = *profiles_;
  std::int32_t best = -1;
  double most = 0;
  for (auto k = p.begin[c]; k < p.begin[c + 1]; ++k) {
    if (p.recent[at(k)] == 0) continue;
    const auto i = at(p.item[at(k)]);
    for (auto j = begin_[i]; j < begin_[i + 1]; ++j) {
      if (other_[at(j)] != item) continue;
      const double part = p.recent[at(k)] * similarity_[at(j)];
      if (part > most) {
        most = part;
        best = p.item[at(k)];
      }
    }
  }
  return best;
}

std::pair<std::int64_t, std::int64_t> ItemNeighbors::buyers(std::int32_t item,
                                                            std::int32_t other) const {
  const auto i = at(item);
  for (auto j = begin_[i]; j < begin_[i + 1]; ++j)
    if (other_[at(j)] == other) return {both_[at(j)], n_buyers_[i]};
  return {0, n_buyers_[i]};
}

}  // namespace emptor::mining::basket
