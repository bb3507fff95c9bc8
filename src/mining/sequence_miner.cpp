#include "mining/sequence_miner.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <numeric>
#include <queue>
#include <string>

namespace emptor::mining::seq {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// The least count that still matters: that of the top-th most frequent sequence so far.
class Threshold {
 public:
  Threshold(std::int64_t min_count, std::int64_t top)
      : top_(at(top)), least_(std::max<std::int64_t>(1, min_count)) {}
  [[nodiscard]] std::int64_t operator()() const noexcept {
    return least_.load(std::memory_order_relaxed);
  }
  void add(std::int64_t count) {
    if (top_ == 0 || (full_.load(std::memory_order_relaxed) && count <= (*this)())) return;
    const std::lock_guard lock(mutex_);
    best_.push(count);
    if (best_.size() > top_) best_.pop();
    if (best_.size() < top_) return;
    least_.store(std::max(best_.top(), (*this)()), std::memory_order_relaxed);
    full_.store(true, std::memory_order_relaxed);
  }

 private:
  std::size_t top_;
  std::atomic<std::int64_t> least_;
  std::atomic<bool> full_{false};
  std::mutex mutex_{};
  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> best_{};
};

/// Counts what all threads hold against the limit.
class Memory {
 public:
  explicit Memory(std::size_t limit) : limit_(limit) {}
  void add(std::size_t bytes) {
    if (limit_ == 0) return;
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limit_) return;
    throw MemoryLimit("sequences: needs more than the limit of " +
                      std::to_string(limit_ / 1000000) +
                      " MB; raise min_count or memory_limit, or set max_length or top");
  }

 private:
  std::size_t limit_;
  std::atomic<std::size_t> used_{0};
};

/// Where a sequence ends: the purchase of its last item, and the latest day it may have begun on.
/// Ends of a customer come in the order of days, and so do their beginnings: the last end before a
/// visit leaves most time for it, and no other need be looked at.
struct End {
  std::int32_t purchase = 0;
  std::int32_t start = 0;  // visit
};

/// One way to go on from a sequence.
struct Extension {
  std::int32_t item = 0;
  std::int32_t customers = 0;
  std::size_t begin = 0, size = 0;  // of its ends in the level's list
};

/// Counters of one item while the continuations of one sequence are counted.
struct Counter {
  std::int32_t last_customer = -1;
  std::int32_t customers = 0;
  std::int32_t ends = 0;
  std::int32_t room = -1;  // where its next end goes; -1: too few customers
};

class Miner {
 public:
  Miner(const SequenceData& data, const MinePlan& plan, Threshold& threshold, Memory& memory,
        const StopToken& stop)
      : data_(data), plan_(plan), threshold_(threshold), memory_(memory), stop_(stop) {
    counters_.resize(data.code.size());
  }

  /// All sequences that begin with an item.
  Patterns run(std::int32_t first) {
    found_ = {};
    const auto customers = static_cast<std::int64_t>(data_.support[at(first)]);
    if (customers < threshold_()) return std::move(found_);
    ends_.clear();
    std::int32_t last = -1;
    for (const auto k : data_.purchases_of(at(first))) {
      const auto v = data_.visit[at(k)];
      if (plan_.first_end_only && data_.customer[at(v)] == last) continue;
      last = data_.customer[at(v)];
      ends_.push_back({k, v});
    }
    place_.assign(1, 2 * first + 1);
    length_ = items_ = 1;
    wanted_ = data_.wanted[at(first)];
    note(customers, ends_);
    extend(ends_, 0);
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool is_listed() const {
    return length_ >= plan_.min_length && wanted_ == data_.n_wanted;
  }

  /// Keeps the sequence in place_ if it is to be listed.
  void note(std::int64_t customers, std::span<const End> ends) {
    if (!is_listed()) return;
    memory_.add(place_.size() * sizeof(std::int32_t) + sizeof(std::size_t) + sizeof(std::int64_t) +
                (plan_.fingerprints ? 16 : 0));
    found_.place.insert(found_.place.end(), place_.begin(), place_.end());
    found_.offset.push_back(found_.place.size());
    found_.count.push_back(customers);
    if (plan_.fingerprints) found_.customers.push_back(fingerprint(ends));
  }

  [[nodiscard]] std::array<std::uint64_t, 2> fingerprint(std::span<const End> ends) const {
    std::array<std::uint64_t, 2> sum{};
    std::int32_t last = -1;
    for (const auto& end : ends) {
      const auto c = data_.customer[at(data_.visit[at(end.purchase)])];
      if (c == last) continue;
      last = c;
      const auto hash = core::hash_integer(static_cast<std::uint64_t>(c) + 1);
      sum[0] += hash;
      sum[1] += core::hash_integer(hash ^ 0x9e3779b97f4a7c15U);
    }
    return sum;
  }

  /// Calls work(first purchase, last purchase, customer, start) for every run of purchases that may
  /// be the next element of a sequence with these ends.
  template <typename Work>
  void each_later(std::span<const End> ends, Work&& work) const {
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const auto v = at(data_.visit[at(ends[i].purchase)]);
      auto to = std::min(data_.to[v], data_.span_to[at(ends[i].start)]);
      if (i + 1 < ends.size())
        to = std::min(to, data_.from[at(data_.visit[at(ends[i + 1].purchase)])]);
      if (data_.from[v] >= to) continue;
      work(data_.begin[at(data_.from[v])], data_.begin[at(to)], data_.customer[v], ends[i].start);
    }
  }
  /// ... that may join its last element.
  template <typename Work>
  void each_joining(std::span<const End> ends, Work&& work) const {
    for (const auto& end : ends) {
      const auto v = at(data_.visit[at(end.purchase)]);
      work(end.purchase + 1, data_.begin[v + 1], data_.customer[v], end.start);
    }
  }

