#include "data/returns.hpp"

#include "core/parallel.hpp"
#include "data/reader.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace emptor::data {

namespace {

/// A line that may take part in a match.
struct Candidate {
  std::int32_t order;  ///< only for lines without a customer; else 0
  std::int32_t product;
  std::int64_t price;
  std::int64_t time;
  std::int64_t line;
  bool is_return;

  [[nodiscard]] auto key() const { return std::tie(order, product, price); }
  /// Purchases of an instant stand before its returns.
  bool operator<(const Candidate& other) const {
    return std::tie(order, product, price, time, is_return, line) <
           std::tie(other.order, other.product, other.price, other.time, other.is_return,
                    other.line);
  }
};

class Matcher {
 public:
  Matcher(const Lines& lines, bool derived_price, bool gross, std::span<std::uint16_t> flags,
          std::span<float> given_back)
      : lines_(lines),
        derived_(derived_price),
        gross_(gross),
        flags_(flags),
        given_back_(given_back) {}

  /// Matches within the lines [begin, end) of one customer, or of nobody.
  ReturnMatches match(std::int64_t begin, std::int64_t end, bool known_customer) {
    ReturnMatches out;
    returned_.clear();
    for (std::int64_t i = begin; i < end; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if ((flags_[at] & kReturn) == 0) continue;
      out.returns += 1;
      returned_.emplace_back(known_customer ? 0 : lines_.order[at], lines_.product[at]);
    }
    if (returned_.empty()) return out;
    std::sort(returned_.begin(), returned_.end());
    candidates_.clear();
    for (std::int64_t i = begin; i < end; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const std::pair<std::int32_t, std::int32_t> what{known_customer ? 0 : lines_.order[at],
                                                       lines_.product[at]};
      if (!std::binary_search(returned_.begin(), returned_.end(), what)) continue;
      candidates_.push_back(
          {what.first, what.second, price(at), lines_.time[at], i, (flags_[at] & kReturn) != 0});
    }
    std::sort(candidates_.begin(), candidates_.end());
    for (std::size_t at = 0; at < candidates_.size();) {
      std::size_t stop = at;
      while (stop < candidates_.size() && candidates_[stop].key() == candidates_[at].key()) ++stop;
      match_group({candidates_.data() + at, stop - at}, out);
      at = stop;
    }
    return out;
  }

 private:
  struct Open {
    std::size_t line;
    double left;
  };

  [[nodiscard]] std::int64_t price(std::size_t i) const {
    const double quantity = std::abs(lines_.quantity[i]);
    if (quantity == 0) return std::abs(lines_.amount[i]);
    Money total = std::abs(lines_.amount[i]);
    if (gross_) total += lines_.discount[i];
    const double one = static_cast<double>(total) / quantity;
    return static_cast<std::int64_t>(std::nearbyint(derived_ ? one / 100 : one));
  }

  /// Lines of one product at one price in order of time: purchases are stacked, a return takes from
  /// the top.
  void match_group(std::span<const Candidate> group, ReturnMatches& out) {
    open_.clear();
    for (const Candidate& one : group) {
      const auto at = static_cast<std::size_t>(one.line);
      double quantity = std::abs(lines_.quantity[at]);
      if (!one.is_return) {
        if (quantity > 0) open_.push_back({at, quantity});
        continue;
      }
      if (open_.size() > 1) out.ambiguous += 1;
      const double asked = quantity;
      while (quantity > 0 && !open_.empty()) {
        Open& top = open_.back();
        const double taken = std::min(quantity, top.left);
        quantity -= taken;
        top.left -= taken;
        const double bought = std::abs(lines_.quantity[top.line]);
        // Fractions of a kilogram leave dust.
        const bool all = top.left <= bought * 1e-9;
        given_back_[top.line] = all ? 1.0F : static_cast<float>(1.0 - top.left / bought);
        auto& flags = flags_[top.line];
        flags = static_cast<std::uint16_t>((flags & ~(kUndone | kPartlyUndone)) |
                                           (all ? kUndone : kPartlyUndone));
        if (all) open_.pop_back();
      }
      if (quantity == asked) {
        flags_[at] |= kUnmatchedReturn;
      } else if (quantity > asked * 1e-9) {
        out.partly_matched += 1;
      }
    }
  }

  const Lines& lines_;
  bool derived_;
  bool gross_;
  std::span<std::uint16_t> flags_;
  std::span<float> given_back_;
  std::vector<std::pair<std::int32_t, std::int32_t>> returned_;
  std::vector<Candidate> candidates_;
  std::vector<Open> open_;
};

}  // namespace

ReturnMatches match_returns(const Lines& lines, bool derived_price, bool gross,
                            std::span<std::uint16_t> flags, const Context& context) {
  ReturnMatches all;
  if (std::none_of(flags.begin(), flags.end(),
                   [](std::uint16_t one) { return (one & kReturn) != 0; })) {
    return all;
  }
  Rows<float> shared(lines.size(), 0.0F);
  const std::size_t customers = lines.customer_begin.size() - 1;
  constexpr std::size_t kCustomers = 4096;
  // Block 0 holds the lines without a customer.
  const auto parts = core::parallel_map<ReturnMatches>(
      context, customers + kCustomers, kCustomers, [&](std::size_t begin, std::size_t end) {
        Matcher matcher(lines, derived_price, gross, flags, shared);
        if (begin == 0) return matcher.match(0, lines.customer_begin[0], false);
        ReturnMatches part;
        for (std::size_t c = begin - kCustomers; c < end - kCustomers; ++c) {
          const ReturnMatches one =
              matcher.match(lines.customer_begin[c], lines.customer_begin[c + 1], true);
          part.returns += one.returns;
          part.partly_matched += one.partly_matched;
          part.ambiguous += one.ambiguous;
        }
        return part;
      });
  for (const ReturnMatches& part : parts) {
    all.returns += part.returns;
    all.partly_matched += part.partly_matched;
    all.ambiguous += part.ambiguous;
  }
  all.given_back = std::move(shared);
  return all;
}

}  // namespace emptor::data
