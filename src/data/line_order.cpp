#include "data/line_order.hpp"

#include "core/parallel.hpp"
#include "data/reader.hpp"

#include <algorithm>

namespace emptor::data {

namespace {

struct Key {
  std::int64_t time;
  std::int32_t order;
  std::int32_t product;
  std::uint32_t index;
};

/// Customer ranges of about equal numbers of lines, so that threads can work side by side. The
/// ranges depend on the data alone.
std::vector<std::size_t> customer_ranges(std::span<const std::int64_t> begin, std::size_t ranges) {
  std::vector<std::size_t> out{0};
  const auto total = begin.back();
  for (std::size_t r = 1; r < ranges; ++r) {
    const auto goal = total * static_cast<std::int64_t>(r) / static_cast<std::int64_t>(ranges);
    const auto at = std::lower_bound(begin.begin(), begin.end(), goal) - begin.begin();
    out.push_back(std::clamp(static_cast<std::size_t>(at), out.back(), begin.size() - 1));
  }
  out.push_back(begin.size() - 1);
  return out;
}

class Orderer {
 public:
  Orderer(UnorderedLines lines, const Context& context)
      : lines_(std::move(lines)), context_(context) {}

  LineOrder run() {
    count();
    scatter();
    sort_customers();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool before(const Key& a, const Key& b) const {
    if (a.time != b.time) return a.time < b.time;
    if (a.order != b.order) return a.order < b.order;
    if (a.product != b.product) return a.product < b.product;
    const int other = lines_.compare(a.index, b.index);
    return other != 0 ? other < 0 : a.index < b.index;
  }
  [[nodiscard]] bool same(const Key& a, const Key& b) const {
    return a.time == b.time && a.order == b.order && a.product == b.product &&
           lines_.compare(a.index, b.index) == 0;
  }

  /// slot_[c + 1] becomes where customer c's lines begin; the unknown customer -1 has slot 0.
  void count() {
    slot_.assign(static_cast<std::size_t>(lines_.customers) + 2, 0);
    for (std::size_t i = 0; i < lines_.customer.size(); ++i) {
      if (lines_.keep[i] != 0) slot_[static_cast<std::size_t>(lines_.customer[i] + 2)] += 1;
    }
    for (std::size_t s = 1; s < slot_.size(); ++s) slot_[s] += slot_[s - 1];
    out_.customer_begin.assign(slot_.begin() + 1, slot_.end());
  }

  void scatter() {
    keys_.resize(static_cast<std::size_t>(slot_.back()));
    const auto workers = static_cast<std::size_t>(core::thread_count(context_, 8));
    const std::vector<std::size_t> ranges = customer_ranges(slot_, workers);
    std::vector<std::int64_t> next(slot_.begin(), slot_.end() - 1);
    core::parallel_for(context_, workers, [&](std::size_t w) {
      const auto low = static_cast<std::int32_t>(ranges[w]) - 1;
      const auto high = static_cast<std::int32_t>(ranges[w + 1]) - 1;
      for (std::size_t i = 0; i < lines_.customer.size(); ++i) {
        const std::int32_t customer = lines_.customer[i];
        if (customer < low || customer >= high || lines_.keep[i] == 0) continue;
        const std::int64_t at = next[static_cast<std::size_t>(customer + 1)]++;
        keys_[static_cast<std::size_t>(at)] = {
            lines_.time[i], lines_.order.empty() ? 0 : lines_.order[i],
            lines_.product.empty() ? 0 : lines_.product[i], static_cast<std::uint32_t>(i)};
      }
    });
  }

  void sort_small(Key* begin, Key* end) const {
    const auto less = [this](const Key& a, const Key& b) { return before(a, b); };
    if (end - begin > 24) {
      std::sort(begin, end, less);
      return;
    }
    for (Key* at = begin + (begin == end ? 0 : 1); at < end; ++at) {
      if (!less(*at, *(at - 1))) continue;
      const Key key = *at;
      Key* to = at;
      for (; to > begin && less(key, *(to - 1)); --to) *to = *(to - 1);
      *to = key;
    }
  }

  /// One customer with very many lines: pieces side by side, then merged.
  void sort_large(Key* begin, Key* end) const {
    const auto less = [this](const Key& a, const Key& b) { return before(a, b); };
    const auto n = static_cast<std::size_t>(end - begin);
    core::parallel_ranges(context_, n, kBlock, [&](std::size_t b, std::size_t e) {
      std::sort(begin + b, begin + e, less);
    });
    for (std::size_t width = kBlock; width < n; width *= 2) {
      core::parallel_ranges(context_, n, 2 * width, [&](std::size_t b, std::size_t e) {
        if (b + width < e) std::inplace_merge(begin + b, begin + b + width, begin + e, less);
      });
    }
  }

  void sort_customers() {
    const std::size_t n = keys_.size();
    out_.index.resize(n);
    // The incoming columns have been read into the keys; the ordered ones take their memory.
    out_.customer = std::move(lines_.customer);
    out_.order = std::move(lines_.order);
    out_.product = std::move(lines_.product);
    out_.time = std::move(lines_.time);
    out_.customer.resize(n);
    out_.order.resize(n);
    out_.product.resize(n);
    out_.time.resize(n);
    out_.repeats.resize(n);
    for (std::size_t s = 0; s + 1 < slot_.size(); ++s) {
      if (slot_[s + 1] - slot_[s] > static_cast<std::int64_t>(kBlock)) {
        sort_large(keys_.data() + slot_[s], keys_.data() + slot_[s + 1]);
      }
    }
    const std::vector<std::size_t> ranges = customer_ranges(slot_, 1 + n / kBlock);
    core::parallel_for(context_, ranges.size() - 1, [&](std::size_t r) {
      for (std::size_t s = ranges[r]; s < ranges[r + 1]; ++s) write_customer(s);
    });
  }

  void write_customer(std::size_t s) {
    Key* begin = keys_.data() + slot_[s];
    Key* end = keys_.data() + slot_[s + 1];
    if (end - begin <= static_cast<std::ptrdiff_t>(kBlock)) sort_small(begin, end);
    auto at = static_cast<std::size_t>(slot_[s]);
    for (Key* key = begin; key != end; ++key, ++at) {
      out_.index[at] = key->index;
      out_.customer[at] = static_cast<std::int32_t>(s) - 1;
      out_.order[at] = key->order;
      out_.product[at] = key->product;
      out_.time[at] = key->time;
      out_.repeats[at] = key != begin && same(*(key - 1), *key) ? 1 : 0;
    }
  }

  UnorderedLines lines_;
  const Context& context_;
  std::vector<std::int64_t> slot_;
  Rows<Key> keys_;
  LineOrder out_;
};

}  // namespace

LineOrder order_lines(UnorderedLines lines, const Context& context) {
  return Orderer(std::move(lines), context).run();
}

}  // namespace emptor::data
