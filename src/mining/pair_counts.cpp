#include "mining/pair_counts.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::size_t kBlocks = 256;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

double dot(const Profile& x, const Profile& y) { return x[0] * y[0] + x[1] * y[1]; }

double dot(const Matrix& x, const Matrix& y) { return x[0] * y[0] + x[1] * y[1] + x[2] * y[2]; }

// Numbers w with x' T y = dot(w, T).
Matrix outer(const Profile& x, const Profile& y) {
  return {x[0] * y[0], x[0] * y[1] + x[1] * y[0], x[1] * y[1]};
}

// x x' as a symmetric matrix.
Matrix square(const Profile& x) { return {x[0] * x[0], x[0] * x[1], x[1] * x[1]}; }

void add(Matrix& sum, const Matrix& x, double times = 1) {
  for (std::size_t i = 0; i < 3; ++i) sum[i] += times * x[i];
}

void check_memory(std::size_t bytes, std::size_t items, const Context& context) {
  if (context.memory_limit == 0 || bytes <= context.memory_limit) return;
  throw MemoryLimit("bought_together: needs about " + std::to_string(bytes / 1000000 + 1) +
                    " MB for " + std::to_string(items) + " items, the limit is " +
                    std::to_string(context.memory_limit / 1000000) +
                    " MB; raise memory_limit or min_count");
}

}  // namespace

// What one thread needs to count a row.
struct PairIndex::Scratch {
  struct Kept {
    std::int32_t rank;
    std::uint32_t n;
  };
  std::vector<std::uint32_t> count{};  // per rank, 0 between rows
  std::vector<std::int32_t> slot{};    // per rank: index in `pairs`, -1 between rows
  std::vector<Kept> kept{};            // room for every rank; the first n_kept count
  std::size_t n_kept = 0;
  std::vector<std::uint32_t> shared{};  // per item of a customer, 0 between customers
  std::vector<PairSums> pairs{};
  std::vector<Profile> profile{};  // of the pairs' second items
};

PairIndex::PairIndex(const data::BasketsView& view, std::int64_t min_count, const Context& context)
    : n_baskets(static_cast<std::int64_t>(view.size())), min_count_(min_count) {
  make_clusters(view);
  rank_items(view);
  count_shares(view);
  std::size_t occurrences = 0;
  for (const ItemSums& sums : item) occurrences += static_cast<std::size_t>(sums.n);
  if (occurrences > std::numeric_limits<std::uint32_t>::max()) {
    throw InvalidArgument(
        "bought_together: more than 4,294,967,295 items in baskets; raise "
        "min_count, or look at a part of the baskets");
  }
  const auto threads = index(core::thread_count(context, kBlocks));
  const std::size_t laid_out =
      few_items() ? threads * code.size() * code.size() * 2 : occurrences * (clustered() ? 40 : 12);
  check_memory(laid_out + view.size() * 32 +
                   code.size() * (strata.count() * 16 + sizeof(ItemSums)) +
                   threads * code.size() * sizeof(PairSums),
               code.size(), context);
  if (few_items()) {
    triangle_ = PairTriangle(view, rank_of_, code.size(), context);
    make_blocks();
    return;
  }
  if (clustered()) fit_profiles();
  lay_out(view);
  order_by_rank();
  if (clustered()) sum_items();
  make_blocks();
}

void PairIndex::rank_items(const data::BasketsView& view) {
  std::vector<std::int64_t> count(index(view.n_items), 0);
  std::vector<std::int64_t> in_several(index(view.n_items), 0);
  for (std::size_t i = 0; i < view.size(); ++i) {
    const std::int64_t several = view.offset[i + 1] - view.offset[i] > 1 ? 1 : 0;
    for (std::int64_t k = view.offset[i]; k < view.offset[i + 1]; ++k) {
      ++count[index(view.item[index(k)])];
      in_several[index(view.item[index(k)])] += several;
    }
  }
  for (std::int32_t i = 0; i < view.n_items; ++i) {
    n_bought += count[index(i)] > 0 ? 1 : 0;
    if (in_several[index(i)] >= min_count_) code.push_back(i);
  }
  if (!few_items()) {
    std::stable_sort(code.begin(), code.end(),
                     [&](auto i, auto j) { return count[index(i)] < count[index(j)]; });
  }
  rank_of_.assign(index(view.n_items), -1);
  item.resize(code.size());
  for (std::size_t r = 0; r < code.size(); ++r) {
    rank_of_[index(code[r])] = static_cast<std::int32_t>(r);
    item[r].n = static_cast<double>(count[index(code[r])]);
  }
}

