#include "emptor/mining/evaluate_next_basket.hpp"

#include "emptor/core/bootstrap.hpp"
#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "mining/basket_learn.hpp"
#include "mining/evaluate_horizon.hpp"
#include "mining/goods_purchases.hpp"
#include "mining/next_basket_kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

using namespace basket;

constexpr std::size_t kCustomersPerBlock = 32;
constexpr std::size_t kParts = 3;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

void check(const EvaluateNextBasketOptions& options) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("evaluate_next_basket: " + what);
  };
  if (options.k < 1) fail("k is " + std::to_string(options.k) + "; write 1 or more");
  if (options.min_visits < 2)
    fail("min_visits is " + std::to_string(options.min_visits) +
         "; write 2 or more: one to know, one to foretell");
  if (options.replicates < 100)
    fail("replicates is " + std::to_string(options.replicates) + "; write 100 or more");
  if (!(options.level > 0 && options.level < 1)) fail("level must be between 0 and 1, as 0.95");
  if (options.horizon && options.horizon->count <= 0)
    fail("horizon is " + data::to_string(*options.horizon) +
         "; write a day or more, as \"30 days\"");
}

std::vector<Model> models_of(const EvaluateNextBasketOptions& options) {
  std::vector<Model> models;
  const auto add = [&](Model model) {
    if (std::find(models.begin(), models.end(), model) == models.end()) models.push_back(model);
  };
  for (const Model model : options.models) add(model);
  if (options.models.empty()) add(Model::automatic);
  for (const Model model : {Model::gp_topfreq, Model::p_topfreq, Model::g_topfreq}) add(model);
  return models;
}

/// Per customer with a target, model and part: the three measures.
struct Measured {
  std::vector<Quality> of{};  // [(customer * models + m) * kParts + part]
};

/// The items of a target that are repeat, and those that are new.
std::array<std::vector<std::int32_t>, 3> parts_of(const Profiles& profiles, std::size_t c,
                                                  std::span<const std::int32_t> target) {
  std::array<std::vector<std::int32_t>, 3> parts;
  parts[0].assign(target.begin(), target.end());
  for (const std::int32_t item : target) parts[profiles.find(c, item) >= 0 ? 1 : 2].push_back(item);
  return parts;
}

class Evaluation {
 public:
  Evaluation(const Shop& shop, const Moment& known, const EvaluateNextBasketOptions& options,
             const Context& context)
      : shop_(shop), options_(options), context_(context), models_(models_of(options)) {
    settings_ = options.model_options;
    settings_.top = options.k;
    settings_.level = options.level;
    std::vector<Model> used = models_;
    for (Model& model : used)
      if (model == Model::automatic || model == Model::blend) {
        settings_.model = model;
        auto& learned = model == Model::automatic ? automatic_ : blend_;
        learned = learn(shop, known, settings_, context);
        model = learned.model;
      }
    used_ = used;
    fit_models(shop, known, used_, settings_, context, fit_);
    for (std::size_t c = 0; c < shop.customers(); ++c)
      if (known.target[c] >= 0) customers_.push_back(c);
  }

  /// `days`: of the horizon; 0: none.
  NextBasketEvaluation result(int days) {
    NextBasketEvaluation out;
    out.k = options_.k;
    out.level = options_.level;
    if (std::find(models_.begin(), models_.end(), Model::automatic) != models_.end())
      out.automatic = automatic_.model;
    const auto measured = measure();
    count_targets(out);
    const auto base =
        at(std::find(models_.begin(), models_.end(), Model::gp_topfreq) - models_.begin());
    for (std::size_t part = 0; part < kParts; ++part)
      for (std::size_t m = 0; m < models_.size(); ++m) add_row(measured, m, part, base, out);
    if (days > 0) {
      out.horizon = options_.horizon;
      std::vector<Learned> learned;
      for (std::size_t m = 0; m < models_.size(); ++m) {
        const Learned& own = models_[m] == Model::automatic ? automatic_ : blend_;
        learned.push_back({.model = used_[m], .blend = own.blend});
      }
      evaluate_horizon(fit_, learned, days, options_, settings_, context_, out);
    }
    return out;
  }

