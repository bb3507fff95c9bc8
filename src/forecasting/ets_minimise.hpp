#pragma once

#include "forecasting/ets_pass.hpp"

#include <limits>
#include <memory>
#include <vector>

namespace emptor::forecasting::smoothing {

/// What is to be minimised: n ln(sum of squares) + 2 sum of ln mu, less twice the log of the prior.
struct Problem {
  std::span<const double> y{};  ///< of size about 1
  EtsBounds bounds = EtsBounds::usual;
  EtsPrior prior{};
  bool states = true;  ///< level and slope before the first value are free
  bool season = true;  ///< so is the season
  bool alpha = true, beta = true, gamma = true, phi = true;
  /// A model that will end above this is given up.
  double give_up_above = std::numeric_limits<double>::infinity();
};

struct Optimum {
  EtsParameters at{};
  double loss = std::numeric_limits<double>::infinity();  ///< with the prior
  double fit = std::numeric_limits<double>::infinity();   ///< without
  int iterations = 0;
  bool converged = false;
};

/// Buffers, used again from model to model.
class Buffers {
 public:
  struct Matrices;
  Buffers();
  ~Buffers();
  Buffers(const Buffers&) = delete;
  Buffers& operator=(const Buffers&) = delete;
  Matrices& operator*() { return *matrices_; }

 private:
  std::unique_ptr<Matrices> matrices_;
};

inline constexpr double kLeastWeight = 1e-4, kMostWeight = 0.9999;
inline constexpr double kLeastPhi = 0.8, kMostPhi = 0.98;

/// The loss at one point; infinite where the model is not defined.
double loss_at(const Problem& problem, const EtsParameters& at, double* without_prior = nullptr);

/// The columns that are free for this model.
Columns columns_of(const Problem& problem, const EtsParameters& at);

/// Levenberg and Marquardt's method on the errors, within bounds; from `start`, whose values are
/// moved into them. The steps are those of least squares, which the likelihood is, but for a
/// factor, in relative errors too.
Optimum minimise(const Problem& problem, const EtsParameters& start, Buffers& buffers);

/// Whether the influence of old values dies out: no root of the model's characteristic equation
/// outside the unit circle. Multiplicative components as their additive counterparts.
bool is_admissible(const EtsParameters& p);

/// Loss and its derivatives by the search's coordinates, for tests: those of columns_of(), where
/// under usual bounds beta stands for beta / alpha and gamma for gamma / (1 - alpha).
double loss_and_gradient(const Problem& problem, const EtsParameters& at,
                         std::vector<double>& gradient);
EtsParameters moved(const Problem& problem, const EtsParameters& at, int column, double by);

}  // namespace emptor::forecasting::smoothing