void PairIndex::count_shares(const data::BasketsView& view) {
  std::vector<double> baskets_of_size;
  for (std::size_t i = 0; i < view.size(); ++i) {
    const std::size_t size = index(view.offset[i + 1] - view.offset[i]);
    if (size >= baskets_of_size.size()) baskets_of_size.resize(size + 1, 0);
    ++baskets_of_size[size];
  }
  strata = make_strata(baskets_of_size);
  share.assign(code.size() * strata.count(), 0);
  for (std::size_t i = 0; i < view.size(); ++i) {
    const std::int32_t h = strata.of_size[index(view.offset[i + 1] - view.offset[i])];
    if (h < 0) continue;
    for (std::int64_t k = view.offset[i]; k < view.offset[i + 1]; ++k) {
      const std::int32_t r = rank_of_[index(view.item[index(k)])];
      if (r >= 0) share[index(r) * strata.count() + index(h)] += 1;
    }
  }
  for (std::size_t r = 0; r < code.size(); ++r) {
    for (std::size_t h = 0; h < strata.count(); ++h) share[r * strata.count() + h] /= strata.n[h];
  }
}

// The best approximation of the shares by two profiles: the leading singular vectors of the matrix
// sqrt(baskets of h) * share, by orthogonal iteration. Frequent items and full strata count most.
void PairIndex::fit_profiles() {
  const std::size_t n = strata.count();
  std::vector<double> gram(n * n, 0);
  for (std::size_t r = 0; r < code.size(); ++r) {
    const double* const p = share.data() + r * n;
    for (std::size_t g = 0; g < n; ++g) {
      const double weighted = p[g] * std::sqrt(strata.n[g]);
      for (std::size_t h = 0; h < n; ++h)
        gram[g * n + h] += weighted * p[h] * std::sqrt(strata.n[h]);
    }
  }
  std::array<std::vector<double>, 2> basis;
  for (std::size_t h = 0; h < n; ++h) {
    basis[0].push_back(std::sqrt(strata.n[h]) * strata.mean_size[h]);
    basis[1].push_back(std::sqrt(strata.n[h]));
  }
  const auto product = [n](const std::vector<double>& x, const std::vector<double>& y) {
    double sum = 0;
    for (std::size_t h = 0; h < n; ++h) sum += x[h] * y[h];
    return sum;
  };
  for (int iteration = 0; iteration < 60; ++iteration) {
    for (std::size_t k = 0; k < 2; ++k) {
      std::vector<double> next(n, 0);
      for (std::size_t g = 0; g < n; ++g) {
        for (std::size_t h = 0; h < n; ++h) next[g] += gram[g * n + h] * basis[k][h];
      }
      const double before = k == 1 ? product(next, basis[0]) : 0;
      for (std::size_t h = 0; h < n; ++h) next[h] -= before * basis[0][h];
      const double length = std::sqrt(product(next, next));
      for (double& x : next) x = length > 1e-100 ? x / length : 0;
      basis[k] = next;
    }
  }
  size_profile_.resize(n);
  for (std::size_t h = 0; h < n; ++h) {
    for (std::size_t k = 0; k < 2; ++k) size_profile_[h][k] = basis[k][h] / std::sqrt(strata.n[h]);
  }
  item_profile_.assign(code.size(), {});
  for (std::size_t r = 0; r < code.size(); ++r) {
    for (std::size_t h = 0; h < n; ++h) {
      const double count = share[r * n + h] * strata.n[h];
      for (std::size_t k = 0; k < 2; ++k) item_profile_[r][k] += count * size_profile_[h][k];
    }
  }
}

