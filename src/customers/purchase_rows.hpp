#pragma once

#include "emptor/core/context.hpp"
#include "emptor/customers/purchase_summary.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace emptor::customers {

/// What the likelihoods need of the customers: equal (x, t_x, T) collapsed, with how many they are.
struct PurchaseRows {
  struct Row {
    double x = 0, last = 0, T = 0, weight = 0;
  };
  std::vector<Row> rows{};
  /// Distinct x, rising, with how many customers have it: terms that depend on x alone are summed
  /// over these.
  std::vector<std::pair<double, double>> counts{};
  double customers = 0;
  double purchases = 0;  ///< sum of x
  double log_gaps = 0;   ///< sum over all customers
};

PurchaseRows collapse(const PurchaseSummaryView& summary);

/// Every m-th customer, so that about `size` remain: where a search may start from.
PurchaseRows thinned(const PurchaseSummaryView& summary, std::size_t size);

/// A log-likelihood with its gradient and Hessian by natural parameters; up to four of them.
struct Likelihood {
  double value = 0;
  std::array<double, 4> gradient{};
  std::array<double, 16> hessian{};  ///< row by row; the lower half is filled by `mirror`
  void operator+=(const Likelihood& o);
  void mirror();
};

/// Parameters at which a likelihood is wanted.
struct PurchaseParameters {
  double r = 1, alpha = 1;
  double a = 1, b = 1;  ///< s and beta of the Pareto/NBD
};

/// BG/NBD and its relatives: `first` if customers may leave after their first purchase too
/// (MBG/NBD), `k` the Erlang shape of the gaps. Platzer, Reutterer and Schroeder (2021) with k = 1
/// giving Fader, Hardie and Lee (2005) and Batislam et al. (2007).
Likelihood bgnbd_likelihood(const PurchaseRows& rows, const PurchaseParameters& at, bool first,
                            int k, const Context& context);

/// Some customers who share their parameters, as of one value of all covariates.
struct PurchaseGroup {
  std::span<const PurchaseRows::Row> rows{};
  std::span<const std::pair<double, double>> counts{};  ///< as PurchaseRows::counts
  double customers = 0;
};
/// Their part, on this thread, of the likelihoods below and of bgnbd_likelihood with k = 1.
Likelihood bgnbd_likelihood(const PurchaseGroup& group, const PurchaseParameters& at, bool first);
Likelihood nbd_likelihood(const PurchaseGroup& group, const PurchaseParameters& at);
Likelihood pnbd_likelihood(const PurchaseGroup& group, const PurchaseParameters& at);

/// NBD with every customer's own time of exposure T.
Likelihood nbd_likelihood(const PurchaseRows& rows, const PurchaseParameters& at,
                          const Context& context);

/// Pareto/NBD (Schmittlein, Morrison and Colombo 1987).
Likelihood pnbd_likelihood(const PurchaseRows& rows, const PurchaseParameters& at,
                           const Context& context);

}  // namespace emptor::customers
