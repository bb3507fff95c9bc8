#include "data/line_order.hpp"

#include "core/parallel.hpp"
#include "data/reader.hpp"

#include <algorithm>

namespace emptor::data {

namespace {

/// One line with all it is ordered by but the rare columns, so that sorting it and writing it out
/// reads memory in order.
struct Line {
  std::int64_t time;
  std::int32_t order;
  std::int32_t product;
  double quantity;
  Money amount;
  std::uint32_t row;
  Day day;

  [[nodiscard]] bool same_visit(const Line& other) const noexcept {
    return time == other.time && order == other.order;
  }
  [[nodiscard]] bool visit_before(const Line& other) const noexcept {
    return time != other.time ? time < other.time : order < other.order;
  }
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
      : in_(std::move(lines)), context_(context) {}

  OrderedLines run() {
    count();
    scatter();
    make_room();
    sort_customers();
    return std::move(out_);
  }

 private:
  /// Negative, zero or positive by all columns.
  [[nodiscard]] int compare(const Line& a, const Line& b) const {
    if (a.time != b.time) return a.time < b.time ? -1 : 1;
    if (a.order != b.order) return a.order < b.order ? -1 : 1;
    if (a.product != b.product) return a.product < b.product ? -1 : 1;
    if (a.quantity != b.quantity) return a.quantity < b.quantity ? -1 : 1;
    if (a.amount != b.amount) return a.amount < b.amount ? -1 : 1;
    return in_.compare ? in_.compare(a.row, b.row) : 0;
  }
  [[nodiscard]] bool before(const Line& a, const Line& b) const {
    const int order = compare(a, b);
    return order != 0 ? order < 0 : a.row < b.row;
  }

  /// slot_[c + 1] becomes where customer c's lines begin; the unknown customer -1 has slot 0.
  void count() {
    slot_.assign(static_cast<std::size_t>(in_.customers) + 2, 0);
    for (std::size_t i = 0; i < in_.customer.size(); ++i) {
      if (in_.keep[i] != 0) slot_[static_cast<std::size_t>(in_.customer[i] + 2)] += 1;
    }
    for (std::size_t s = 1; s < slot_.size(); ++s) slot_[s] += slot_[s - 1];
    out_.customer_begin.assign(slot_.begin() + 1, slot_.end());
  }

  void scatter() {
    lines_.resize(static_cast<std::size_t>(slot_.back()));
    const auto workers = static_cast<std::size_t>(core::thread_count(context_, 8));
    const std::vector<std::size_t> ranges = customer_ranges(slot_, workers);
    std::vector<std::int64_t> next(slot_.begin(), slot_.end() - 1);
    core::parallel_for(context_, workers, [&](std::size_t w) {
      const auto low = static_cast<std::int32_t>(ranges[w]) - 1;
      const auto high = static_cast<std::int32_t>(ranges[w + 1]) - 1;
      for (std::size_t i = 0; i < in_.customer.size(); ++i) {
        const std::int32_t customer = in_.customer[i];
        if (customer < low || customer >= high || in_.keep[i] == 0) continue;
        const std::int64_t at = next[static_cast<std::size_t>(customer + 1)]++;
        lines_[static_cast<std::size_t>(at)] = {in_.time[i],
                                                in_.order.empty() ? 0 : in_.order[i],
                                                in_.product.empty() ? 0 : in_.product[i],
                                                in_.quantity[i],
                                                in_.amount[i],
                                                static_cast<std::uint32_t>(i),
                                                in_.day[i]};
      }
    });
  }

  /// The incoming columns have been read; the ordered ones take their memory.
  void make_room() {
    const std::size_t n = lines_.size();
    out_.customer = std::move(in_.customer);
    out_.time = std::move(in_.time);
    out_.day = std::move(in_.day);
    out_.order = std::move(in_.order);
    out_.product = std::move(in_.product);
    out_.quantity = std::move(in_.quantity);
    out_.amount = std::move(in_.amount);
    out_.customer.resize(n);
    out_.time.resize(n);
    out_.day.resize(n);
    out_.order.resize(n);
    out_.product.resize(n);
    out_.quantity.resize(n);
    out_.amount.resize(n);
    out_.row.resize(n);
    out_.flags.resize(n);
  }