 private:
  std::vector<Quality> measure() {
    const std::size_t width = models_.size() * kParts;
    std::vector<Quality> all(customers_.size() * width);
    core::parallel_ranges(context_, customers_.size(), kCustomersPerBlock,
                          [&](std::size_t begin, std::size_t end) {
                            Ranker plain(fit_, nullptr);
                            for (std::size_t i = begin; i < end; ++i)
                              measure_one(plain, i, &all[i * width]);
                          });
    return all;
  }

  void measure_one(Ranker& plain, std::size_t i, Quality* out) {
    const std::size_t c = customers_[i];
    const auto k = at(options_.k);
    const auto target = parts_of(fit_.profiles, c, shop_.visit(fit_.known.target[c]));
    plain.look_at(c);
    for (std::size_t m = 0; m < models_.size(); ++m) {
      plain.use(blend_of(m));
      auto found = plain.best(used_[m], k);
      const auto fresh = std::find_if(found.begin(), found.end(),
                                      [](const Candidate& one) { return !one.repeat; });
      const std::span<const Candidate> list(found);
      const auto n_repeat = at(fresh - found.begin());
      out[m * kParts + 1] = quality(list.first(n_repeat), target[1], k);
      out[m * kParts + 2] = quality(list.subspan(n_repeat), target[2], k);
      out[m * kParts] = quality(merged(std::move(found), k), target[0], k);
    }
  }

  [[nodiscard]] const Blend* blend_of(std::size_t m) const noexcept {
    const auto& learned = models_[m] == Model::automatic ? automatic_ : blend_;
    return learned.blend ? &*learned.blend : nullptr;
  }

  void count_targets(NextBasketEvaluation& out) const {
    double repeat = 0;
    for (const std::size_t c : customers_) {
      const auto target = parts_of(fit_.profiles, c, shop_.visit(fit_.known.target[c]));
      out.n_items += static_cast<std::int64_t>(target[0].size());
      repeat += static_cast<double>(target[1].size());
    }
    out.n_customers = static_cast<std::int64_t>(customers_.size());
    out.repeat_share = out.n_items == 0 ? kNaN : repeat / static_cast<double>(out.n_items);
  }

  /// The mean over customers of a measure, or of its gain on `base`.
  Estimate mean(const std::vector<Quality>& measured, std::size_t m, std::size_t part,
                double Quality::*which, const std::size_t* base) const {
    std::vector<double> sum, one;
    std::vector<std::uint64_t> ids;
    for (std::size_t i = 0; i < customers_.size(); ++i) {
      const Quality* own = &measured[i * models_.size() * kParts];
      const double value = own[m * kParts + part].*which;
      if (std::isnan(value)) continue;
      sum.push_back(base == nullptr ? value : value - own[*base * kParts + part].*which);
      one.push_back(1);
      ids.push_back(shop_.hash[customers_[i]]);
    }
    if (sum.empty()) {
      Estimate none;
      none.level = options_.level;
      none.status = Status::not_enough_data;
      return none;
    }
    return bootstrap_ratio(
        sum, one, ids,
        {.replicates = options_.replicates, .level = options_.level, .seed = options_.seed},
        context_);
  }

  void add_row(const std::vector<Quality>& measured, std::size_t m, std::size_t part,
               std::size_t base, NextBasketEvaluation& out) const {
    out.model.push_back(models_[m]);
    out.part.push_back(static_cast<RepeatPart>(part));
    const auto put = [](const Estimate& x, std::vector<double>& value, std::vector<double>& low,
                        std::vector<double>& high) {
      value.push_back(x.value);
      low.push_back(x.low);
      high.push_back(x.high);
    };
    const Estimate recall = mean(measured, m, part, &Quality::recall, nullptr);
    put(recall, out.recall, out.recall_low, out.recall_high);
    out.n.push_back(recall.n);
    out.status.push_back(recall.status);
    put(mean(measured, m, part, &Quality::ndcg, nullptr), out.ndcg, out.ndcg_low, out.ndcg_high);
    put(mean(measured, m, part, &Quality::hit, nullptr), out.hit_rate, out.hit_rate_low,
        out.hit_rate_high);
    const auto gain = [&](double Quality::*which) {
      return m == base ? Estimate{} : mean(measured, m, part, which, &base);
    };
    put(gain(&Quality::recall), out.recall_gain, out.recall_gain_low, out.recall_gain_high);
    put(gain(&Quality::ndcg), out.ndcg_gain, out.ndcg_gain_low, out.ndcg_gain_high);
    put(gain(&Quality::hit), out.hit_rate_gain, out.hit_rate_gain_low, out.hit_rate_gain_high);
  }

