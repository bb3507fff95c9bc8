#include "mining/pair_tile.hpp"

#include <algorithm>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// One customer's visits with one item of the tile.
struct Bought {
  std::uint16_t b;
  std::span<const std::int32_t> on;
};

/// Calls `each(customer, visits)` for every buyer of an item, customers ascending.
template <typename Each>
void for_buyers(const Visits& visits, std::int32_t item, Each&& each) {
  const auto all = visits.visits_of(item);
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    const auto customer = visits.customer[at(all[begin])];
    while (end < all.size() && visits.customer[at(all[end])] == customer) ++end;
    each(at(customer), all.subspan(begin, end - begin));
  }
}

/// Who bought what of the tile: by customer, items ascending.
struct Buyers {
  std::vector<std::size_t> begin{};  ///< customers + 1
  std::vector<Bought> bought{};
};

Buyers buyers_of(const Visits& visits, const Windows& windows,
                 std::span<const std::int32_t> items) {
  const std::size_t n = visits.code.size();
  const auto has_rows = [&](std::size_t c) {
    return windows.customer_begin[c] < windows.customer_begin[c + 1];
  };
  Buyers buyers;
  buyers.begin.assign(n + 1, 0);
  for (const auto item : items)
    for_buyers(visits, item, [&](std::size_t c, auto) { buyers.begin[c + 1] += has_rows(c); });
  for (std::size_t c = 0; c < n; ++c) buyers.begin[c + 1] += buyers.begin[c];
  buyers.bought.resize(buyers.begin.back());
  std::vector<std::size_t> next(buyers.begin.begin(), buyers.begin.end() - 1);
  for (std::size_t b = 0; b < items.size(); ++b)
    for_buyers(visits, items[b], [&](std::size_t c, std::span<const std::int32_t> on) {
      if (has_rows(c)) buyers.bought[next[c]++] = {static_cast<std::uint16_t>(b), on};
    });
  return buyers;
}

class Builder {
 public:
  Builder(const Visits& visits, const Windows& windows, const Rates& rates, TileRange range,
          const Buyers& buyers)
      : visits_(visits), windows_(windows), rates_(rates), range_(range), buyers_(buyers) {}

  Tile build() {
    std::size_t most = 0;
    for (std::size_t c = 0; c < visits_.code.size(); ++c)
      most += rows_of_customer(c) * bought_by(c).size();
    prepare(tile_.timing, most);
    prepare(tile_.visits, most);
    for (std::size_t c = 0; c < visits_.code.size(); ++c) {
      if (rows_of_customer(c) == 0) continue;
      sum_up(c);
      add_rows(c);
    }
    shrink(tile_.timing, n_timing_);
    shrink(tile_.visits, n_visits_);
    return std::move(tile_);
  }

 private:
  /// Sums over a customer's visits before one of them, for one item.
  struct Before {
    double share = 0, expected = 0;
    std::int32_t with = 0;  // visits with the item
  };

  [[nodiscard]] std::size_t rows_of_customer(std::size_t c) const {
    return windows_.customer_begin[c + 1] - windows_.customer_begin[c];
  }
  [[nodiscard]] std::span<const Bought> bought_by(std::size_t c) const {
    return std::span(buyers_.bought)
        .subspan(buyers_.begin[c], buyers_.begin[c + 1] - buyers_.begin[c]);
  }
  template <typename Term>
  void prepare(SparseRows<Term>& rows, std::size_t most) const {
    rows.begin.reserve(windows_.size() + 1);
    rows.begin.push_back(0);
    rows.b.resize(most);
    rows.term.resize(most);
  }
  template <typename Term>
  static void shrink(SparseRows<Term>& rows, std::size_t n) {
    rows.b.resize(n);
    rows.term.resize(n);
  }

