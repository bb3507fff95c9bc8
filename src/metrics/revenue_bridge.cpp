#include "emptor/metrics/revenue_bridge.hpp"

#include "emptor/core/error.hpp"

#include "metrics/cells.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace emptor::metrics {
namespace {

constexpr std::array<std::string_view, 8> kSteps{"new_customers", "returning", "grown",
                                                 "shrunk",        "lost",      "without_customer",
                                                 "returned",      "other"};

void check(const KpisView& view, const RevenueBridgeOptions& options) {
  const std::size_t n = view.order.size();
  if (options.window.count < 1) {
    throw InvalidArgument("revenue_bridge: window must be at least one day");
  }
  if (view.customer.size() != n || view.day.size() != n || view.amount.size() != n ||
      view.flags.size() != n) {
    throw InvalidArgument(
        "revenue_bridge: order, customer, day, amount and flags must be equally long");
  }
  for (std::size_t i = 1; i < n; ++i) {
    if (view.customer[i] < view.customer[i - 1]) {
      throw InvalidArgument("revenue_bridge: row " + std::to_string(i) +
                            ": lines must be sorted by customer");
    }
  }
}

// Goods a customer paid for, in each window and before.
struct Bought {
  data::Money now = 0;
  data::Money before = 0;
  bool bought_now = false;
  bool bought_before = false;  // in the baseline
  bool seen = false;           // ever before the window
};

class Bridge {
 public:
  Bridge(Window now, Window before) : now_(now), before_(before) {}

  void add(const KpisView& view, std::size_t i) {
    const data::Day day = view.day[i];
    const bool now = day >= now_.first && day <= now_.last;
    const bool before = day >= before_.first && day <= before_.last;
    const data::Money amount = view.amount[i];
    const unsigned flags = view.flags[i];
    if (now) revenue += amount;
    if (before) baseline_revenue += amount;
    const data::Money change = (now ? amount : 0) - (before ? amount : 0);
    if ((flags & data::kNotGoods) != 0) {
      if (now || before) put(BridgeStep::other, change);
    } else if ((flags & data::kReturn) != 0) {
      if (now || before) put(BridgeStep::returned, change);
    } else if (view.customer[i] < 0) {
      if (now || before) put(BridgeStep::without_customer, change);
    } else if (day <= now_.last && (flags & data::kFree) == 0) {
      bought_.now += now ? amount : 0;
      bought_.before += before ? amount : 0;
      bought_.bought_now |= now;
      bought_.bought_before |= before;
      bought_.seen |= day < now_.first;
    }
  }

  void end_customer() {
    const Bought b = std::exchange(bought_, {});
    if (!b.bought_now && !b.bought_before) return;
    BridgeStep step = BridgeStep::lost;
    if (b.bought_now && b.bought_before) {
      step = b.now >= b.before ? BridgeStep::grown : BridgeStep::shrunk;
    } else if (b.bought_now) {
      step = b.seen ? BridgeStep::returning : BridgeStep::new_customers;
    }
    put(step, b.now - b.before);
  }

  std::array<data::Money, kSteps.size()> total{};
  std::array<std::int64_t, kSteps.size()> n{};
  data::Money revenue = 0;
  data::Money baseline_revenue = 0;

 private:
  void put(BridgeStep step, data::Money money) {
    total[static_cast<std::size_t>(step)] += money;
    ++n[static_cast<std::size_t>(step)];
  }

  Window now_;
  Window before_;
  Bought bought_{};
};

// The window that ends at the last day, and what it is compared with.
std::pair<Window, Window> windows(data::Day last, const RevenueBridgeOptions& options) {
  const Window now{data::subtract(last, options.window) + 1, last};
  if (options.baseline == Baseline::year) {
    return {now, {data::add_months(now.first, -12), data::add_months(last, -12)}};
  }
  const data::Day end = now.first - 1;
  return {now, {data::subtract(end, options.window) + 1, end}};
}

}  // namespace

Baseline parse_baseline(std::string_view text, std::string_view function) {
  if (text == "before") return Baseline::before;
  if (text == "year") return Baseline::year;
  throw InvalidArgument(std::string(function) +
                        ": baseline must be \"before\" or \"year\"; found '" +
                        std::string(text.substr(0, 40)) + "'");
}

std::span<const std::string_view> bridge_steps() noexcept { return kSteps; }

RevenueBridge revenue_bridge(const KpisView& view, const RevenueBridgeOptions& options,
                             const Context& context) {
  check(view, options);
  if (view.order.empty()) {
    throw DataError("revenue_bridge: there are no order lines by the moment");
  }
  const auto [now, before] = windows(view.last_day, options);
  if (before.first < view.first_day) {
    throw DataError("revenue_bridge: the data begin on " + data::iso_date(view.first_day) +
                    ", the baseline would begin on " + data::iso_date(before.first) +
                    "; write a shorter window");
  }
  Bridge bridge(now, before);
  for (std::size_t i = 0; i < view.order.size(); ++i) {
    if (i % 65536 == 0 && context.stop.stop_requested()) throw Cancelled();
    bridge.add(view, i);
    const bool last = i + 1 == view.order.size();
    if (last || view.customer[i + 1] != view.customer[i]) bridge.end_customer();
  }

  RevenueBridge result;
  result.revenue = bridge.revenue;
  result.baseline_revenue = bridge.baseline_revenue;
  result.first_day = now.first;
  result.last_day = now.last;
  result.baseline_first_day = before.first;
  result.baseline_last_day = before.last;
  const OrderFacts facts = order_facts(view);
  const auto trading = [&](Window w) {
    std::int64_t days = 0;
    for (data::Day d = w.first; d <= w.last; ++d) {
      days += facts.trades[static_cast<std::size_t>(d - view.first_day)];
    }
    return days;
  };
  result.trading_days = trading(now);
  result.baseline_trading_days = trading(before);
  const bool new_is_known = now.first >= data::add(view.first_day, options.new_after);
  for (std::size_t s = 0; s < kSteps.size(); ++s) {
    const auto step = static_cast<BridgeStep>(s);
    result.step.push_back(step);
    result.exact.push_back(bridge.total[s]);
    result.amount.push_back(data::to_double(bridge.total[s]));
    result.n.push_back(bridge.n[s]);
    result.share.push_back(bridge.baseline_revenue > 0
                               ? static_cast<double>(bridge.total[s]) /
                                     static_cast<double>(bridge.baseline_revenue)
                               : std::numeric_limits<double>::quiet_NaN());
    const bool about_new = step == BridgeStep::new_customers || step == BridgeStep::returning;
    result.status.push_back(about_new && !new_is_known ? Status::extrapolated : Status::ok);
  }
  return result;
}

}  // namespace emptor::metrics
