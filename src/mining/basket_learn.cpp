#include "mining/basket_learn.hpp"

#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "core/wilson.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

namespace emptor::mining::basket {
namespace {

constexpr std::size_t kCustomersPerBlock = 32;
constexpr std::size_t kMinRows = 100;
constexpr std::size_t kBins = 40;
constexpr double kPriorRows = 10;
constexpr std::int64_t kMinCustomers = 30;
constexpr std::size_t kListLength = 10;  // of the lists compared for "auto"

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

struct Pool {
  std::size_t begin, end;
  double hits;
  [[nodiscard]] double n() const noexcept { return static_cast<double>(end - begin); }
  [[nodiscard]] double p() const noexcept { return hits / n(); }
};

std::vector<Pool> pools_of(const std::vector<Listed>& rows) {
  const std::size_t least = std::max(kMinRows, rows.size() / kBins);
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < rows.size();) {
    Pool pool{i, std::min(rows.size(), i + least), 0};
    while (pool.end < rows.size() && rows[pool.end].score == rows[pool.end - 1].score) ++pool.end;
    if (rows.size() - pool.end < least / 2) pool.end = rows.size();
    for (; i < pool.end; ++i) pool.hits += rows[i].hit;
    pools.push_back(pool);
    while (pools.size() > 1 && pools[pools.size() - 2].p() <= pools.back().p()) {
      pools[pools.size() - 2].end = pools.back().end;
      pools[pools.size() - 2].hits += pools.back().hits;
      pools.pop_back();
    }
  }
  return pools;
}

// By how much hits of the same customer go together, and how many customers there are.
std::pair<double, std::int64_t> design_effect(std::vector<Listed> rows, double p) {
  std::sort(rows.begin(), rows.end(),
            [](const Listed& a, const Listed& b) { return a.customer < b.customer; });
  double squares = 0;
  std::int64_t customers = 0;
  for (std::size_t i = 0; i < rows.size(); ++customers) {
    double excess = 0;
    const std::int32_t who = rows[i].customer;
    for (; i < rows.size() && rows[i].customer == who; ++i) excess += rows[i].hit - p;
    squares += excess * excess;
  }
  const double variance = static_cast<double>(rows.size()) * p * (1 - p);
  return {variance > 0 ? std::max(1.0, squares / variance) : 1.0, customers};
}

// Lists made as of the moment of `fit`, held against what was bought next.
struct Trial {
  std::array<double, 3> sum{};  // recall, NDCG, hit rate
  std::vector<Listed> repeat{}, fresh{};
};

std::vector<std::size_t> with_target(const Moment& known) {
  std::vector<std::size_t> customers;
  for (std::size_t c = 0; c < known.target.size(); ++c)
    if (known.target[c] >= 0) customers.push_back(c);
  return customers;
}

std::vector<Trial> try_models(const Fit& fit, std::span<const Model> models, const Blend* blend,
                              std::size_t listed, const Context& context) {
  const auto customers = with_target(fit.known);
  using Trials = std::vector<Trial>;
  const auto blocks = core::parallel_map<Trials>(
      context, customers.size(), kCustomersPerBlock, [&](std::size_t begin, std::size_t end) {
        Trials trials(models.size());
        Ranker ranker(fit, blend);
        for (std::size_t i = begin; i < end; ++i) {
          ranker.look_at(customers[i]);
          const auto target = fit.shop->visit(fit.known.target[customers[i]]);
          for (std::size_t m = 0; m < models.size(); ++m) {
            auto found = ranker.best(models[m], listed);
            for (const Candidate& one : found) {
              auto& rows = one.repeat ? trials[m].repeat : trials[m].fresh;
              const bool hit = std::binary_search(target.begin(), target.end(), one.item);
              rows.push_back({static_cast<std::int32_t>(customers[i]), one.score,
                              static_cast<std::uint8_t>(hit ? 1 : 0)});
            }
            const auto top = merged(std::move(found), kListLength);
            const Quality q = quality(top, target, kListLength);
            trials[m].sum[0] += q.recall;
            trials[m].sum[1] += q.ndcg;
            trials[m].sum[2] += q.hit;
          }
        }
        return trials;
      });
  Trials all(models.size());
  for (const Trials& block : blocks)
    for (std::size_t m = 0; m < models.size(); ++m) {
      for (std::size_t k = 0; k < 3; ++k) all[m].sum[k] += block[m].sum[k];
      const auto append = [](std::vector<Listed>& to, const std::vector<Listed>& from) {
        to.insert(to.end(), from.begin(), from.end());
      };
      append(all[m].repeat, block[m].repeat);
      append(all[m].fresh, block[m].fresh);
    }
  return all;
}

// The model with the best lists of those that are nowhere behind the first one.
std::size_t choose(const std::vector<Trial>& trials) {
  std::size_t best = 0;
  double best_total = 0;
  for (std::size_t m = 0; m < trials.size(); ++m) {
    double total = 0;
    bool behind = false;
    for (std::size_t k = 0; k < 3; ++k) {
      total += trials[m].sum[k];
      behind = behind || trials[m].sum[k] < trials[0].sum[k];
    }
    if (behind || (m > 0 && total <= best_total)) continue;
    best = m;
    best_total = total;
  }
  return best;
}

// How long to wait for next purchases: twice what customers usually take, at most a fifth of the
// days there are, so that two moments fit before the end.
Day wait(const Shop& shop, const Moment& known, double usual_gap) {
  const double days = known.last_day - shop.first_day + 1;
  return static_cast<Day>(std::max(1.0, std::min(2 * usual_gap, days / 5)));
}

}  // namespace