  void extend(std::span<const End> ends, std::size_t level) {
    if (stop_.stop_requested()) throw Cancelled();
    if (level >= levels_.size()) levels_.push_back(std::make_unique<Level>());
    // Where a threshold rises, longer sequences first: those with enough elements to be listed are
    // what raises it.
    if (plan_.top > 0) extend_later(ends, level);
    if (plan_.max_items == 0 || items_ < plan_.max_items)
      extend_by(level, false,
                [&](auto&& work) { each_joining(ends, std::forward<decltype(work)>(work)); });
    if (plan_.top == 0) extend_later(ends, level);
  }
  void extend_later(std::span<const End> ends, std::size_t level) {
    if (plan_.max_length == 0 || length_ < plan_.max_length)
      extend_by(level, true,
                [&](auto&& work) { each_later(ends, std::forward<decltype(work)>(work)); });
  }

  struct Level {
    std::vector<Extension> extensions{};
    std::vector<End> ends{};
  };

  /// Counts, lists and follows all continuations of one kind.
  template <typename Each>
  void extend_by(std::size_t level, bool new_element, Each&& each) {
    touched_.clear();
    each([&](std::int32_t k, std::int32_t to, std::int32_t customer, std::int32_t) {
      for (; k < to; ++k) {
        const auto x = data_.item[at(k)];
        Counter& c = counters_[at(x)];
        if (c.last_customer != customer) {
          if (c.customers == 0) touched_.push_back(x);
          c.last_customer = customer;
          ++c.customers;
        }
        ++c.ends;
      }
    });
    Level& own = *levels_[level];
    choose(own);
    // Nothing can follow the last element, and its ends are not looked at.
    const bool last = new_element && plan_.max_length == length_ + 1 && plan_.max_items == 1;
    if (!own.extensions.empty() && (!last || plan_.fingerprints)) deliver(own, each);
    for (const auto x : touched_) counters_[at(x)] = {};
    if (plan_.top > 0) raise_threshold(own, new_element);
    for (const Extension& e : own.extensions) {
      if (e.customers < threshold_()) continue;
      const int items = items_;
      push(e.item, new_element);
      note(e.customers, {own.ends.data() + e.begin, e.size});
      if (!last) extend({own.ends.data() + e.begin, e.size}, level + 1);
      pop(e.item, new_element, items);
    }
  }

  /// The counts of all continuations before any is followed, and the most frequent one first: a low
  /// threshold would let the search get lost among the countless sequences of a few customers.
  void raise_threshold(Level& own, bool new_element) {
    for (const Extension& e : own.extensions) {
      const int items = items_;
      push(e.item, new_element);
      if (is_listed()) threshold_.add(e.customers);
      pop(e.item, new_element, items);
    }
    std::stable_sort(
        own.extensions.begin(), own.extensions.end(),
        [](const Extension& x, const Extension& y) { return x.customers > y.customers; });
  }

  void push(std::int32_t item, bool new_element) {
    wanted_ += data_.wanted[at(item)] != 0 && !contains(item) ? 1 : 0;
    place_.push_back(2 * item + (new_element ? 1 : 0));
    length_ += new_element ? 1 : 0;
    items_ = new_element ? 1 : items_ + 1;
  }
  void pop(std::int32_t item, bool new_element, int items) {
    place_.pop_back();
    wanted_ -= data_.wanted[at(item)] != 0 && !contains(item) ? 1 : 0;
    length_ -= new_element ? 1 : 0;
    items_ = items;
  }

  /// The touched items with enough customers, in the order of items.
  void choose(Level& own) {
    const auto least = threshold_();
    own.extensions.clear();
    for (const auto x : touched_)
      if (counters_[at(x)].customers >= least && (plan_.repeats || !contains(x)))
        own.extensions.push_back({x, counters_[at(x)].customers, 0, 0});
    std::sort(own.extensions.begin(), own.extensions.end(),
              [](const Extension& x, const Extension& y) { return x.item < y.item; });
  }

