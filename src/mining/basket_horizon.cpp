#include "mining/basket_horizon.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace emptor::mining::basket {
namespace {

constexpr std::size_t kCustomersPerBlock = 32;
constexpr std::size_t kMinListed = 20;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// An item of a list with what the regression knows of it, and whether it was bought in time.
struct Trial {
  std::size_t customer;
  Candidate candidate;
  Blend::Features x;
  bool hit;
};

double log_ratio(double a, double b) { return std::clamp(std::log((1 + a) / (1 + b)), -3.0, 3.0); }

/// Who comes at random in his rhythm is still there with odds that fall as exp(-away / gap).
double silence(double away, double gap) {
  constexpr double kMost = 20;
  return std::min(kMost, away / gap);
}

Blend::Features features(const Fit& fit, std::size_t c, const Candidate& candidate, int days) {
  const Profiles& p = fit.profiles;
  const double visits = std::max(1, p.visits[c]);
  // His days between visits as far as they are known, as if he had made one more in the usual time.
  const double usual = std::max(1.0, fit.usual_gap);
  const double gap = ((visits - 1) * (p.gap[c] > 0 ? p.gap[c] : usual) + usual) / visits;
  const double away = p.visits[c] == 0 ? gap : fit.known.last_day - p.last_visit[c];
  const double seen = fit.known.last_day - fit.shop->day[at(fit.shop->first_visit[c])] + 1;
  Blend::Features x{};
  x[0] = 1;
  x[1] = std::log(1e-12 + candidate.score);
  x[2] = std::log(1 + days / gap);
  x[3] = std::log(1 + away / days);
  x[4] = silence(away, gap);
  x[5] = std::log(visits);
  x[6] = std::log(1e-3 + visits * days / std::max(seen, static_cast<double>(days)));
  const auto own = p.find(c, candidate.item);
  if (own < 0) return x;
  const double count = p.count[at(own)];
  x[7] = std::log((count + 0.5) / (visits + 1));
  x[8] = std::log(1.0 + p.since[at(own)]);
  if (count < 2) return x;
  const double rhythm = (p.last[at(own)] - p.first[at(own)]) / (count - 1);
  x[9] = log_ratio(fit.known.last_day - p.last[at(own)], rhythm);
  x[10] = silence(fit.known.last_day - p.last[at(own)], rhythm);
  x[11] = std::log(1 + days / rhythm);
  return x;
}

/// Lists of all customers known as of the moment of `fit`, against what is `known` of the days
/// after.
std::vector<Trial> try_lists(const Fit& fit, const Moment& known, const Learned& learned, int days,
                             std::size_t listed, const Context& context) {
  const auto blocks = core::parallel_map<std::vector<Trial>>(
      context, fit.shop->customers(), kCustomersPerBlock, [&](std::size_t begin, std::size_t end) {
        std::vector<Trial> trials;
        Ranker ranker(fit, learned.blend ? &*learned.blend : nullptr);
        for (std::size_t c = begin; c < end; ++c) {
          if (fit.profiles.visits[c] == 0) continue;
          const auto bought =
              bought_until(*fit.shop, fit.known.end[c], known.end[c], fit.known.last_day + days);
          ranker.look_at(c);
          for (const Candidate& one : ranker.best(learned.model, listed))
            trials.push_back({c, one, features(fit, c, one, days),
                              std::binary_search(bought.begin(), bought.end(), one.item)});
        }
        return trials;
      });
  std::vector<Trial> all;
  for (const auto& block : blocks) all.insert(all.end(), block.begin(), block.end());
  return all;
}

void fit_parts(const std::vector<Trial>& trials, const Context& context, Horizon& horizon) {
  for (const bool repeat : {true, false}) {
    Cases cases;
    for (const Trial& trial : trials) {
      if (trial.candidate.repeat != repeat) continue;
      cases.x.push_back(trial.x);
      cases.y.push_back(trial.hit ? 1 : 0);
    }
    Blend::Part part;
    if (fit_logistic(cases, context, part)) (repeat ? horizon.repeat : horizon.new_item) = part;
  }
}

double score(const Horizon& horizon, const Candidate& candidate, const Blend::Features& x) {
  const auto& part = candidate.repeat ? horizon.repeat : horizon.new_item;
  return part ? part->probability(x) : candidate.score;
}

}  // namespace

std::vector<std::int32_t> bought_until(const Shop& shop, std::int32_t from, std::int32_t to,
                                       Day last_day) {
  std::vector<std::int32_t> items;
  for (auto v = from; v < to && shop.day[at(v)] <= last_day; ++v) {
    const auto visit = shop.visit(v);
    items.insert(items.end(), visit.begin(), visit.end());
  }
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

const Calibration::Bin* Horizon::of(const Fit& fit, std::size_t customer,
                                    const Candidate& candidate) const {
  Candidate own = candidate;
  own.score = score(*this, candidate, features(fit, customer, candidate, days));
  return calibration.of(own);
}

Horizon learn_horizon(const Shop& shop, const Moment& known, const Learned& learned, int days,
                      const NextBasketOptions& options, const Context& context) {
  Horizon horizon;
  horizon.days = days;
  const Day late_day = known.last_day - days, early_day = late_day - days;
  if (late_day - shop.first_day < days) return horizon;
  const std::array<Model, 1> models{learned.model};
  const std::size_t listed = std::max(kMinListed, at(options.top));
  const auto trials_of = [&](Day day) {
    Fit fit;
    fit_models(shop, up_to(shop, known, day, 1), models, options, context, fit);
    return try_lists(fit, known, learned, days, listed, context);
  };
  if (early_day - shop.first_day >= days) fit_parts(trials_of(early_day), context, horizon);
  std::vector<Listed> repeat, fresh;
  std::size_t last = shop.customers();
  for (const Trial& trial : trials_of(late_day)) {
    horizon.n_customers += trial.customer != last ? 1 : 0;
    last = trial.customer;
    (trial.candidate.repeat ? repeat : fresh)
        .push_back({static_cast<std::int32_t>(trial.customer),
                    score(horizon, trial.candidate, trial.x),
                    static_cast<std::uint8_t>(trial.hit ? 1 : 0)});
  }
  const auto kind = [](const auto& part) { return part ? Scores::probabilities : Scores::any; };
  horizon.calibration.repeat = calibrate(std::move(repeat), options.level, kind(horizon.repeat));
  horizon.calibration.new_item = calibrate(std::move(fresh), options.level, kind(horizon.new_item));
  if (!horizon.calibration.repeat.empty() || !horizon.calibration.new_item.empty())
    horizon.calibrated_on = late_day;
  return horizon;
}

}  // namespace emptor::mining::basket