// Customers with several baskets, numbered by their code; all others stand alone.
void PairIndex::make_clusters(const data::BasketsView& view) {
  cluster_of_.assign(view.size(), -1);
  if (view.customer.empty()) return;
  const std::int32_t top = *std::max_element(view.customer.begin(), view.customer.end());
  std::vector<std::int32_t> baskets(index(std::int64_t{top} + 1), 0);
  for (const std::int32_t c : view.customer) {
    if (c >= 0) ++baskets[index(c)];
  }
  for (std::int32_t& n : baskets) {
    n_customers += n > 0 ? 1 : 0;
    n = n > 1 ? n_clusters_++ : -1;
  }
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.customer[i] >= 0) cluster_of_[i] = baskets[index(view.customer[i])];
  }
}

// Puts the baskets in the order of their customers and writes down every item's baskets.
void PairIndex::lay_out(const data::BasketsView& view) {
  std::vector<std::uint32_t> first(index(n_clusters_) + 2, 0);
  const auto place = [&](std::size_t i) {
    return index(cluster_of_[i] < 0 ? n_clusters_ : cluster_of_[i]);
  };
  for (std::size_t i = 0; i < view.size(); ++i) ++first[place(i) + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> order(view.size());
  for (std::size_t i = 0; i < view.size(); ++i) {
    order[first[place(i)]++] = static_cast<std::uint32_t>(i);
  }
  item_begin_.assign(code.size() + 1, 0);
  for (std::size_t r = 0; r < code.size(); ++r) {
    item_begin_[r + 1] = item_begin_[r] + static_cast<std::uint32_t>(item[r].n);
  }
  std::vector<std::uint32_t> fill(item_begin_.begin(), item_begin_.end() - 1);
  basket_.resize(item_begin_.back());
  cluster_n_.assign(index(n_clusters_), 0);
  cluster_t_.assign(index(n_clusters_), {});
  begin_.push_back(0);
  for (const std::uint32_t i : order) {
    const std::int32_t h = strata.of_size[index(view.offset[i + 1] - view.offset[i])];
    const std::int32_t c = cluster_of_[i];
    const Matrix t = clustered() && h >= 0 ? square(size_profile_[index(h)]) : Matrix{};
    if (c >= 0) {
      cluster_n_[index(c)] += 1;
      add(cluster_t_[index(c)], t);
    } else {
      nn += 1;
      for (std::size_t k = 0; k < 3; ++k) add(tt_[k], t, t[k]);
    }
    std::uint32_t ranked = 0;
    for (std::int64_t k = view.offset[i]; k < view.offset[i + 1]; ++k) {
      const std::int32_t r = rank_of_[index(view.item[index(k)])];
      if (r < 0) continue;
      ++ranked;
      basket_[fill[index(r)]++] = static_cast<std::uint32_t>(stratum_.size());
    }
    if (ranked == 0) continue;
    stratum_.push_back(h);
    cluster_.push_back(c);
    begin_.push_back(begin_.back() + ranked);
  }
  for (std::size_t c = 0; c < cluster_n_.size(); ++c) {
    nn += cluster_n_[c] * cluster_n_[c];
    for (std::size_t k = 0; k < 3; ++k) add(tt_[k], cluster_t_[c], cluster_t_[c][k]);
  }
}

// Taking items by rank puts the ranks of every basket in order.
void PairIndex::order_by_rank() {
  rank_.resize(basket_.size());
  position_.resize(basket_.size());
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (std::size_t r = 0; r < code.size(); ++r) {
    for (std::uint32_t k = item_begin_[r]; k < item_begin_[r + 1]; ++k) {
      position_[k] = next[basket_[k]]++;
      rank_[position_[k]] = static_cast<std::int32_t>(r);
    }
  }
}

// The items of every customer, by rank, and the sums of every item over customers.
void PairIndex::sum_items() {
  std::vector<std::int32_t> last(index(n_clusters_), -1);
  std::vector<std::int64_t> next(index(n_clusters_) + 1, 0);
  const auto each_occurrence = [&](const auto& work) {
    for (std::size_t r = 0; r < code.size(); ++r) {
      for (std::uint32_t k = item_begin_[r]; k < item_begin_[r + 1]; ++k) {
        work(static_cast<std::int32_t>(r), k, cluster_[basket_[k]]);
      }
    }
  };
  each_occurrence([&](std::int32_t r, std::uint32_t, std::int32_t c) {
    if (c >= 0 && last[index(c)] != r) {
      last[index(c)] = r;
      ++next[index(c) + 1];
    }
  });
  std::partial_sum(next.begin(), next.end(), next.begin());
  cluster_begin_ = next;
  cluster_item_.resize(index(next.back()));
  local_.resize(basket_.size());
  std::fill(last.begin(), last.end(), -1);
  each_occurrence([&](std::int32_t r, std::uint32_t k, std::int32_t c) {
    const std::int32_t h = stratum_[basket_[k]];
    const Profile y = h >= 0 ? size_profile_[index(h)] : Profile{};
    ItemSums& sums = item[index(r)];
    if (c < 0) {
      sums.aa += 1;
      sums.an += 1;
      add(sums.yy, square(y));
      for (std::size_t i = 0; i < 2; ++i) add(sums.yt[i], square(y), y[i]);
      return;
    }
    if (last[index(c)] != r) {
      last[index(c)] = r;
      cluster_item_[index(next[index(c)]++)] = {r, 0, {}};
    }
    const std::int64_t at = next[index(c)] - 1;
    CustomerItem& of = cluster_item_[index(at)];
    ++of.n;
    for (std::size_t i = 0; i < 2; ++i) of.y[i] += y[i];
    local_[position_[k]] = static_cast<std::int32_t>(at - cluster_begin_[index(c)]);
  });
  for (std::size_t c = 0; c < index(n_clusters_); ++c) {
    longest_cluster_ = std::max(longest_cluster_, index(cluster_begin_[c + 1] - cluster_begin_[c]));
    for (std::int64_t k = cluster_begin_[c]; k < cluster_begin_[c + 1]; ++k) {
      const CustomerItem& of = cluster_item_[index(k)];
      ItemSums& sums = item[index(of.rank)];
      sums.aa += static_cast<double>(of.n) * of.n;
      sums.an += of.n * cluster_n_[c];
      add(sums.yy, square(of.y));
      for (std::size_t i = 0; i < 2; ++i) add(sums.yt[i], cluster_t_[c], of.y[i]);
    }
  }
}

// Blocks of items of about equal work.
void PairIndex::make_blocks() {
  std::vector<double> work(code.size(), 0);
  for (std::size_t r = 0; r < code.size(); ++r) {
    work[r] = (r > 0 ? work[r - 1] : 0) + 1;
    if (!triangle_.empty()) {
      work[r] += static_cast<double>(code.size() - r);
      continue;
    }
    for (std::uint32_t k = item_begin_[r]; k < item_begin_[r + 1]; ++k) {
      work[r] += begin_[basket_[k] + 1] - position_[k];
    }
  }
  block_begin_.push_back(0);
  for (std::size_t r = 0; r < code.size(); ++r) {
    const double share_done = work[r] / work.back() * static_cast<double>(kBlocks);
    if (r + 1 == code.size() || share_done >= static_cast<double>(block_begin_.size())) {
      block_begin_.push_back(static_cast<std::int32_t>(r) + 1);
    }
  }
}

// A customer with neither item adds t^2, one with a alone (y_a - t)^2, with both
// (x - y_a - y_b + t)^2: the sum over customers is taken apart into sums of items and `cross`.
double PairIndex::squared_scores(const PairSums& pair) const {
  const Profile& p = item_profile_[index(pair.a)];
  const Profile& q = item_profile_[index(pair.b)];
  const Matrix w = outer(p, q);
  double sum = pair.xx + 2 * pair.cross;
  for (std::size_t k = 0; k < 3; ++k) sum += w[k] * dot(tt_[k], w);
  const auto alone = [&w](const ItemSums& sums, const Profile& other) {
    return dot(sums.yy, outer(other, other)) -
           2 * (other[0] * dot(sums.yt[0], w) + other[1] * dot(sums.yt[1], w));
  };
  return sum + alone(item[index(pair.a)], q) + alone(item[index(pair.b)], p);
}

// The pairs of a with every item of higher rank from the triangle; as count_row.
void PairIndex::read_row(std::int32_t a, const Select& select, Scratch& scratch) const {
  scratch.n_kept = 0;
  scratch.pairs.clear();
  const auto counts = triangle_.row(index(a));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < min_count_) continue;
    ++scratch.n_kept;
    PairSums pair;
    pair.a = a;
    pair.b = a + 1 + static_cast<std::int32_t>(i);
    pair.n = counts[i];
    if (select(pair)) scratch.pairs.push_back(pair);
  }
}

