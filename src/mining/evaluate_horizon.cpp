#include "mining/evaluate_horizon.hpp"

#include "emptor/core/bootstrap.hpp"

#include "core/parallel.hpp"
#include "mining/basket_horizon.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace emptor::mining::basket {
namespace {

constexpr std::size_t kCustomersPerBlock = 32;
constexpr std::size_t kParts = 3;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Over the listed items of one customer.
struct Sums {
  double foretold = 0, bought = 0, squares = 0, n = 0;
};

class HorizonEvaluation {
 public:
  HorizonEvaluation(const Fit& fit, std::span<const Learned> learned, int days,
                    const EvaluateNextBasketOptions& options, const NextBasketOptions& settings,
                    const Context& context)
      : fit_(fit), learned_(learned), days_(days), options_(options), context_(context) {
    for (const Learned& own : learned)
      horizons_.push_back(learn_horizon(*fit.shop, fit.known, own, days, settings, context));
    for (std::size_t c = 0; c < fit.shop->customers(); ++c)
      if (fit.profiles.visits[c] >= options.min_visits - 1) customers_.push_back(c);
  }

  void fill(NextBasketEvaluation& out) const {
    const std::size_t width = learned_.size() * kParts;
    std::vector<Sums> sums(customers_.size() * width);
    core::parallel_ranges(context_, customers_.size(), kCustomersPerBlock,
                          [&](std::size_t begin, std::size_t end) {
                            Ranker ranker(fit_, nullptr);
                            for (std::size_t i = begin; i < end; ++i)
                              measure(ranker, customers_[i], &sums[i * width]);
                          });
    for (std::size_t part = 0; part < kParts; ++part)
      for (std::size_t m = 0; m < learned_.size(); ++m) add_row(sums, m * kParts + part, out);
  }

 private:
  void measure(Ranker& ranker, std::size_t c, Sums* out) const {
    const Shop& shop = *fit_.shop;
    const auto k = at(options_.k);
    const auto bought =
        bought_until(shop, fit_.known.end[c], shop.first_visit[c + 1], fit_.known.last_day + days_);
    ranker.look_at(c);
    for (std::size_t m = 0; m < learned_.size(); ++m) {
      ranker.use(learned_[m].blend ? &*learned_[m].blend : nullptr);
      auto found = ranker.best(learned_[m].model, k);
      const auto add = [&](const Candidate& one, Sums& sums) {
        const auto* bin = horizons_[m].of(fit_, c, one);
        if (bin == nullptr) return;
        const double hit = std::binary_search(bought.begin(), bought.end(), one.item) ? 1 : 0;
        sums.foretold += bin->p;
        sums.bought += hit;
        sums.squares += (hit - bin->p) * (hit - bin->p);
        sums.n += 1;
      };
      for (const Candidate& one : found) add(one, out[m * kParts + (one.repeat ? 1 : 2)]);
      for (const Candidate& one : merged(std::move(found), k)) add(one, out[m * kParts]);
    }
  }

  [[nodiscard]] Estimate ratio(const std::vector<Sums>& sums, std::size_t which, double Sums::*over,
                               double Sums::*under) const {
    std::vector<double> x, y;
    std::vector<std::uint64_t> ids;
    for (std::size_t i = 0; i < customers_.size(); ++i) {
      const Sums& own = sums[i * learned_.size() * kParts + which];
      if (own.n == 0) continue;
      x.push_back(own.*over);
      y.push_back(own.*under);
      ids.push_back(fit_.shop->hash[customers_[i]]);
    }
    if (x.empty()) {
      Estimate none;
      none.level = options_.level;
      none.status = Status::not_enough_data;
      return none;
    }
    return bootstrap_ratio(
        x, y, ids,
        {.replicates = options_.replicates, .level = options_.level, .seed = options_.seed},
        context_);
  }

  void add_row(const std::vector<Sums>& sums, std::size_t which, NextBasketEvaluation& out) const {
    double foretold = 0, n = 0;
    for (std::size_t i = which; i < sums.size(); i += learned_.size() * kParts) {
      foretold += sums[i].foretold;
      n += sums[i].n;
    }
    const Estimate bought = ratio(sums, which, &Sums::bought, &Sums::n);
    out.within_foretold.push_back(n > 0 ? foretold / n : kNaN);
    out.within_bought.push_back(bought.value);
    out.within_bought_low.push_back(bought.low);
    out.within_bought_high.push_back(bought.high);
    out.within_bought_n.push_back(bought.n);
    out.within_bought_status.push_back(bought.status);
    const Estimate held = ratio(sums, which, &Sums::bought, &Sums::foretold);
    out.within_ratio.push_back(held.value);
    out.within_ratio_low.push_back(held.low);
    out.within_ratio_high.push_back(held.high);
    const Estimate brier = ratio(sums, which, &Sums::squares, &Sums::n);
    out.within_brier.push_back(brier.value);
    out.within_brier_low.push_back(brier.low);
    out.within_brier_high.push_back(brier.high);
    out.within_brier_usual.push_back(bought.value * (1 - bought.value));
  }

  const Fit& fit_;
  std::span<const Learned> learned_;
  int days_;
  const EvaluateNextBasketOptions& options_;
  const Context& context_;
  std::vector<Horizon> horizons_{};
  std::vector<std::size_t> customers_{};
};

}  // namespace

void evaluate_horizon(const Fit& fit, std::span<const Learned> learned, int days,
                      const EvaluateNextBasketOptions& options, const NextBasketOptions& settings,
                      const Context& context, NextBasketEvaluation& out) {
  HorizonEvaluation(fit, learned, days, options, settings, context).fill(out);
}

}  // namespace emptor::mining::basket
