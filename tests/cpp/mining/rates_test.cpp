#include "mining/rates.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace emptor::mining::next {
namespace {

TEST(Rates, ThetaSolvesTheSum) {
  const std::vector<double> size{1, 3, 20}, count{50, 30, 5};
  for (const double target : {1e-3, 2.0, 40.0, 84.5}) {
    const double theta = fit_theta(size, count, target);
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) sum += count[i] * -std::expm1(-size[i] * theta);
    EXPECT_NEAR(sum, target, 1e-9 * target);
  }
  EXPECT_EQ(fit_theta(size, count, 0), 0);
  // Visits of one size: 1 - exp(-s theta) = k / n.
  EXPECT_NEAR(fit_theta(std::vector{4.0}, std::vector{10.0}, 3), -std::log(0.7) / 4, 1e-15);
}

TEST(Rates, ProbabilitiesAddUpToVisitsInEveryBin) {
  test::ShopOptions options;
  options.customers = 300;
  options.items = 20;
  options.planted = 2;
  const auto shop = test::planted_shop(options);
  const auto visits =
      make_visits(shop.view(), {90, data::Span::Unit::days}, {90, data::Span::Unit::days});
  const std::vector<std::int32_t> items{3, 7, 19};
  const Rates rates(visits, items);
  ItemProbability probability(rates);
  for (std::size_t b = 0; b < items.size(); ++b) {
    probability.choose(b);
    for (std::size_t v = 0; v < visits.size(); ++v) {
      ASSERT_EQ(probability(v), rates.probability(v, b));
      EXPECT_NEAR(static_cast<double>(probability(v)),
                  -std::expm1(-visits.visit_size(v) * rates.theta(visits.bin[v], b)), 1e-7);
    }
    std::vector<double> expected(static_cast<std::size_t>(visits.n_bins)), observed = expected;
    for (std::size_t v = 0; v < visits.size(); ++v)
      expected[static_cast<std::size_t>(visits.bin[v])] +=
          static_cast<double>(rates.probability(v, b));
    for (const auto v : visits.visits_of(items[b]))
      ++observed[static_cast<std::size_t>(visits.bin[static_cast<std::size_t>(v)])];
    for (std::size_t bin = 0; bin < expected.size(); ++bin)
      EXPECT_NEAR(expected[bin], observed[bin], 1e-5 * (1 + observed[bin])) << "bin " << bin;
  }
}

}  // namespace
}  // namespace emptor::mining::next