  [[nodiscard]] bool contains(std::int32_t item) const {
    return std::any_of(place_.begin(), place_.end(),
                       [&](std::int32_t place) { return place / 2 == item; });
  }

  /// Writes down the ends of the chosen continuations.
  template <typename Each>
  void deliver(Level& own, Each&& each) {
    std::size_t total = 0;
    for (Extension& e : own.extensions) {
      Counter& c = counters_[at(e.item)];
      e.size = static_cast<std::size_t>(plan_.first_end_only ? c.customers : c.ends);
      e.begin = total;
      total += e.size;
      c.room = static_cast<std::int32_t>(e.begin);
      c.last_customer = -1;
    }
    if (own.ends.size() < total) {
      memory_.add((total - own.ends.size()) * sizeof(End));
      own.ends.resize(total);
    }
    End* const ends = own.ends.data();
    each([&](std::int32_t k, std::int32_t to, std::int32_t customer, std::int32_t start) {
      for (; k < to; ++k) {
        Counter& c = counters_[at(data_.item[at(k)])];
        if (c.room < 0) continue;
        if (plan_.first_end_only) {
          if (c.last_customer == customer) continue;
          c.last_customer = customer;
        }
        ends[c.room++] = {k, start};
      }
    });
  }

  const SequenceData& data_;
  const MinePlan& plan_;
  Threshold& threshold_;
  Memory& memory_;
  StopToken stop_;
  std::vector<Counter> counters_{};
  std::vector<std::int32_t> touched_{};
  std::vector<std::unique_ptr<Level>> levels_{};
  std::vector<End> ends_{};
  std::vector<std::int32_t> place_{};
  int length_ = 0, items_ = 0;  // elements; items of the last one
  std::int64_t wanted_ = 0;
  Patterns found_{};
};

/// One miner per thread that works.
class Miners {
 public:
  template <typename... Args>
  std::unique_ptr<Miner> take(Args&&... args) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto miner = std::move(idle_.back());
        idle_.pop_back();
        return miner;
      }
    }
    return std::make_unique<Miner>(std::forward<Args>(args)...);
  }
  void give_back(std::unique_ptr<Miner> miner) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(miner));
  }

 private:
  std::mutex mutex_{};
  std::vector<std::unique_ptr<Miner>> idle_{};
};

/// The order the search has without a threshold that rises.
void sort_by_items(Patterns& patterns) {
  std::vector<std::size_t> order(patterns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    const auto x = patterns.row(i), y = patterns.row(j);
    return std::lexicographical_compare(
        x.begin(), x.end(), y.begin(), y.end(),
        [](std::int32_t a, std::int32_t b) { return a % 2 != b % 2 ? a % 2 < b % 2 : a < b; });
  });
  Patterns sorted;
  for (const auto i : order) sorted.append(patterns, i);
  patterns = std::move(sorted);
}

}  // namespace

void Patterns::append(const Patterns& from, std::size_t i) {
  const auto own = from.row(i);
  place.insert(place.end(), own.begin(), own.end());
  offset.push_back(place.size());
  count.push_back(from.count[i]);
  if (!from.customers.empty()) customers.push_back(from.customers[i]);
}

MinePlan plan_of(const SequencesOptions& o, const SequenceData& data) {
  MinePlan plan;
  plan.min_length = o.min_length;
  plan.max_length = o.max_length;
  plan.max_items = data.one_item_visits ? 1 : o.max_items;
  plan.repeats = o.repeats;
  // Without limits of time the first end of a customer leaves room for whatever follows a later
  // one.
  plan.first_end_only = !o.max_gap && !o.max_span && plan.max_items == 1;
  plan.fingerprints = o.kind == SequenceKind::closed;
  return plan;
}

Mined mine(const SequenceData& data, const MinePlan& plan, const Context& context) {
  Threshold threshold(data.min_count, plan.top);
  Memory memory(context.memory_limit);
  Miners miners;
  // The most bought items first: their sequences raise the threshold most.
  std::vector<std::int32_t> order(data.code.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto x, auto y) { return data.support[at(x)] > data.support[at(y)]; });
  if (plan.top > 0 && plan.min_length <= 1)
    for (std::size_t i = 0; i < data.code.size(); ++i)
      if (data.n_wanted == data.wanted[i]) threshold.add(data.support[i]);
  std::vector<Patterns> by_item(order.size());
  core::parallel_for(context, order.size(), [&](std::size_t block) {
    auto miner = miners.take(data, plan, threshold, memory, context.stop);
    by_item[at(order[block])] = miner->run(order[block]);
    miners.give_back(std::move(miner));
  });
  Mined mined;
  mined.lowest_count = threshold();
  for (auto& part : by_item) {
    for (std::size_t i = 0; i < part.size(); ++i)
      if (part.count[i] >= mined.lowest_count) mined.patterns.append(part, i);
    part = {};
  }
  if (plan.top > 0) sort_by_items(mined.patterns);
  return mined;
}

}  // namespace emptor::mining::seq