// Counts the baskets a shares with every item of higher rank; keeps those with min_count that
// `select` takes.
void PairIndex::count_row(std::int32_t a, const Select& select, Scratch& scratch) const {
  constexpr std::uint32_t kAhead = 12;  // baskets lie apart: asked for this many ahead
  std::uint32_t* const count = scratch.count.data();
  const std::int32_t* const rank = rank_.data();
  const std::uint32_t first = item_begin_[index(a)];
  const std::uint32_t end = item_begin_[index(a) + 1];
  std::size_t work = 0;
  for (std::uint32_t k = first; k < end; ++k) {
    if (k + kAhead < end) {
      __builtin_prefetch(rank + position_[k + kAhead]);
      __builtin_prefetch(&begin_[basket_[k + kAhead] + 1]);
    }
    const std::uint32_t last = begin_[basket_[k] + 1];
    work += last - position_[k];
    for (std::uint32_t p = position_[k] + 1; p < last; ++p) ++count[index(rank[p])];
  }
  // Counts go back to 0 as they are read. Every other one is kept or not, as if by chance, so what
  // is not kept is written too, and then written over.
  Scratch::Kept* const kept = scratch.kept.data();
  const auto enough = static_cast<std::uint32_t>(min_count_);
  std::size_t n = 0;
  const auto take = [&](std::int32_t b) {
    kept[n] = {b, std::exchange(count[index(b)], 0U)};
    n += kept[n].n >= enough ? 1 : 0;
  };
  if (work > code.size() / 8) {
    const auto ranks = static_cast<std::int32_t>(code.size());
    for (std::int32_t b = a + 1; b < ranks; ++b) take(b);
  } else {
    for (std::uint32_t k = first; k < end; ++k) {
      const std::uint32_t last = begin_[basket_[k] + 1];
      for (std::uint32_t p = position_[k] + 1; p < last; ++p) take(rank[p]);
    }
    std::sort(kept, kept + n, [](const auto& x, const auto& y) { return x.rank < y.rank; });
  }
  scratch.n_kept = n;
  scratch.pairs.clear();
  for (std::size_t i = 0; i < n; ++i) {
    PairSums pair;
    pair.a = a;
    pair.b = kept[i].rank;
    pair.n = kept[i].n;
    if (select(pair)) scratch.pairs.push_back(pair);
  }
}

