#pragma once

#include "emptor/mining/next_basket.hpp"

#include "mining/basket_history.hpp"
#include "mining/basket_neighbors.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace emptor::mining::basket {

using Model = NextBasketModel;

/// Rules of bought_next as of a moment, by antecedent.
struct Rules {
  std::vector<std::int64_t> begin{};  ///< items + 1
  std::vector<std::int32_t> consequent{};
  std::vector<double> p_within{};
  std::vector<std::int64_t> n{};
  int window_days = 0;
};

/// What models know as of a moment.
struct Fit {
  const Shop* shop = nullptr;
  Moment known{};
  Profiles profiles{};
  std::vector<std::int32_t> late_visits{};  ///< per item: visits with it in the last kLateDays
  std::int64_t n_late = 0;                  ///< visits then
  double usual_gap = 0;                     ///< median over customers of their mean days between
  Neighbors tifu{}, up_cf{};
  ItemNeighbors items{};
  Rules rules{};
  double own_weight = 0.7;

  Fit() = default;
  Fit(const Fit&) = delete;
  Fit& operator=(const Fit&) = delete;
};

/// Fits what `models` need; `fit` must stay where it is.
void fit_models(const Shop& shop, Moment known, std::span<const Model> models,
                const NextBasketOptions& options, const Context& context, Fit& fit);

/// Logistic regressions of "in the next purchase", one for items bought before and one for new
/// ones, on standardised features.
struct Blend {
  static constexpr std::size_t kFeatures = 12;  ///< the first is 1
  using Features = std::array<double, kFeatures>;
  struct Part {
    Features mean{}, scale{}, coefficient{};
    [[nodiscard]] double probability(const Features& x) const noexcept;
  };
  Part repeat{}, new_item{};
};

struct Candidate {
  std::int32_t item = -1;
  double score = 0;
  bool repeat = false;
};

inline bool better(const Candidate& a, const Candidate& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

/// The best of many candidates: most of them are told to be none by one comparison.
class Best {
 public:
  explicit Best(std::size_t most) : most_(most) {}
  void add(const Candidate& one) {
    if (heap_.size() < most_) {
      heap_.push_back(one);
      std::push_heap(heap_.begin(), heap_.end(), better);
    } else if (most_ > 0 && better(one, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), better);
      heap_.back() = one;
      std::push_heap(heap_.begin(), heap_.end(), better);
    }
  }
  [[nodiscard]] std::size_t most() const noexcept { return most_; }
  /// Best first.
  std::vector<Candidate> sorted() && {
    std::sort_heap(heap_.begin(), heap_.end(), better);
    return std::move(heap_);
  }

 private:
  std::size_t most_;
  std::vector<Candidate> heap_{};  // the worst in front
};

/// Ranks a customer's items by the models of a fit. One per thread.
class Ranker {
 public:
  Ranker(const Fit& fit, const Blend* blend);
  /// Another blend from here on.
  void use(const Blend* blend) noexcept { blend_ = blend; }
  /// Looks at another customer.
  void look_at(std::size_t customer);
  /// The `most` best items bought before and the `most` best new ones, each part best first (equal
  /// ones by item), repeat before new.
  std::vector<Candidate> best(Model model, std::size_t most);
  /// Items the blend is fitted on, with their features.
  struct Row {
    std::int32_t item;
    bool repeat;
    Blend::Features x;
  };
  std::vector<Row> blend_rows();
  /// Why, in codes and numbers.
  struct Why {
    BasketReason code = BasketReason::popular;
    std::int32_t item = -1;
    double share = 0;
    std::int64_t n = 0;
  };
  Why why(Model model, const Candidate& candidate);

 private:
  void need_tifu();
  void need_up_cf();
  void need_items();
  void need_rules();
  [[nodiscard]] Blend::Features features(std::int32_t item, std::int64_t own) const;
  void add_scored(Model model, Best& repeat, Best& fresh);
  const Fit& fit_;
  const Blend* blend_;
  std::size_t customer_ = 0;
  double bought_ = 0;  // items over all his visits
  std::vector<double> dot_;
  struct RuleHit {
    std::int32_t item;
    double p_next;
    std::int32_t antecedent;
    std::int64_t rule;  // place in Rules
  };
  void add_popular(bool repeat, double scale, Best& out) const;
  [[nodiscard]] const RuleHit* rule_of(std::int32_t item) const noexcept;
  SparseScores tifu_, up_cf_, items_;
  std::vector<std::uint8_t> own_;       // per item: 1 if the customer bought it
  std::vector<std::int32_t> marked_{};  // the items with 1
  std::vector<RuleHit> rules_{};        // by item, the best of each
  int n_tifu_ = -1, n_up_cf_ = -1;
  bool items_ready_ = false, rules_ready_ = false;
};

/// All best of both parts, best score first, equal ones by item.
std::vector<Candidate> merged(std::vector<Candidate> parts, std::size_t most);

}  // namespace emptor::mining::basket
