#include "mining/basket_models.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace emptor::mining::basket {
namespace {

constexpr Day kLateDays = 28;
// Popularity decides among items a customer bought equally often, and orders what he never bought,
// below all he did.
constexpr double kPopularityWeight = 1e-9;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

void add_late_visits(Fit& fit) {
  const Shop& shop = *fit.shop;
  fit.late_visits.assign(at(shop.n_items), 0);
  for (std::size_t c = 0; c < shop.customers(); ++c)
    for (std::int32_t v = fit.known.end[c] - 1; v >= shop.first_visit[c]; --v) {
      if (shop.day[at(v)] <= fit.known.last_day - kLateDays) break;
      ++fit.n_late;
      for (const std::int32_t item : shop.visit(v)) ++fit.late_visits[at(item)];
    }
}

Rules find_rules(const Shop& shop, const Moment& known, const NextBasketOptions& options,
                 const Context& context) {
  const Purchases purchases = known_purchases(shop, known);
  BoughtNextOptions next;
  next.window = options.window;
  next.watch = 0;
  const BoughtNext found = bought_next({purchases.customer,
                                        purchases.day,
                                        purchases.item,
                                        shop.n_items,
                                        shop.first_day,
                                        known.last_day,
                                        shop.hash,
                                        {}},
                                       next, context);
  Rules rules;
  rules.window_days = data::add(known.last_day, options.window) - known.last_day;
  rules.begin.assign(at(shop.n_items) + 1, 0);
  for (const std::int32_t a : found.antecedent) ++rules.begin[at(a) + 1];
  for (std::size_t i = 1; i < rules.begin.size(); ++i) rules.begin[i] += rules.begin[i - 1];
  rules.consequent.resize(found.size());
  rules.p_within.resize(found.size());
  rules.n.resize(found.size());
  auto place = rules.begin;
  for (std::size_t r = 0; r < found.size(); ++r) {
    const std::size_t k = at(place[at(found.antecedent[r])]++);
    rules.consequent[k] = found.consequent[r];
    rules.p_within[k] = found.p_within[r];
    rules.n[k] = found.n[r];
  }
  return rules;
}

}  // namespace

void fit_models(const Shop& shop, Moment known, std::span<const Model> models,
                const NextBasketOptions& options, const Context& context, Fit& fit) {
  const auto needs = [&](Model model) {
    return std::find(models.begin(), models.end(), model) != models.end();
  };
  fit.shop = &shop;
  fit.known = std::move(known);
  fit.own_weight = options.own_weight;
  fit.profiles = make_profiles(
      shop, fit.known, {options.groups, options.within_decay, options.group_decay, options.recency},
      context);
  add_late_visits(fit);
  fit.usual_gap = usual_gap(shop, fit.known);
  if (needs(Model::tifu_knn) || needs(Model::blend))
    fit.tifu = Neighbors(
        shop, fit.profiles,
        {.kind = Neighbors::Kind::tifu, .neighbors = options.neighbors, .pool = options.pool});
  if (needs(Model::up_cf) || needs(Model::blend))
    fit.up_cf = Neighbors(shop, fit.profiles,
                          {.kind = Neighbors::Kind::up_cf,
                           .neighbors = options.neighbors,
                           .pool = options.pool,
                           .asymmetry = options.asymmetry,
                           .locality = options.locality});
  if (needs(Model::item_knn)) fit.items = ItemNeighbors(shop, fit.profiles, {}, context);
  if (needs(Model::timed_rules)) fit.rules = find_rules(shop, fit.known, options, context);
}

Ranker::Ranker(const Fit& fit, const Blend* blend)
    : fit_(fit),
      blend_(blend),
      dot_(fit.profiles.customers(), 0),
      tifu_(at(fit.shop->n_items)),
      up_cf_(at(fit.shop->n_items)),
      items_(at(fit.shop->n_items)),
      own_(at(fit.shop->n_items), 0) {}

