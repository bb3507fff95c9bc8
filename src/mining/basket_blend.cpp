#include "mining/basket_blend.hpp"

#include "core/parallel.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace emptor::mining::basket {
namespace {

constexpr std::size_t kF = Blend::kFeatures;
constexpr std::size_t kCustomersPerBlock = 32;
constexpr std::size_t kRowsPerBlock = 8192;
constexpr std::size_t kRepeatRows = 200, kNewRows = 50;
constexpr std::size_t kMinCustomers = 100;
constexpr double kMinHits = 50;
constexpr double kRidge = 1;
constexpr int kMaxIterations = 30;

using Vector = Eigen::Matrix<double, kF, 1>;
using Matrix = Eigen::Matrix<double, kF, kF>;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

// Means and deviations, so that the ridge treats all features alike.
void standardise(Cases& data, Blend::Part& part) {
  const auto n = static_cast<double>(data.x.size());
  for (std::size_t f = 1; f < kF; ++f) {
    double sum = 0, squares = 0;
    for (const auto& x : data.x) sum += x[f];
    part.mean[f] = sum / n;
    for (const auto& x : data.x) squares += (x[f] - part.mean[f]) * (x[f] - part.mean[f]);
    part.scale[f] = squares > 1e-12 * n ? 1 / std::sqrt(squares / n) : 0;
    for (auto& x : data.x) x[f] = (x[f] - part.mean[f]) * part.scale[f];
  }
  part.mean[0] = 0;
  part.scale[0] = 1;
}

struct Sums {
  Vector gradient = Vector::Zero();
  Matrix curvature = Matrix::Zero();
};

}  // namespace

double Blend::Part::probability(const Features& x) const noexcept {
  double z = 0;
  for (std::size_t f = 0; f < kFeatures; ++f) z += coefficient[f] * ((x[f] - mean[f]) * scale[f]);
  return 1 / (1 + std::exp(-z));
}

// Newton's method on the ridged log-likelihood, which is concave.
bool fit_logistic(Cases& data, const Context& context, Blend::Part& part) {
  double hits = 0;
  for (const auto y : data.y) hits += y;
  const auto n = static_cast<double>(data.y.size());
  if (hits < kMinHits || n - hits < kMinHits) return false;
  standardise(data, part);
  Vector beta = Vector::Zero();
  beta[0] = std::log(hits / (n - hits));
  for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
    const auto blocks = core::parallel_map<Sums>(
        context, data.x.size(), kRowsPerBlock, [&](std::size_t begin, std::size_t end) {
          Sums sums;
          for (std::size_t i = begin; i < end; ++i) {
            const Eigen::Map<const Vector> x(data.x[i].data());
            const double p = 1 / (1 + std::exp(-beta.dot(x)));
            sums.gradient += (data.y[i] - p) * x;
            sums.curvature.noalias() += (p * (1 - p)) * x * x.transpose();
          }
          return sums;
        });
    Sums sums;
    for (const Sums& block : blocks) {
      sums.gradient += block.gradient;
      sums.curvature += block.curvature;
    }
    for (Eigen::Index f = 1; f < static_cast<Eigen::Index>(kF); ++f) {
      sums.gradient[f] -= kRidge * beta[f];
      sums.curvature(f, f) += kRidge;
    }
    Vector step = sums.curvature.ldlt().solve(sums.gradient);
    const double size = step.cwiseAbs().maxCoeff();
    if (!std::isfinite(size)) return false;
    if (size > 2) step *= 2 / size;
    beta += step;
    if (size < 1e-8) break;
  }
  for (std::size_t f = 0; f < kF; ++f) part.coefficient[f] = beta[static_cast<Eigen::Index>(f)];
  return true;
}

