#include "mining/switching.hpp"

#include "emptor/core/interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace emptor::mining {
namespace {

constexpr int kBinDays = 30;
constexpr double kLeastExpected = 5;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

}  // namespace

Switching::Switching(std::span<const PurchasesView> parts,
                     std::span<const Availability> availability, const data::Span& period)
    : period_(period) {
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const PurchasesView& p = parts[k];
    Part part;
    part.purchases = &p;
    part.availability = &availability[k];
    if (!p.day.empty()) part.first = *std::min_element(p.day.begin(), p.day.end());
    part.item_begin.assign(at(p.n_items) + 1, 0);
    for (std::size_t i = 0; i < p.customer.size(); ++i) {
      if (i == 0 || p.customer[i] != p.customer[i - 1] || p.day[i] != p.day[i - 1]) {
        part.visit.push_back({p.customer[i], p.day[i], i, 0});
        const auto bin = at((p.day[i] - part.first) / kBinDays);
        if (bin >= part.bin_visits.size()) part.bin_visits.resize(bin + 1, 0);
        ++part.bin_visits[bin];
      }
      ++part.visit.back().size;
      ++part.item_begin[at(p.item[i]) + 1];
    }
    for (std::size_t i = 1; i < part.item_begin.size(); ++i) {
      part.item_begin[i] += part.item_begin[i - 1];
    }
    part.item_visit.resize(p.item.size());
    auto next = part.item_begin;
    for (std::size_t v = 0; v < part.visit.size(); ++v) {
      for (std::size_t i = 0; i < at(part.visit[v].size); ++i) {
        const auto item = at(p.item[part.visit[v].begin + i]);
        part.item_visit[next[item]++] = static_cast<std::uint32_t>(v);
      }
    }
    parts_.push_back(std::move(part));
  }
}

void Switching::add(const Part& part, std::int32_t absent, std::int32_t other, Sums& sums) const {
  const auto absences = part.availability->absences(absent);
  if (absences.empty()) return;
  const auto visits_of = [&part](std::int32_t item) {
    return std::span(part.item_visit)
        .subspan(part.item_begin[at(item)],
                 part.item_begin[at(item) + 1] - part.item_begin[at(item)]);
  };
  const auto with_absent = visits_of(absent);
  const auto with_other = visits_of(other);
  std::vector<double> share(part.bin_visits.size(), 0);
  for (const auto v : with_other) share[at((part.visit[v].day - part.first) / kBinDays)] += 1;
  for (std::size_t k = 0; k < share.size(); ++k) {
    share[k] = (share[k] + 0.5) / (part.bin_visits[k] + 1);
  }
  for (const Availability::Absence& gap : absences) {
    const data::Day from = data::subtract(gap.from, period_);
    const data::Day to = data::add(gap.to, period_);
    if (!part.availability->on_sale(other, gap.from, gap.to)) continue;
    std::int32_t done = -1;
    for (const auto index : with_absent) {
      const Visit& bought = part.visit[index];
      if (bought.day < from || bought.day >= gap.from || bought.customer == done) continue;
      done = bought.customer;
      // The customer's visits around the absence.
      std::size_t v = index;
      while (v > 0 && part.visit[v - 1].customer == done && part.visit[v - 1].day >= from) --v;
      double w_gap = 0, w_else = 0, in_gap = 0, elsewhere = 0;
      for (; v < part.visit.size() && part.visit[v].customer == done && part.visit[v].day <= to;
           ++v) {
        const Visit& visit = part.visit[v];
        if (!part.availability->on_sale(other, visit.day, visit.day)) continue;
        const bool gone = visit.day >= gap.from && visit.day <= gap.to;
        const double weight = visit.size * share[at((visit.day - part.first) / kBinDays)];
        const bool holds =
            std::binary_search(with_other.begin(), with_other.end(), static_cast<std::uint32_t>(v));
        (gone ? w_gap : w_else) += weight;
        if (holds) (gone ? in_gap : elsewhere) += 1;
      }
      const double all = w_gap + w_else;
      if (w_gap <= 0 || w_else <= 0 || in_gap + elsewhere <= 0) continue;
      sums.term.push_back({done, in_gap * w_else / all, elsewhere * w_gap / all});
      sums.exposed += in_gap * w_else / all;
      sums.other += elsewhere * w_gap / all;
      sums.model += (in_gap + elsewhere) * w_gap * w_else / (all * all);
      sums.seen += static_cast<std::int64_t>(in_gap);
    }
  }
}

Estimate Switching::while_absent(std::int32_t a, std::int32_t b, double level) const {
  Sums sums;
  for (const Part& part : parts_) {
    add(part, a, b, sums);
    add(part, b, a, sums);
  }
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  Estimate estimate;
  estimate.value = estimate.low = estimate.high = kNaN;
  estimate.level = level;
  estimate.n = sums.seen;
  estimate.status = Status::not_enough_data;
  if (sums.other < kLeastExpected || sums.exposed <= 0) return estimate;
  const double ratio = sums.exposed / sums.other;
  std::map<std::int32_t, double> residual;  // by customer
  for (const auto& term : sums.term) residual[term.customer] += term.exposed - ratio * term.other;
  double clustered = 0;
  for (const auto& [customer, r] : residual) clustered += r * r;
  const double variance =
      std::max(clustered / (sums.exposed * sums.exposed), sums.model / (sums.exposed * sums.other));
  const Interval interval = log_delta(std::log(ratio), variance, level);
  estimate.value = ratio;
  estimate.low = interval.low;
  estimate.high = interval.high;
  estimate.status = residual.size() < 10 ? Status::small_sample : Status::ok;
  return estimate;
}

}  // namespace emptor::mining