  /// Insertion for the few lines of an order, which often are in order already.
  void sort_few(Line* begin, Line* end) const {
    if (end - begin > 24) {
      std::sort(begin, end, [this](const Line& a, const Line& b) { return before(a, b); });
      return;
    }
    for (Line* at = begin + (begin == end ? 0 : 1); at < end; ++at) {
      if (!before(*at, *(at - 1))) continue;
      const Line line = *at;
      Line* to = at;
      for (; to > begin && before(line, *(to - 1)); --to) *to = *(to - 1);
      *to = line;
    }
  }

  /// Exports mostly come by time and order: then only the lines within each order are to be sorted.
  void sort_lines(Line* begin, Line* end) const {
    const auto earlier = [](const Line& a, const Line& b) { return a.visit_before(b); };
    if (!std::is_sorted(begin, end, earlier)) return sort_few(begin, end);
    for (Line* at = begin; at != end;) {
      Line* stop = at + 1;
      while (stop != end && stop->same_visit(*at)) ++stop;
      sort_few(at, stop);
      at = stop;
    }
  }

  /// One customer with very many lines: pieces side by side, then merged where they overlap.
  void sort_large(Line* begin, Line* end) const {
    const auto less = [this](const Line& a, const Line& b) { return before(a, b); };
    const auto n = static_cast<std::size_t>(end - begin);
    core::parallel_ranges(context_, n, kBlock,
                          [&](std::size_t b, std::size_t e) { sort_lines(begin + b, begin + e); });
    for (std::size_t width = kBlock; width < n; width *= 2) {
      core::parallel_ranges(context_, n, 2 * width, [&](std::size_t b, std::size_t e) {
        Line* const middle = begin + b + width;
        if (b + width >= e || !less(*middle, *(middle - 1))) return;
        std::inplace_merge(begin + b, middle, begin + e, less);
      });
    }
  }

  void sort_customers() {
    for (std::size_t s = 0; s + 1 < slot_.size(); ++s) {
      if (slot_[s + 1] - slot_[s] > static_cast<std::int64_t>(kBlock)) {
        sort_large(lines_.data() + slot_[s], lines_.data() + slot_[s + 1]);
      }
    }
    const std::vector<std::size_t> ranges = customer_ranges(slot_, 1 + lines_.size() / kBlock);
    core::parallel_for(context_, ranges.size() - 1, [&](std::size_t r) {
      for (std::size_t s = ranges[r]; s < ranges[r + 1]; ++s) write_customer(s);
    });
  }

  void write_customer(std::size_t s) {
    Line* begin = lines_.data() + slot_[s];
    Line* end = lines_.data() + slot_[s + 1];
    if (end - begin <= static_cast<std::ptrdiff_t>(kBlock)) sort_lines(begin, end);
    auto at = static_cast<std::size_t>(slot_[s]);
    for (const Line* line = begin; line != end; ++line, ++at) {
      out_.row[at] = line->row;
      out_.customer[at] = static_cast<std::int32_t>(s) - 1;
      out_.order[at] = line->order;
      out_.product[at] = line->product;
      out_.time[at] = line->time;
      out_.day[at] = line->day;
      out_.quantity[at] = line->quantity;
      out_.amount[at] = line->amount;
      out_.flags[at] = line != begin && compare(*(line - 1), *line) == 0 ? kDuplicate : 0;
    }
  }

  UnorderedLines in_;
  const Context& context_;
  std::vector<std::int64_t> slot_;
  Rows<Line> lines_;
  OrderedLines out_;
};

}  // namespace

OrderedLines order_lines(UnorderedLines lines, const Context& context) {
  return Orderer(std::move(lines), context).run();
}

}  // namespace emptor::data