void Ranker::look_at(std::size_t customer) {
  customer_ = customer;
  const Profiles& p = fit_.profiles;
  bought_ = 0;
  for (const std::int32_t item : marked_) own_[at(item)] = 0;
  marked_.assign(p.item.begin() + p.begin[customer], p.item.begin() + p.begin[customer + 1]);
  for (const std::int32_t item : marked_) own_[at(item)] = 1;
  for (auto k = p.begin[customer]; k < p.begin[customer + 1]; ++k) bought_ += p.count[at(k)];
  tifu_.clear();
  up_cf_.clear();
  items_.clear();
  rules_.clear();
  n_tifu_ = n_up_cf_ = -1;
  items_ready_ = rules_ready_ = false;
}

void Ranker::need_tifu() {
  if (n_tifu_ < 0) n_tifu_ = fit_.tifu.score(customer_, dot_, tifu_);
}

void Ranker::need_up_cf() {
  if (n_up_cf_ < 0) n_up_cf_ = fit_.up_cf.score(customer_, dot_, up_cf_);
}

void Ranker::need_items() {
  if (!std::exchange(items_ready_, true)) fit_.items.score(customer_, items_);
}

void Ranker::need_rules() {
  if (std::exchange(rules_ready_, true)) return;
  const Profiles& p = fit_.profiles;
  const Rules& rules = fit_.rules;
  const double gap = p.gap[customer_] > 0 ? p.gap[customer_] : fit_.usual_gap;
  const double visits = gap > 0 ? std::max(1.0, rules.window_days / gap) : 1.0;
  for (auto k = p.begin[customer_]; k < p.begin[customer_ + 1]; ++k) {
    if (p.first[at(k)] + rules.window_days <= fit_.known.last_day) continue;
    const auto a = at(p.item[at(k)]);
    for (auto r = rules.begin[a]; r < rules.begin[a + 1]; ++r) {
      const std::int32_t item = rules.consequent[at(r)];
      if (own_[at(item)] != 0) continue;
      const double per_visit = 1 - std::pow(1 - rules.p_within[at(r)], 1 / visits);
      rules_.push_back({item, per_visit, p.item[at(k)], r});
    }
  }
  std::sort(rules_.begin(), rules_.end(), [](const RuleHit& a, const RuleHit& b) {
    if (a.item != b.item) return a.item < b.item;
    return a.p_next != b.p_next ? a.p_next > b.p_next : a.antecedent < b.antecedent;
  });
  rules_.erase(std::unique(rules_.begin(), rules_.end(),
                           [](const RuleHit& a, const RuleHit& b) { return a.item == b.item; }),
               rules_.end());
}

void Ranker::add_popular(bool repeat, double scale, Best& out) const {
  const bool rules = !rules_.empty();
  std::size_t found = 0;
  for (const std::int32_t item : fit_.profiles.popular) {
    if (found == out.most()) break;
    if ((own_[at(item)] != 0) != repeat || (rules && rule_of(item) != nullptr)) continue;
    out.add({item, scale * fit_.profiles.share(item), repeat});
    ++found;
  }
}

const Ranker::RuleHit* Ranker::rule_of(std::int32_t item) const noexcept {
  const auto hit =
      std::lower_bound(rules_.begin(), rules_.end(), item,
                       [](const RuleHit& rule, std::int32_t i) { return rule.item < i; });
  return hit == rules_.end() || hit->item != item ? nullptr : &*hit;
}

void Ranker::add_scored(Model model, Best& repeat, Best& fresh) {
  const Profiles& p = fit_.profiles;
  const auto from = p.begin[customer_];
  const auto to = p.begin[customer_ + 1];
  const auto add = [&](const SparseScores& scores, double own, double others) {
    for (auto k = from; k < to; ++k)
      repeat.add({p.item[at(k)], own * p.value[at(k)] + others * scores[p.item[at(k)]], true});
    for (const std::int32_t item : scores.touched())
      if (own_[at(item)] == 0) fresh.add({item, others * scores[item], false});
  };
  switch (model) {
    case Model::up_cf:
      need_up_cf();
      return add(up_cf_, 0, 1);
    case Model::tifu_knn:
      need_tifu();
      return add(tifu_, fit_.own_weight, 1 - fit_.own_weight);
    case Model::item_knn:
      need_items();
      return add(items_, 0, 1);
    default:
      return;
  }
}