  const Shop& shop_;
  const EvaluateNextBasketOptions& options_;
  const Context& context_;
  std::vector<Model> models_, used_{};
  NextBasketOptions settings_{};
  Learned automatic_{}, blend_{};
  Fit fit_{};
  std::vector<std::size_t> customers_{};
};

/// The last day that leaves the horizon to the end of what was observed.
Day first_day_of(const data::Span& horizon, const Shop& shop) {
  Day day = shop.last_day - (data::add(shop.last_day, horizon) - shop.last_day);
  while (data::add(day, horizon) > shop.last_day) --day;
  while (data::add(day + 1, horizon) <= shop.last_day) ++day;
  if (day < shop.first_day)
    throw InvalidArgument("evaluate_next_basket: horizon is " + data::to_string(horizon) +
                          ", but purchases are known from " + data::iso_date(shop.first_day) +
                          " to " + data::iso_date(shop.last_day) + " only");
  return day;
}

}  // namespace

NextBasketEvaluation evaluate_next_basket(const PurchasesView& purchases,
                                          const EvaluateNextBasketOptions& options,
                                          const Context& context) {
  check(options);
  if (!options.item.empty())
    throw InvalidArgument(
        "evaluate_next_basket: item needs a Sales; purchases have item codes only");
  check_options(options.model_options, "evaluate_next_basket");
  check_memory(purchases, context, "evaluate_next_basket");
  const Shop shop = make_shop(purchases, "evaluate_next_basket");
  const Moment all = everything(shop);
  Day from = data::kNoDay;
  if (!options.from_date.empty()) {
    from = data::parse_date(options.from_date, "from_date");
    if (shop.customers() > 0 && (from < shop.first_day || from >= shop.last_day))
      throw InvalidArgument("evaluate_next_basket: from_date is " + options.from_date +
                            ", but purchases are known from " + data::iso_date(shop.first_day) +
                            " to " + data::iso_date(shop.last_day));
  }
  int days = 0;
  if (options.horizon && shop.customers() > 0) {
    if (from == data::kNoDay) from = first_day_of(*options.horizon, shop);
    days = data::add(from, *options.horizon) - from;
    if (from + days > shop.last_day)
      throw InvalidArgument("evaluate_next_basket: horizon reaches to " +
                            data::iso_date(from + days) + ", but purchases are known to " +
                            data::iso_date(shop.last_day) + "; write an earlier from_date");
  }
  const Moment known = from == data::kNoDay ? last_held_back(shop, options.min_visits)
                                            : up_to(shop, all, from, options.min_visits - 1);
  NextBasketEvaluation result = Evaluation(shop, known, options, context).result(days);
  result.from = from;
  return result;
}

NextBasketEvaluation evaluate_next_basket(const data::Sales& sales,
                                          const EvaluateNextBasketOptions& options,
                                          const Context& context) {
  check(options);
  const GoodsPurchases goods = goods_purchases(sales, options.item, "evaluate_next_basket");
  EvaluateNextBasketOptions own = options;
  own.item.clear();
  NextBasketEvaluation result = evaluate_next_basket(goods.view(), own, context);
  result.item_level = goods.items.level;
  result.from_sales = true;
  return result;
}

