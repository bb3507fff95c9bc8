#include "emptor/learn/lift_curve.hpp"

#include "emptor/core/error.hpp"

#include "learn/ranked.hpp"

#include <cmath>
#include <string>

namespace emptor::learn {
namespace {

constexpr std::int64_t kSmall = 10;  // events

}  // namespace

LiftCurve lift_curve(const ClassificationView& view, int steps,
                     const ClassificationOptions& options) {
  check(view, options, "lift_curve");
  if (steps < 1)
    throw InvalidArgument("lift_curve: steps must be 1 or more, found " + std::to_string(steps));
  LiftCurve result;
  result.level = options.level;
  for (const std::uint8_t y : view.outcome) result.n_events += y;
  if (result.n_events == 0) return result;
  const Ranked rank = ranked(view.probability);
  const Clusters clusters = clusters_of(view);
  const Status status = result.n_events < kSmall ? Status::small_sample : Status::ok;
  double before = 0;
  for (int step = 1; step <= steps; ++step) {
    const Caught caught =
        caught_by(view, rank, clusters, static_cast<double>(step) / steps, options.level);
    if (caught.cases == before) continue;  // fewer cases than steps
    before = caught.cases;
    result.top.push_back(caught.top);
    result.caught.push_back(caught.share);
    result.caught_low.push_back(caught.low);
    result.caught_high.push_back(caught.high);
    result.n.push_back(std::llround(caught.cases));
    result.status.push_back(status);
    result.lift.push_back(caught.share / caught.top);
    result.lift_low.push_back(caught.low / caught.top);
    result.lift_high.push_back(caught.high / caught.top);
    result.share.push_back(caught.events / caught.cases);
    result.probability.push_back(caught.probability);
  }
  return result;
}

std::vector<Column> LiftCurve::columns() const {
  return {{"top", top, "share of cases looked at, those of the highest probability"},
          {"caught", caught, "share of all events among them"},
          {"caught_low", caught_low, "lower end of its interval"},
          {"caught_high", caught_high, "upper end of its interval"},
          {"n", n, "cases looked at"},
          Column("status", status, status_labels(), "small_sample with under 10 events").hidden(),
          {"lift", lift, "caught over top: 1 is a blind choice"},
          Column("lift_low", lift_low, "lower end of its interval").hidden(),
          Column("lift_high", lift_high, "upper end of its interval").hidden(),
          {"share", share, "of those looked at, with the event"},
          {"probability", probability, "the lowest of those looked at"}};
}

std::vector<Scalar> LiftCurve::info() const {
  return {{"n_events", n_events, "cases with the event"},
          {"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::learn