  void sum_up(std::size_t c) {
    const auto bought = bought_by(c);
    const auto begin = at(visits_.first_visit[c]);
    const auto n = at(visits_.first_visit[c + 1]) - begin;
    before_.assign((n + 1) * bought.size(), Before());
    for (std::size_t i = 0; i < bought.size(); ++i)
      for (const auto v : bought[i].on) before_[(at(v) - begin + 1) * bought.size() + i].with = 1;
    for (std::size_t k = 0; k < n; ++k) {
      const Before* from = before_.data() + k * bought.size();
      Before* to = before_.data() + (k + 1) * bought.size();
      const auto bin = visits_.bin[begin + k];
      const float* row = rates_.row(begin + k);
      const double* shares = rates_.shares(bin);
      const std::uint32_t* level = rates_.levels(bin) + range_.first;
      for (std::size_t i = 0; i < bought.size(); ++i) {
        const auto l = level[bought[i].b];
        to[i].share = from[i].share + shares[l];
        to[i].expected = from[i].expected + static_cast<double>(row[l]);
        to[i].with += from[i].with;
      }
    }
  }

  void add_rows(std::size_t c) {
    const auto bought = bought_by(c);
    const auto begin = visits_.first_visit[c];
    const auto n_all = visits_.first_visit[c + 1] - begin;
    const Before* all = before_.data() + at(n_all) * bought.size();
    for (auto r = windows_.customer_begin[c]; r < windows_.customer_begin[c + 1]; ++r) {
      const auto v = windows_.visit[r];
      const auto end = visits_.window_end[at(v)];
      const Before* here = before_.data() + at(v - begin) * bought.size();
      const Before* from = here + bought.size();
      const Before* to = before_.data() + at(end - begin) * bought.size();
      const std::int32_t n = n_all - 1;  // the index visit is left out
      const bool informs = end - v - 1 < n;
      for (std::size_t i = 0; i < bought.size(); ++i) {
        const std::int32_t observed = to[i].with - from[i].with;
        add_visits(bought[i].b, observed, from[i].with == 0, to[i].expected - from[i].expected);
        const std::int32_t positives = all[i].with - (from[i].with - here[i].with);
        if (!informs || positives == 0 || positives == n) continue;
        const double q =
            (to[i].share - from[i].share) / (all[i].share - (from[i].share - here[i].share));
        add_timing(bought[i].b, observed, positives, n, q);
      }
      tile_.timing.begin.push_back(n_timing_);
      tile_.visits.begin.push_back(n_visits_);
    }
  }

  /// Written in any case and kept only where anything was observed: half the time, at random.
  void add_visits(std::uint16_t b, std::int32_t observed, bool first, double expected) {
    const auto o = static_cast<double>(observed);
    tile_.visits.b[n_visits_] = b;
    tile_.visits.term[n_visits_] = {
        {{static_cast<float>(observed), first ? 1.0F : 0.0F,
          static_cast<float>(o * (o - 2 * expected)), static_cast<float>(o - expected)}}};
    n_visits_ += observed > 0 ? 1 : 0;
  }

  void add_timing(std::uint16_t b, std::int32_t observed, std::int32_t positives, std::int32_t n,
                  double q) {
    const double score = observed - positives * q;
    const double information = positives * q * (1 - q) * (n - positives) / (n - 1);
    tile_.timing.b[n_timing_] = b;
    tile_.timing.term[n_timing_++] = {static_cast<float>(score), static_cast<float>(information)};
  }

  const Visits& visits_;
  const Windows& windows_;
  const Rates& rates_;
  TileRange range_;
  const Buyers& buyers_;
  Tile tile_;
  std::size_t n_timing_ = 0, n_visits_ = 0;
  std::vector<Before> before_;  // (visits + 1) x items bought
};

}  // namespace

std::vector<TileRange> tile_ranges(const Visits& visits, const Windows& windows,
                                   std::span<const std::int32_t> consequents, std::size_t work,
                                   std::size_t widest) {
  std::vector<TileRange> ranges;
  std::size_t own = 0;
  for (std::size_t b = 0; b < consequents.size(); ++b) {
    if (b % kBlock == 0 && (b == 0 || own >= work || ranges.back().width + kBlock > widest)) {
      ranges.push_back({b, 0});
      own = 0;
    }
    ++ranges.back().width;
    for_buyers(visits, consequents[b], [&](std::size_t c, auto) {
      own += windows.customer_begin[c + 1] - windows.customer_begin[c];
    });
  }
  return ranges;
}

Tile make_tile(const Visits& visits, const Windows& windows, const Rates& rates,
               std::span<const std::int32_t> consequents, TileRange range) {
  const Buyers buyers = buyers_of(visits, windows, consequents.subspan(range.first, range.width));
  return Builder(visits, windows, rates, range, buyers).build();
}

}  // namespace emptor::mining::next
