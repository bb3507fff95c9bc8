#include "emptor/customers/p_alive.hpp"

#include "customers/cdnow.hpp"
#include "customers/pnbd_integral.hpp"
#include "customers/purchase_law.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace emptor::customers {
namespace {

using testing::Summary;
using Unit = data::Span::Unit;

Summary first_ten(const Summary& all) {
  Summary s;
  for (std::size_t i = 0; i < 10; ++i) s.add(all.x[i], all.last[i], all.T[i]);
  return s;
}

const std::array<double, 4> kPnbd{.5143, 2.8845, .2856, 14.1087};

}  // namespace

// Computed from fits of CDNOW's sample by two independent programs.
TEST(PAlive, CdnowFirstTen) {
  const Summary all = testing::cdnow_sample();
  if (all.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  const Summary ten = first_ten(all);
  const std::vector<double> bgnbd{.7266092, .2122274, 1, 1, 1, .6418007, .3149183, 1, .7848076, 1};
  const std::vector<double> pnbd{.8691187, .167872, .2950972, .2950972, .2950972,
                                 .7494164, .25515,  .2950972, .9584455, .2950972};
  for (const auto& [model, expected] :
       {std::pair{PurchaseModel::bgnbd, bgnbd}, {PurchaseModel::pnbd, pnbd}}) {
    const auto result = p_alive(fit_purchases(all.view(), {.model = model}), ten.view());
    for (std::size_t i = 0; i < 10; ++i) {
      EXPECT_NEAR(result.p_alive[i], expected[i], 2e-6) << i;
      EXPECT_EQ(result.status[i], expected[i] == 1 ? Status::boundary : Status::ok);
      if (expected[i] < 1) {
        EXPECT_LT(result.p_alive_low[i], result.p_alive[i]);
        EXPECT_GT(result.p_alive_high[i], result.p_alive[i]);
      }
    }
  }
}

// Published with the Pareto/NBD: P(alive) of (26, 30.86, 31) .9979, of (0, 0, 39) .2941633.
TEST(PAlive, PublishedPnbd) {
  const auto fit =
      purchase_fit(PurchaseModel::pnbd, std::array{.55, 10.58, .61, 11.67}, Unit::weeks);
  Summary s;
  s.add(26, 30.86, 31);
  EXPECT_NEAR(p_alive(fit, s.view()).p_alive[0], .9979, 5e-5);
}

// Histories on which other programs' hypergeometric functions overflow.
TEST(PAlive, FiniteEverywhere) {
  Summary s;
  for (const double T : {103.57143, 97.28571, 98.0, 99.42857, 1e5})
    for (const std::int64_t x : {0, 1, 161, 204, 254, 5000, 100000})
      for (const double share : {1e-6, .1, .5, .99, 1.0}) s.add(x, x == 0 ? 0 : share * T, T);
  s.add(0, 0, 0);
  std::vector<PurchaseFit> fits;
  fits.push_back(purchase_fit(PurchaseModel::pnbd, kPnbd, Unit::weeks));
  for (const double alpha : {1e-4, 1.0, 1e4})
    for (const double leaving : {1e-3, .2, 1.0, 50.0})
      for (const double beta : {1e-4, 1.0, 1e4}) {
        const std::array p{.3, alpha, leaving, beta};
        for (const auto model : {PurchaseModel::pnbd, PurchaseModel::bgnbd, PurchaseModel::mbgnbd})
          fits.push_back(purchase_fit(model, p, Unit::weeks));
        fits.push_back(purchase_fit(PurchaseModel::mbgcnbd, p, Unit::weeks, 3));
      }
  for (const PurchaseFit& fit : fits) {
    const auto result = p_alive(fit, s.view());
    for (std::size_t i = 0; i < s.x.size(); ++i) {
      EXPECT_TRUE(result.p_alive[i] >= 0 && result.p_alive[i] <= 1)
          << to_string(fit.model) << " " << s.x[i] << " " << s.last[i] << " " << s.T[i];
    }
  }
}

// A purchase at the last moment leaves no time to leave in; x = 0 of the modified model does.
TEST(PAlive, Identities) {
  Summary s;
  s.add(5, 40, 40);
  s.add(0, 0, 40);
  const std::array p{.5, 6.0, .9, 1.6};
  EXPECT_EQ(p_alive(purchase_fit(PurchaseModel::pnbd, p, Unit::weeks), s.view()).p_alive[0], 1);
  const double bg =
      p_alive(purchase_fit(PurchaseModel::bgnbd, p, Unit::weeks), s.view()).p_alive[0];
  EXPECT_NEAR(bg, 1 / (1 + .9 / (1.6 + 4)), 1e-14);
  const auto modified = purchase_fit(PurchaseModel::mbgnbd, p, Unit::weeks);
  EXPECT_NEAR(p_alive(modified, s.view()).p_alive[1], 1 / (1 + .9 / 1.6 * std::pow(46. / 6, .5)),
              1e-14);
  // Erlang gaps with k = 1 are no others.
  const auto erlang = purchase_fit(PurchaseModel::mbgcnbd, p, Unit::weeks, 1);
  EXPECT_EQ(p_alive(erlang, s.view()).p_alive, p_alive(modified, s.view()).p_alive);
  // Under the nbd nobody leaves: nothing to rank by.
  const auto nbd =
      p_alive(purchase_fit(PurchaseModel::nbd, std::array{.5, 6.0}, Unit::weeks), s.view());
  EXPECT_EQ(nbd.status[0], Status::undefined);
  EXPECT_TRUE(std::isnan(nbd.p_alive[0]));
}

// As little s leaves as there is time, the Pareto/NBD holds everybody for alive.
TEST(PAlive, PnbdWithoutLeaving) {
  Summary s;
  s.add(2, 10, 40);
  const std::array p{.5, 6.0, 1e-9, 1.6};
  EXPECT_NEAR(p_alive(purchase_fit(PurchaseModel::pnbd, p, Unit::weeks), s.view()).p_alive[0], 1,
              1e-6);
}

TEST(PAlive, UnitsOfTheSummaryMayDiffer) {
  const auto fit = purchase_fit(PurchaseModel::mbgnbd, std::array{.5, 6.0, .9, 1.6}, Unit::weeks);
  Summary weeks, days;
  days.unit = Unit::days;
  weeks.add(3, 20, 40);
  days.add(3, 140, 280);
  EXPECT_NEAR(p_alive(fit, weeks.view()).p_alive[0], p_alive(fit, days.view()).p_alive[0], 1e-14);
}

TEST(PAlive, OneIsAsAll) {
  const Summary all = testing::cdnow_sample();
  if (all.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  for (const auto model : {PurchaseModel::mbgnbd, PurchaseModel::pnbd}) {
    const auto fit = fit_purchases(all.view(), {.model = model});
    const auto one_thread = p_alive(fit, all.view(), {}, {.threads = 1});
    for (const int threads : {2, 3, 8}) {
      const auto many = p_alive(fit, all.view(), {}, {.threads = threads});
      EXPECT_EQ(one_thread.p_alive, many.p_alive);
      EXPECT_EQ(one_thread.p_alive_low, many.p_alive_low);
    }
    for (std::size_t i = 0; i < all.x.size(); i += 97) {
      Summary one;
      one.add(all.x[i], all.last[i], all.T[i]);
      EXPECT_EQ(p_alive(fit, one.view()).p_alive[0], one_thread.p_alive[i]);
    }
  }
}

// The panels against many more of them, and their derivatives against differences.
TEST(PAlive, PnbdIntegral) {
  using Kronrod = boost::math::quadrature::gauss_kronrod<double, 61>;
  for (const double R : {.3, 2.5, 40.0, 900.0})
    for (const double alpha : {.05, 3.0, 80.0})
      for (const double s : {.05, .6, 20.0})
        for (const double beta : {.01, 3.0, 500.0})
          for (const double last : {0.0, 5.0, 39.9}) {
            const double T = 40;
            const auto found = pnbd_integral(R, alpha, s, beta, last, T);
            // In ln(low + y), where the integrand has no spike.
            const double low = std::min(alpha, beta);
            const auto integrand = [&](double v) {
              const double y = std::exp(v) - low;
              return std::exp(-R * std::log((alpha + y) / (alpha + last)) -
                              (s + 1) * std::log((beta + y) / (beta + last)) + v);
            };
            double expected = 0;
            const double a = std::log(low + last), b = std::log(low + T);
            for (int i = 0; i < 64; ++i)
              expected += Kronrod::integrate(integrand, a + (b - a) * i / 64,
                                             a + (b - a) * (i + 1) / 64, 0);
            const double log = std::log(expected) + R * std::log((alpha + T) / (alpha + last)) +
                               s * std::log((beta + T) / (beta + last)) - std::log(beta + last);
            EXPECT_NEAR(found.log, log, 1e-11 * (1 + std::fabs(log)))
                << R << " " << alpha << " " << s << " " << beta << " " << last;
            std::array<double, 4> p{R, alpha, s, beta};
            for (std::size_t i = 0; i < 4; ++i) {
              const double h = 1e-4 * p[i];
              const auto at = [&](double step) {
                auto q = p;
                q[i] += step;
                return pnbd_integral(q[0], q[1], q[2], q[3], last, T);
              };
              const auto up = at(h), down = at(-h), up2 = at(2 * h), down2 = at(-2 * h);
              const double slope = (8 * (up.log - down.log) - (up2.log - down2.log)) / (12 * h);
              EXPECT_NEAR(found.slope[i] * p[i], slope * p[i],
                          1e-8 * (1 + std::fabs(slope * p[i])));
              for (std::size_t j = i; j < 4; ++j) {
                const double curve =
                    (8 * (up.slope[j] - down.slope[j]) - (up2.slope[j] - down2.slope[j])) /
                    (12 * h);
                EXPECT_NEAR(found.curve[4 * i + j] * p[i] * p[j], curve * p[i] * p[j],
                            1e-7 * (1 + std::fabs(curve * p[i] * p[j])))
                    << i << j;
              }
            }
          }
}

}  // namespace emptor::customers