std::vector<Candidate> Ranker::best(Model model, std::size_t most) {
  const Profiles& p = fit_.profiles;
  const double visits = std::max(1, p.visits[customer_]);
  Best repeat(most), fresh(most);
  const auto add_own = [&] {
    for (auto k = p.begin[customer_]; k < p.begin[customer_ + 1]; ++k)
      repeat.add({p.item[at(k)],
                  p.count[at(k)] / visits + kPopularityWeight * p.share(p.item[at(k)]), true});
  };
  switch (model) {
    case Model::g_topfreq:
      add_popular(true, 1, repeat);
      add_popular(false, 1, fresh);
      break;
    case Model::p_topfreq:
      add_own();
      break;
    case Model::gp_topfreq:
    case Model::automatic:
      add_own();
      add_popular(false, kPopularityWeight, fresh);
      break;
    case Model::timed_rules:
      need_rules();
      add_own();
      for (const RuleHit& hit : rules_) fresh.add({hit.item, hit.p_next, false});
      add_popular(false, kPopularityWeight, fresh);
      break;
    case Model::blend:
      for (const Row& row : blend_rows()) {
        const auto& part = row.repeat ? blend_->repeat : blend_->new_item;
        (row.repeat ? repeat : fresh).add({row.item, part.probability(row.x), row.repeat});
      }
      break;
    default:
      add_scored(model, repeat, fresh);
  }
  std::vector<Candidate> all = std::move(repeat).sorted();
  const std::vector<Candidate> rest = std::move(fresh).sorted();
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

std::vector<Candidate> merged(std::vector<Candidate> parts, std::size_t most) {
  std::sort(parts.begin(), parts.end(), better);
  if (parts.size() > most) parts.resize(most);
  return parts;
}

Ranker::Why Ranker::why(Model model, const Candidate& candidate) {
  const Profiles& p = fit_.profiles;
  if (const auto k = p.find(customer_, candidate.item); k >= 0) {
    const bool often = p.count[at(k)] >= 3;
    return {often ? BasketReason::rhythm : BasketReason::again, -1, 0, 0};
  }
  const Why popular{BasketReason::popular, -1, p.share(candidate.item), p.n_visits};
  const auto alike = [&](const SparseScores& scores, int n) -> Why {
    if (n <= 0 || scores.count(candidate.item) == 0) return popular;
    return {BasketReason::alike, -1, static_cast<double>(scores.count(candidate.item)) / n, n};
  };
  switch (model) {
    case Model::up_cf:
      need_up_cf();
      return alike(up_cf_, n_up_cf_);
    case Model::tifu_knn:
      need_tifu();
      return alike(tifu_, n_tifu_);
    case Model::blend:
      need_tifu();
      need_up_cf();
      return up_cf_.count(candidate.item) > 0 ? alike(up_cf_, n_up_cf_) : alike(tifu_, n_tifu_);
    case Model::item_knn: {
      need_items();
      const std::int32_t because = fit_.items.strongest(customer_, candidate.item);
      if (because < 0) return popular;
      const auto [both, buyers] = fit_.items.buyers(because, candidate.item);
      return {BasketReason::alongside, because,
              static_cast<double>(both) / static_cast<double>(buyers), buyers};
    }
    case Model::timed_rules: {
      need_rules();
      const RuleHit* hit = rule_of(candidate.item);
      if (hit == nullptr) return popular;
      return {BasketReason::timed, hit->antecedent, fit_.rules.p_within[at(hit->rule)],
              fit_.rules.n[at(hit->rule)]};
    }
    default:
      return popular;
  }
}

}  // namespace emptor::mining::basket
