#include "customers/spend_likelihood.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace emptor::customers {
namespace {

constexpr std::size_t kPiece = 16384;

/// Product of numbers of at least 1, as mantissa and exponent: its logarithm costs a multiplication
/// a number instead of a logarithm.
class LogProduct {
 public:
  void multiply(double value) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    exponent_ += static_cast<std::int64_t>(bits >> 52U) - 1023;
    mantissa_ *= std::bit_cast<double>((bits & kMantissa) | kOne);
  }
  /// At least once every thousand numbers: mantissas lie below 2, their product below 2^1023.
  void settle() noexcept {
    log_ += std::log(mantissa_);
    mantissa_ = 1;
  }
  [[nodiscard]] double log() noexcept {
    settle();
    return log_ + static_cast<double>(exponent_) * std::numbers::ln2;
  }

 private:
  static constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52U) - 1;
  static constexpr std::uint64_t kOne = std::uint64_t{1023} << 52U;
  double mantissa_ = 1, log_ = 0;
  std::int64_t exponent_ = 0;
};

/// Sums over customers of one frequency, with u = total / (total + v) and w = 1 - u.
struct Sums {
  double log_rise = 0;  ///< of ln(1 + total / v)
  double u = 0, w = 0, uw = 0;
  void add(const Sums& other) noexcept {
    log_rise += other.log_rise;
    u += other.u;
    w += other.w;
    uw += other.uw;
  }
};

Sums sums_of(std::span<const double> total, double per_v) {
  constexpr std::size_t kLanes = 4, kSettle = 512;
  std::array<LogProduct, kLanes> product;
  std::array<double, kLanes> u{}, w{}, uw{};
  const auto take = [&](double t, std::size_t lane) {
    const double ratio = t * per_v, rise = 1 + ratio;
    const double rest = 1 / rise, share = ratio * rest;
    product[lane].multiply(rise);
    u[lane] += share;
    w[lane] += rest;
    uw[lane] += share * rest;
  };
  std::size_t i = 0;
  while (i + kLanes <= total.size()) {
    const std::size_t end = std::min(total.size(), i + kLanes * kSettle);
    for (; i + kLanes <= end; i += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) take(total[i + lane], lane);
    }
    for (auto& one : product) one.settle();
  }
  for (; i < total.size(); ++i) take(total[i], i % kLanes);
  Sums sums;
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    sums.add({product[lane].log(), u[lane], w[lane], uw[lane]});
  return sums;
}

/// Sums by frequency: pieces of fixed size in parallel, added in their order.
std::vector<Sums> sums_by_frequency(const SpendRows& rows, double v, const Context& context) {
  struct Piece {
    std::size_t frequency, begin, end;
  };
  std::vector<Piece> pieces;
  for (std::size_t k = 0; k < rows.frequency.size(); ++k) {
    for (std::size_t at = rows.begin[k]; at < rows.begin[k + 1]; at += kPiece)
      pieces.push_back({k, at, std::min(at + kPiece, rows.begin[k + 1])});
  }
  std::vector<Sums> parts(pieces.size());
  core::parallel_ranges(context, pieces.size(), 8, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const auto& piece = pieces[i];
      parts[i] =
          sums_of(std::span(rows.total).subspan(piece.begin, piece.end - piece.begin), 1 / v);
    }
  });
  std::vector<Sums> sums(rows.frequency.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) sums[pieces[i].frequency].add(parts[i]);
  return sums;
}

void set_constants(SpendRows& rows) {
  for (std::size_t k = 0; k < rows.frequency.size(); ++k) {
    const double x = rows.frequency[k];
    const auto count = static_cast<double>(rows.begin[k + 1] - rows.begin[k]);
    double logs = 0;
    for (std::size_t i = rows.begin[k]; i < rows.begin[k + 1]; ++i) logs += std::log(rows.total[i]);
    rows.weighted_log_total += x * logs;
    rows.log_spend += logs - count * std::log(x);
  }
}

}  // namespace

SpendRows spend_rows(const SpendView& view) {
  std::vector<std::size_t> order;
  double spend = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.frequency[i] == 0) continue;
    order.push_back(i);
    spend += view.monetary_value[i];
  }
  SpendRows rows;
  if (order.empty()) return rows;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return view.frequency[a] < view.frequency[b];
  });
  rows.scale = spend / static_cast<double>(order.size());
  rows.total.reserve(order.size());
  for (const std::size_t i : order) {
    const auto x = static_cast<double>(view.frequency[i]);
    if (rows.frequency.empty() || rows.frequency.back() != x) {
      if (!rows.frequency.empty()) rows.begin.push_back(rows.total.size());
      rows.frequency.push_back(x);
    }
    rows.total.push_back(x * (view.monetary_value[i] / rows.scale));
  }
  rows.begin.push_back(rows.total.size());
  set_constants(rows);
  return rows;
}

SpendRows thinned(const SpendRows& rows, std::size_t step) {
  SpendRows out;
  out.scale = rows.scale;
  for (std::size_t k = 0; k < rows.frequency.size(); ++k) {
    const std::size_t before = out.total.size();
    for (std::size_t i = (rows.begin[k] + step - 1) / step * step; i < rows.begin[k + 1]; i += step)
      out.total.push_back(rows.total[i]);
    if (out.total.size() == before) continue;
    out.frequency.push_back(rows.frequency[k]);
    out.begin.push_back(out.total.size());
  }
  set_constants(out);
  return out;
}

// With y the total, x the frequency and A = p x + q, a customer adds
//   -ln B(p x, q) - A ln(1 + y / v) + p x ln(y / v) - ln m
// (Fader and Hardie 2013, equation 1a), written so that nothing cancels where q and v are large.
SpendLikelihood spend_likelihood(const SpendRows& rows, const std::array<double, 3>& at,
                                 const Context& context) {
  const double p = std::exp(at[0]), above_one = std::exp(at[1]), q = 1 + above_one;
  const double v = std::exp(at[2]);
  const auto sums = sums_by_frequency(rows, v, context);
  const double digamma_q = core::digamma(q), trigamma_q = core::trigamma(q);
  SpendLikelihood out;
  out.value = p * rows.weighted_log_total - rows.log_spend;
  double dp = rows.weighted_log_total, dq = 0, dv = 0;
  double pp = 0, pq = 0, qq = 0, pv = 0, qv = 0, vv = 0;
  for (std::size_t k = 0; k < rows.frequency.size(); ++k) {
    const double x = rows.frequency[k], px = p * x, sum = px + q;
    const auto count = static_cast<double>(rows.begin[k + 1] - rows.begin[k]);
    const double digamma = core::digamma(sum), trigamma = core::trigamma(sum);
    const Sums& s = sums[k];
    out.value -= count * (core::log_beta(px, q) + px * at[2]) + sum * s.log_rise;
    dp += x * (count * (digamma - core::digamma(px) - at[2]) - s.log_rise);
    dq += count * (digamma - digamma_q) - s.log_rise;
    dv += q * s.u - px * s.w;
    pp += count * x * x * (trigamma - core::trigamma(px));
    pq += count * x * trigamma;
    qq += count * (trigamma - trigamma_q);
    pv -= x * s.w;
    qv += s.u;
    vv -= sum * s.uw;
  }
  out.gradient = {p * dp, above_one * dq, dv};
  const double h12 = p * above_one * pq, h13 = p * pv, h23 = above_one * qv;
  out.hessian = {
      p * p * pp + p * dp, h12, h13, h12, above_one * (above_one * qq + dq), h23, h13, h23, vv};
  return out;
}

}  // namespace emptor::customers
