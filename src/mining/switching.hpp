#pragma once

#include "emptor/core/estimate.hpp"
#include "emptor/mining/bought_next.hpp"

#include "mining/availability.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// What customers of an item buy while it is visibly absent.
class Switching {
 public:
  Switching(std::span<const PurchasesView> parts, std::span<const Availability> availability,
            const data::Span& period);

  /// Rate of visits with the other item while one of the two is absent, over the rate within a
  /// period before and after, of those who bought the absent one within a period before. Mantel and
  /// Haenszel's rate ratio over (customer, absence), a visit weighing its number of items times the
  /// other item's share of all visits in those 30 days. Interval of its logarithm, clustered by
  /// customer. Under 5 expected visits: not_enough_data.
  [[nodiscard]] Estimate while_absent(std::int32_t a, std::int32_t b, double level) const;

 private:
  struct Visit {
    std::int32_t customer = 0;
    data::Day day = 0;
    std::size_t begin = 0;  // first purchase
    std::int32_t size = 0;
  };
  struct Part {
    const PurchasesView* purchases = nullptr;
    const Availability* availability = nullptr;
    data::Day first = 0;
    std::vector<Visit> visit{};               // by customer and day
    std::vector<double> bin_visits{};         // per 30 days
    std::vector<std::size_t> item_begin{};    // per item, + 1
    std::vector<std::uint32_t> item_visit{};  // ascending
  };
  struct Sums {
    double exposed = 0, other = 0;  // MH numerator and denominator
    double model = 0;
    std::int64_t seen = 0;
    struct Term {
      std::int32_t customer = 0;
      double exposed = 0, other = 0;
    };
    std::vector<Term> term{};  // per customer and absence
  };
  void add(const Part& part, std::int32_t absent, std::int32_t other, Sums& sums) const;
  std::vector<Part> parts_{};
  data::Span period_{};
};

}  // namespace emptor::mining