std::vector<Column> NextBasketEvaluation::columns() const {
  std::vector<Column> all;
  all.emplace_back("model", model, next_basket_model_labels(), "how items were ranked");
  all.emplace_back("part", part, repeat_part_labels(),
                   "all items, those the customer bought before, or new ones");
  all.emplace_back("recall", recall, "mean share of the purchase's items that were listed");
  all.emplace_back("recall_low", recall_low, "its lower limit");
  all.emplace_back("recall_high", recall_high, "its upper limit");
  all.emplace_back("ndcg", ndcg, "mean normalised discounted gain of the list");
  all.emplace_back("hit_rate", hit_rate, "share of customers with any listed item");
  all.emplace_back("n", n, "customers");
  const auto hidden = [&](Column column) { all.push_back(column.hidden()); };
  hidden({"status", status, status_labels(), "what stands behind recall"});
  hidden({"ndcg_low", ndcg_low, "lower limit of ndcg"});
  hidden({"ndcg_high", ndcg_high, "upper limit of ndcg"});
  hidden({"hit_rate_low", hit_rate_low, "lower limit of hit_rate"});
  hidden({"hit_rate_high", hit_rate_high, "upper limit of hit_rate"});
  all.emplace_back("recall_gain", recall_gain, "recall above gp_topfreq, customer by customer");
  all.emplace_back("recall_gain_low", recall_gain_low, "its lower limit");
  all.emplace_back("recall_gain_high", recall_gain_high, "its upper limit");
  hidden({"ndcg_gain", ndcg_gain, "ndcg above gp_topfreq"});
  hidden({"ndcg_gain_low", ndcg_gain_low, "its lower limit"});
  hidden({"ndcg_gain_high", ndcg_gain_high, "its upper limit"});
  hidden({"hit_rate_gain", hit_rate_gain, "hit_rate above gp_topfreq"});
  hidden({"hit_rate_gain_low", hit_rate_gain_low, "its lower limit"});
  hidden({"hit_rate_gain_high", hit_rate_gain_high, "its upper limit"});
  if (!horizon) return all;
  all.emplace_back("within_foretold", within_foretold,
                   "mean probability of listed items to be bought within the horizon");
  all.emplace_back("within_bought", within_bought, "share of them that was");
  hidden({"within_bought_low", within_bought_low, "its lower limit"});
  hidden({"within_bought_high", within_bought_high, "its upper limit"});
  hidden({"within_bought_n", within_bought_n, "customers"});
  hidden({"within_bought_status", within_bought_status, status_labels(),
          "what stands behind within_bought"});
  all.emplace_back("within_ratio", within_ratio, "what was bought over what was foretold");
  all.emplace_back("within_ratio_low", within_ratio_low, "its lower limit");
  all.emplace_back("within_ratio_high", within_ratio_high, "its upper limit");
  all.emplace_back("within_brier", within_brier, "mean squared error of the probabilities");
  hidden({"within_brier_low", within_brier_low, "its lower limit"});
  hidden({"within_brier_high", within_brier_high, "its upper limit"});
  all.emplace_back("within_brier_usual", within_brier_usual,
                   "that of the share bought, said of every item");
  return all;
}

std::vector<Scalar> NextBasketEvaluation::info() const {
  const auto name = [](NextBasketModel model_) {
    return std::string(next_basket_model_labels()[static_cast<std::size_t>(model_)]);
  };
  std::vector<Scalar> all{
      {"k", static_cast<std::int64_t>(k), "length of the lists"},
      {"held_back",
       from == data::kNoDay ? std::string("the last purchase of each customer")
                            : "each customer's first purchase after " + data::iso_date(from),
       "what was foretold"},
      {"n_customers", n_customers, "customers with a purchase held back"},
      {"n_items", n_items, "items held back"},
      {"repeat_share", repeat_share, "of these items, those the customer bought before"},
      {"level", level, "confidence of the intervals"},
  };
  if (automatic != NextBasketModel::automatic)
    all.push_back({"auto", name(automatic), "what auto chose on earlier purchases"});
  if (horizon) all.push_back({"horizon", data::to_string(*horizon), "of within_*"});
  if (from_sales) all.push_back({"item", item_level, "level of the items"});
  return all;
}

}  // namespace emptor::mining