// Sums over customers for the pairs of the row.
void PairIndex::sum_customers(std::int32_t a, Scratch& scratch) const {
  scratch.profile.clear();
  for (std::size_t i = 0; i < scratch.pairs.size(); ++i) {
    scratch.slot[index(scratch.pairs[i].b)] = static_cast<std::int32_t>(i);
    scratch.profile.push_back(item_profile_[index(scratch.pairs[i].b)]);
  }
  const Profile p = item_profile_[index(a)];
  std::uint32_t k = item_begin_[index(a)];
  const std::uint32_t end = item_begin_[index(a) + 1];
  while (k < end && cluster_[basket_[k]] >= 0) {
    const auto c = index(cluster_[basket_[k]]);
    const CustomerItem* const items = cluster_item_.data() + cluster_begin_[c];
    const auto n_items = index(cluster_begin_[c + 1] - cluster_begin_[c]);
    const auto own = index(local_[position_[k]]);
    for (; k < end && cluster_[basket_[k]] == static_cast<std::int32_t>(c); ++k) {
      const std::uint32_t last = begin_[basket_[k] + 1];
      for (std::uint32_t i = position_[k] + 1; i < last; ++i) ++scratch.shared[index(local_[i])];
    }
    const double a_c = items[own].n;
    const Profile y = items[own].y;
    const Matrix& t = cluster_t_[c];
    const Profile pt{p[0] * t[0] + p[1] * t[1], p[0] * t[1] + p[1] * t[2]};
    for (std::size_t j = own + 1; j < n_items; ++j) {
      const std::uint32_t shared = scratch.shared[j];
      scratch.shared[j] = 0;
      const std::int32_t slot = scratch.slot[index(items[j].rank)];
      if (slot < 0) continue;
      PairSums& pair = scratch.pairs[index(slot)];
      const Profile& q = scratch.profile[index(slot)];
      const double y_a = dot(y, q);
      const double y_b = dot(items[j].y, p);
      pair.ab += a_c * items[j].n;
      pair.cross += y_a * y_b;
      if (shared == 0) continue;
      const double x = shared;
      pair.xx += x * x;
      pair.xa += x * a_c;
      pair.xb += x * items[j].n;
      pair.xn += x * cluster_n_[c];
      pair.cross -= x * (y_a + y_b - dot(pt, q));
      ++pair.n_customers;
      pair.max_customer = std::max<std::int64_t>(pair.max_customer, shared);
    }
  }
  for (; k < end; ++k) {  // baskets that stand for themselves; with two items they have a stratum
    const std::uint32_t last = begin_[basket_[k] + 1];
    if (position_[k] + 1 == last) continue;
    const Profile& size = size_profile_[index(stratum_[basket_[k]])];
    const double p_a = dot(size, p);
    for (std::uint32_t i = position_[k] + 1; i < last; ++i) {
      const std::int32_t slot = scratch.slot[index(rank_[i])];
      if (slot < 0) continue;
      PairSums& pair = scratch.pairs[index(slot)];
      const double p_b = dot(size, scratch.profile[index(slot)]);
      ++pair.alone;
      pair.cross += p_a * p_b - (p_a + p_b - p_a * p_b);
    }
  }
  for (PairSums& pair : scratch.pairs) {
    const auto alone = static_cast<double>(pair.alone);
    for (double* sum : {&pair.ab, &pair.xx, &pair.xa, &pair.xb, &pair.xn}) *sum += alone;
    pair.n_customers += pair.alone;
    if (pair.alone > 0) pair.max_customer = std::max<std::int64_t>(pair.max_customer, 1);
  }
  for (const PairSums& pair : scratch.pairs) scratch.slot[index(pair.b)] = -1;
}

void PairIndex::for_each_row(const Context& context, const Select& select, const Row& row) const {
  std::mutex mutex;
  std::vector<std::unique_ptr<Scratch>> idle;
  core::parallel_for(context, blocks(), [&](std::size_t block) {
    std::unique_ptr<Scratch> scratch;
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        scratch = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (!scratch) scratch = std::make_unique<Scratch>();
    if (triangle_.empty() && scratch->kept.empty()) {
      scratch->count.assign(code.size(), 0);
      scratch->slot.assign(code.size(), -1);
      scratch->kept.resize(code.size() + 1);
      scratch->shared.assign(longest_cluster_, 0);
    }
    for (std::int32_t a = block_begin_[block]; a < block_begin_[block + 1]; ++a) {
      triangle_.empty() ? count_row(a, select, *scratch) : read_row(a, select, *scratch);
      if (clustered() && !scratch->pairs.empty()) sum_customers(a, *scratch);
      row(block, scratch->pairs, scratch->n_kept);
    }
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(scratch));
  });
}

}  // namespace emptor::mining
