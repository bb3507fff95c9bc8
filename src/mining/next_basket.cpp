#include "emptor/mining/next_basket.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "mining/basket_horizon.hpp"
#include "mining/basket_learn.hpp"
#include "mining/next_basket_kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace emptor::mining {
namespace basket {
namespace {

constexpr std::size_t kCustomersPerBlock = 32;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

struct Row {
  std::size_t customer;
  Candidate candidate;
  Ranker::Why why;
};

// The listed items of one customer, best first.
std::vector<Candidate> list_of(Ranker& ranker, const Learned& learned,
                               const NextBasketOptions& options) {
  auto found = ranker.best(learned.model, at(options.top));
  if (options.repeat != RepeatPart::both) {
    const bool repeat = options.repeat == RepeatPart::repeat;
    std::erase_if(found, [&](const Candidate& one) { return one.repeat != repeat; });
  }
  return merged(std::move(found), at(options.top));
}

void add_within(const Calibration::Bin* bin, NextBasket& out) {
  out.p_within.push_back(bin ? bin->p : kNaN);
  out.p_within_low.push_back(bin ? bin->low : kNaN);
  out.p_within_high.push_back(bin ? bin->high : kNaN);
  out.p_within_n.push_back(bin ? bin->n : 0);
  out.p_within_status.push_back(bin ? bin->status : Status::not_enough_data);
}

void add_row(const Fit& fit, const Learned& learned, const Row& row, std::int64_t rank,
             NextBasket& out) {
  const Profiles& p = fit.profiles;
  const std::size_t c = row.customer;
  const auto* bin = learned.calibration.of(row.candidate);
  out.customer.push_back(fit.shop->code[c]);
  out.rank.push_back(rank);
  out.item.push_back(row.candidate.item);
  out.probability.push_back(bin ? bin->p : kNaN);
  out.probability_low.push_back(bin ? bin->low : kNaN);
  out.probability_high.push_back(bin ? bin->high : kNaN);
  out.n.push_back(bin ? bin->n : 0);
  out.status.push_back(bin ? bin->status : Status::not_enough_data);
  out.repeat.push_back(row.candidate.repeat ? 1 : 0);
  out.reason_code.push_back(row.why.code);
  out.visits.push_back(p.visits[c]);
  const auto own = p.find(c, row.candidate.item);
  const std::int64_t times = own < 0 ? 0 : p.count[at(own)];
  out.times_bought.push_back(times);
  out.last_bought.push_back(own < 0 ? data::kNoDay : p.last[at(own)]);
  out.days_since.push_back(own < 0 ? kNaN
                                   : static_cast<double>(fit.known.last_day - p.last[at(own)]));
  out.usual_days.push_back(times < 3 ? kNaN
                                     : static_cast<double>(p.last[at(own)] - p.first[at(own)]) /
                                           static_cast<double>(times - 1));
  out.reason_item.push_back(row.why.item);
  out.reason_share.push_back(own < 0 ? row.why.share : kNaN);
  out.reason_n.push_back(own < 0 ? row.why.n : std::numeric_limits<std::int64_t>::min());
  out.score.push_back(row.candidate.score);
}

}  // namespace

void check_options(const NextBasketOptions& options, std::string_view function) {
  const auto need = [&](bool good, const char* name, const std::string& found, const char* wanted) {
    if (!good)
      throw InvalidArgument(std::string(function) + ": " + name + " is " + found + "; write " +
                            wanted);
  };
  const auto number = [](double x) {
    std::string text = std::to_string(x);
    text.erase(text.find_last_not_of('0') + 1);
    if (!text.empty() && text.back() == '.') text.pop_back();
    return text;
  };
  const auto share = [&](double x, const char* name) {
    need(x > 0 && x <= 1, name, number(x), "a share above 0 and up to 1");
  };
  const auto whole = [&](int x, const char* name) {
    need(x >= 1, name, std::to_string(x), "1 or more");
  };
  whole(options.top, "top");
  need(!options.horizon || options.horizon->count > 0, "horizon",
       options.horizon ? data::to_string(*options.horizon) : "", "a day or more, as \"30 days\"");
  whole(options.neighbors, "neighbors");
  need(options.pool >= 2, "pool", std::to_string(options.pool), "2 or more");
  whole(options.groups, "groups");
  whole(options.recency, "recency");
  share(options.within_decay, "within_decay");
  share(options.group_decay, "group_decay");
  need(options.own_weight >= 0 && options.own_weight <= 1, "own_weight", number(options.own_weight),
       "a share from 0 to 1");
  need(options.asymmetry >= 0 && options.asymmetry <= 1, "asymmetry", number(options.asymmetry),
       "a power from 0 to 1");
  need(options.locality > 0 && options.locality <= 100, "locality", number(options.locality),
       "a power above 0 and up to 100, as 5");
  need(options.level > 0 && options.level < 1, "level", number(options.level),
       "a share between 0 and 1, as 0.95");
}

void check_memory(const PurchasesView& purchases, const Context& context,
                  std::string_view function) {
  if (context.memory_limit == 0) return;
  // Profiles, two lists of buyers and rows of one fit, two of which live at once; scratch of items.
  const double threads = core::thread_count(context, 1024);
  const double bytes = 200.0 * static_cast<double>(purchases.item.size()) +
                       (80.0 + 60.0 * threads) * purchases.n_items;
  if (bytes <= static_cast<double>(context.memory_limit)) return;
  throw MemoryLimit(std::string(function) + ": about " +
                    std::to_string(static_cast<std::int64_t>(bytes / 1e6) + 1) +
                    " MB are needed, the limit is " +
                    std::to_string(context.memory_limit / 1000000) + " MB; raise memory_limit");
}

NextBasket list_all(const PurchasesView& purchases, std::span<const std::uint8_t> wanted,
                    const NextBasketOptions& options, const Context& context) {
  check_options(options, "next_basket");
  check_memory(purchases, context, "next_basket");
  const Shop shop = make_shop(purchases, "next_basket");
  NextBasket result;
  result.n_customers = static_cast<std::int64_t>(shop.customers());
  result.n_visits = static_cast<std::int64_t>(shop.day.size());
  result.n_purchases = static_cast<std::int64_t>(shop.item.size());
  result.window = options.window;
  result.horizon = options.horizon;
  result.model =
      options.model == NextBasketModel::automatic ? NextBasketModel::gp_topfreq : options.model;
  if (shop.customers() == 0) return result;
  const Moment known = everything(shop);
  const Learned learned = learn(shop, known, options, context);
  result.model = learned.model;
  result.calibrated_on = learned.calibrated_on;
  result.n_calibration = learned.n_customers;

  std::optional<Horizon> horizon;
  if (options.horizon) {
    const Day days = data::add(known.last_day, *options.horizon) - known.last_day;
    horizon = learn_horizon(shop, known, learned, days, options, context);
    result.horizon_calibrated_on = horizon->calibrated_on;
    result.n_horizon_calibration = horizon->n_customers;
  }

  Fit fit;
  const std::array<Model, 1> models{learned.model};
  fit_models(shop, known, models, options, context, fit);
  std::vector<std::size_t> customers;
  for (std::size_t c = 0; c < shop.customers(); ++c)
    if (wanted.empty() || wanted[at(shop.code[c])] != 0) customers.push_back(c);
  const auto blocks = core::parallel_map<std::vector<Row>>(
      context, customers.size(), kCustomersPerBlock, [&](std::size_t begin, std::size_t end) {
        std::vector<Row> rows;
        Ranker ranker(fit, learned.blend ? &*learned.blend : nullptr);
        for (std::size_t i = begin; i < end; ++i) {
          ranker.look_at(customers[i]);
          for (const Candidate& one : list_of(ranker, learned, options))
            rows.push_back({customers[i], one, ranker.why(learned.model, one)});
        }
        return rows;
      });
  std::size_t last = shop.customers();
  std::int64_t rank = 0;
  for (const auto& rows : blocks)
    for (const Row& row : rows) {
      rank = row.customer == last ? rank + 1 : 1;
      last = row.customer;
      add_row(fit, learned, row, rank, result);
      if (horizon) add_within(horizon->of(fit, row.customer, row.candidate), result);
    }
  return result;
}

}  // namespace basket

NextBasket next_basket(const PurchasesView& purchases, const NextBasketOptions& options,
                       const Context& context) {
  if (!options.item.empty())
    throw InvalidArgument("next_basket: item needs a Sales; purchases have item codes only");
  if (!options.customers.empty())
    throw InvalidArgument(
        "next_basket: customers needs a Sales; purchases have customer codes only");
  return basket::list_all(purchases, {}, options, context);
}

}  // namespace emptor::mining
