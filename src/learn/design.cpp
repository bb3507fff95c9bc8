#include "learn/design.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::learn {
namespace {

constexpr double kCollinear = 1e-9;  // share of a column's variance that earlier ones leave

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

bool is_missing(const MatchedFeatures& given, std::size_t feature, std::size_t row) noexcept {
  const Feature& f = given.features[feature];
  return f.is_category() ? given.level_of(feature, row) < 0 : std::isnan(f.number[row]);
}

double raw_value(const DesignColumn& column, const MatchedFeatures& given,
                 std::size_t row) noexcept {
  const auto f = static_cast<std::size_t>(column.feature);
  switch (column.kind) {
    case DesignKind::number:
      return given.features[f].number[row];
    case DesignKind::missing:
      return is_missing(given, f, row) ? 1 : 0;
    case DesignKind::level:
      return given.level_of(f, row) == column.level ? 1 : 0;
  }
  return 0;
}

/// Weighted mean and standard deviation over the rows that have a value.
void measure(DesignColumn& column, const TrainingView& view, const MatchedFeatures& given) {
  const auto weight = [&](std::size_t i) { return view.weight.empty() ? 1.0 : view.weight[i]; };
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < view.rows(); ++i) {
    const double x = raw_value(column, given, i);
    if (std::isnan(x)) continue;
    sum += weight(i) * x;
    total += weight(i);
  }
  column.centre = total > 0 ? sum / total : 0;
  double square = 0;
  for (std::size_t i = 0; i < view.rows(); ++i) {
    const double x = raw_value(column, given, i);
    if (!std::isnan(x)) square += weight(i) * (x - column.centre) * (x - column.centre);
  }
  const double deviation = total > 0 ? std::sqrt(square / total) : 0;
  column.scale = deviation > 1e-12 * (1 + std::fabs(column.centre)) ? deviation : 0;
}

/// The level most rows have; the first by name of several.
std::int32_t reference_level(const MatchedFeatures& given, std::size_t feature, std::size_t levels,
                             std::size_t rows) {
  std::vector<std::size_t> count(levels);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::int32_t level = given.level_of(feature, i);
    if (level >= 0) ++count[static_cast<std::size_t>(level)];
  }
  return static_cast<std::int32_t>(std::max_element(count.begin(), count.end()) - count.begin());
}

}  // namespace

std::vector<DesignColumn> make_design(const TrainingView& view, const MatchedFeatures& given,
                                      std::span<const FeatureInfo> info) {
  std::vector<DesignColumn> design;
  for (std::size_t f = 0; f < info.size(); ++f) {
    const auto feature = static_cast<std::int32_t>(f);
    if (!info[f].category) design.push_back({feature, DesignKind::number, -1, 0, 1, 0});
    if (info[f].category && !info[f].levels.empty()) {
      const auto reference = reference_level(given, f, info[f].levels.size(), view.rows());
      for (std::int32_t l = 0; l < static_cast<std::int32_t>(info[f].levels.size()); ++l)
        if (l != reference) design.push_back({feature, DesignKind::level, l, 0, 1, 0});
    }
    for (std::size_t i = 0; i < view.rows(); ++i) {
      if (!is_missing(given, f, i)) continue;
      design.push_back({feature, DesignKind::missing, -1, 0, 1, 0});
      break;
    }
  }
  for (DesignColumn& column : design) measure(column, view, given);
  return design;
}

std::vector<bool> missing_columns(std::span<const DesignColumn> design, std::size_t features) {
  std::vector<bool> known(features);
  for (const DesignColumn& column : design)
    if (column.kind == DesignKind::missing) known[static_cast<std::size_t>(column.feature)] = true;
  return known;
}

double design_value(const DesignColumn& column, const MatchedFeatures& given, bool missing_known,
                    std::size_t row) noexcept {
  if (column.scale == 0) return 0;
  const auto f = static_cast<std::size_t>(column.feature);
  const bool missing = is_missing(given, f, row);
  // A number at its mean adds nothing; nor does anything of a column that was never missing.
  if (missing && (column.kind == DesignKind::number || !missing_known)) return 0;
  return (raw_value(column, given, row) - column.centre) / column.scale;
}

std::string design_name(const DesignColumn& column, std::span<const FeatureInfo> info) {
  const FeatureInfo& feature = info[static_cast<std::size_t>(column.feature)];
  switch (column.kind) {
    case DesignKind::number:
      break;
    case DesignKind::missing:
      return feature.name + " is missing";
    case DesignKind::level:
      return feature.name + " = " + feature.levels[static_cast<std::size_t>(column.level)];
  }
  return feature.name;
}

std::vector<bool> independent_columns(const Eigen::MatrixXd& products) {
  const Index n = products.rows();
  std::vector<bool> kept(static_cast<std::size_t>(n));
  MatrixXd factor = MatrixXd::Zero(n, n);
  std::vector<Index> basis;
  for (Index j = 0; j < n; ++j) {
    VectorXd row = VectorXd::Zero(n);
    double left = products(j, j);
    for (std::size_t k = 0; k < basis.size(); ++k) {
      const auto at = static_cast<Index>(k);
      const double dot = products(j, basis[k]) - row.head(at).dot(factor.row(at).head(at));
      row[at] = dot / factor(at, at);
      left -= row[at] * row[at];
    }
    if (!(products(j, j) > 0) || left <= kCollinear * products(j, j)) continue;
    const auto at = static_cast<Index>(basis.size());
    row[at] = std::sqrt(left);
    factor.row(at) = row;
    basis.push_back(j);
    kept[static_cast<std::size_t>(j)] = true;
  }
  return kept;
}

}  // namespace emptor::learn