Blend::Features Ranker::features(std::int32_t item, std::int64_t own) const {
  const Profiles& p = fit_.profiles;
  const std::size_t c = customer_;
  const double visits = p.visits[c];
  const double distinct = static_cast<double>(p.begin[c + 1] - p.begin[c]);
  const double late = fit_.n_late == 0 ? 0
                                       : static_cast<double>(fit_.late_visits[at(item)]) /
                                             static_cast<double>(fit_.n_late);
  Blend::Features x{};
  x[0] = 1;
  x[1] = std::log(1e-5 + tifu_[item]);
  x[2] = std::log(1e-5 + up_cf_[item]);
  x[3] = std::log(1e-6 + p.share(item));
  x[4] = std::log(1e-5 + late);
  x[5] = std::log(bought_ / visits);
  x[6] = std::log(visits);
  x[7] = std::log(distinct / bought_);
  if (own < 0) return x;
  const double count = p.count[at(own)];
  const double since = fit_.known.last_day - p.last[at(own)];
  x[7] = std::log((count + 0.5) / (visits + 1));
  x[8] = std::log(1e-4 + p.value[at(own)]);
  x[9] = std::log(1.0 + p.since[at(own)]);
  if (count < 2) return x;
  const double rhythm = (p.last[at(own)] - p.first[at(own)]) / (count - 1);
  x[10] = std::clamp(std::log((1 + since) / (1 + rhythm)), -3.0, 3.0);
  x[11] = x[10] * x[10];
  return x;
}

std::vector<Ranker::Row> Ranker::blend_rows() {
  need_tifu();
  need_up_cf();
  const Profiles& p = fit_.profiles;
  std::vector<std::pair<double, std::int64_t>> own;
  for (auto k = p.begin[customer_]; k < p.begin[customer_ + 1]; ++k)
    own.emplace_back(-p.value[at(k)], k);
  const std::size_t n = std::min(own.size(), kRepeatRows);
  std::partial_sort(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(n), own.end());
  std::vector<Row> rows;
  for (std::size_t i = 0; i < n; ++i) {
    const auto k = own[i].second;
    rows.push_back({p.item[at(k)], true, features(p.item[at(k)], k)});
  }
  std::vector<std::int32_t> fresh;
  for (const Model model : {Model::up_cf, Model::tifu_knn})
    for (const Candidate& one : best(model, kNewRows))
      if (!one.repeat) fresh.push_back(one.item);
  std::sort(fresh.begin(), fresh.end());
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  for (const std::int32_t item : fresh) rows.push_back({item, false, features(item, -1)});
  return rows;
}

std::optional<Blend> fit_blend(const Fit& fit, const Context& context) {
  const Shop& shop = *fit.shop;
  std::vector<std::size_t> customers;
  for (std::size_t c = 0; c < shop.customers(); ++c)
    if (fit.known.target[c] >= 0) customers.push_back(c);
  if (customers.size() < kMinCustomers) return std::nullopt;
  struct Parts {
    Cases repeat{}, fresh{};
  };
  const auto blocks = core::parallel_map<Parts>(
      context, customers.size(), kCustomersPerBlock, [&](std::size_t begin, std::size_t end) {
        Parts parts;
        Ranker ranker(fit, nullptr);
        for (std::size_t i = begin; i < end; ++i) {
          ranker.look_at(customers[i]);
          const auto target = shop.visit(fit.known.target[customers[i]]);
          for (const auto& row : ranker.blend_rows()) {
            Cases& data = row.repeat ? parts.repeat : parts.fresh;
            data.x.push_back(row.x);
            data.y.push_back(std::binary_search(target.begin(), target.end(), row.item) ? 1 : 0);
          }
        }
        return parts;
      });
  Parts all;
  for (const Parts& block : blocks) {
    all.repeat.append(block.repeat);
    all.fresh.append(block.fresh);
  }
  Blend blend;
  if (!fit_logistic(all.repeat, context, blend.repeat)) return std::nullopt;
  if (!fit_logistic(all.fresh, context, blend.new_item)) return std::nullopt;
  return blend;
}

}  // namespace emptor::mining::basket