Quality quality(std::span<const Candidate> list, std::span<const std::int32_t> target,
                std::size_t k) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (target.empty()) return {kNone, kNone, kNone};
  double hits = 0, gain = 0, ideal = 0;
  for (std::size_t i = 0; i < std::min(k, list.size()); ++i) {
    if (!std::binary_search(target.begin(), target.end(), list[i].item)) continue;
    ++hits;
    gain += 1 / std::log2(2.0 + static_cast<double>(i));
  }
  for (std::size_t i = 0; i < std::min(k, target.size()); ++i)
    ideal += 1 / std::log2(2.0 + static_cast<double>(i));
  return {hits / static_cast<double>(target.size()), gain / ideal, hits > 0 ? 1.0 : 0.0};
}

const Calibration::Bin* Calibration::of(const Candidate& candidate) const noexcept {
  const auto& bins = candidate.repeat ? repeat : new_item;
  for (const Bin& bin : bins)
    if (candidate.score >= bin.from) return &bin;
  return bins.empty() ? nullptr : &bins.back();
}

std::vector<Calibration::Bin> calibrate(std::vector<Listed> rows, double level, Scores scores) {
  std::vector<Calibration::Bin> bins;
  double hits = 0;
  for (const Listed& row : rows) hits += row.hit;
  if (rows.empty() || design_effect(rows, 0).second < kMinCustomers) return bins;
  std::sort(rows.begin(), rows.end(), [](const Listed& a, const Listed& b) {
    return a.score != b.score ? a.score > b.score : a.customer < b.customer;
  });
  const double mean = hits / static_cast<double>(rows.size());
  const double z = normal_half_width(level);
  for (const Pool& pool : pools_of(rows)) {
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(pool.begin);
    const auto last = rows.begin() + static_cast<std::ptrdiff_t>(pool.end);
    const auto [effect, customers] = design_effect({first, last}, pool.p());
    double usual = mean;
    if (scores == Scores::probabilities)
      usual = std::accumulate(first, last, 0.0,
                              [](double sum, const Listed& row) { return sum + row.score; }) /
              pool.n();
    const double p = (pool.hits + kPriorRows * usual) / (pool.n() + kPriorRows);
    const Interval range = core::wilson_at(pool.hits / effect, pool.n() / effect, z);
    bins.push_back({rows[pool.end - 1].score, p, std::min(p, range.low), std::max(p, range.high),
                    static_cast<std::int64_t>(pool.n()),
                    customers < kMinCustomers ? Status::small_sample : Status::ok});
  }
  return bins;
}

Learned learn(const Shop& shop, const Moment& known, const NextBasketOptions& options,
              const Context& context) {
  Learned learned;
  const bool automatic = options.model == Model::automatic;
  if (!automatic) learned.model = options.model;
  const Day days = wait(shop, known, usual_gap(shop, known));
  const Moment late = up_to(shop, known, known.last_day - days, 1);
  const auto customers = with_target(late);
  learned.n_customers = static_cast<std::int64_t>(customers.size());
  const bool wants_blend = automatic || options.model == Model::blend;
  if (wants_blend) {
    Fit fit;
    const std::array<Model, 1> needed{Model::blend};
    fit_models(shop, up_to(shop, known, late.last_day - days, 1), needed, options, context, fit);
    learned.blend = fit_blend(fit, context);
    if (!learned.blend) learned.model = Model::gp_topfreq;
  }
  if (learned.n_customers < kMinCustomers) return learned;
  learned.calibrated_on = late.last_day;
  std::vector<Model> models{learned.model};
  if (automatic) {
    models = {Model::gp_topfreq, Model::up_cf, Model::tifu_knn};
    if (learned.blend) models.push_back(Model::blend);
  }
  Fit fit;
  fit_models(shop, late, models, options, context, fit);
  const std::size_t listed = std::max(kListLength * 2, at(options.top));
  auto trials = try_models(fit, models, learned.blend ? &*learned.blend : nullptr, listed, context);
  const std::size_t chosen = choose(trials);
  learned.model = models[chosen];
  learned.calibration.repeat = calibrate(std::move(trials[chosen].repeat), options.level);
  learned.calibration.new_item = calibrate(std::move(trials[chosen].fresh), options.level);
  return learned;
}

}  // namespace emptor::mining::basket
