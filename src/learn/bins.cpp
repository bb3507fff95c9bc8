#include "learn/bins.hpp"

#include "core/parallel.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace emptor::learn {
namespace {

constexpr std::size_t kSample = 200000;
constexpr std::size_t kBlock = 65536;

/// Distinct values ascending with their counts.
struct Counted {
  std::vector<double> value;
  std::vector<std::size_t> count;
};

Counted counted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  Counted result;
  for (const double v : values) {
    if (result.value.empty() || v != result.value.back()) {
      result.value.push_back(v);
      result.count.push_back(0);
    }
    ++result.count.back();
  }
  return result;
}

double between(double low, double high) {
  const double middle = low + (high - low) / 2;
  return middle > low && middle < high ? middle : low;
}

/// At most `parts` runs of values with about equal counts; a value with more than its share keeps
/// a run of its own.
std::vector<double> quantile_cuts(const Counted& values, std::size_t parts) {
  std::vector<double> cuts;
  std::size_t left = 0;
  for (const std::size_t c : values.count) left += c;
  std::size_t in_run = 0, open = parts;
  for (std::size_t i = 0; i + 1 < values.value.size() && open > 1; ++i) {
    in_run += values.count[i];
    const std::size_t wanted = (left + open - 1) / open;
    if (in_run + values.count[i + 1] / 2 < wanted) continue;
    cuts.push_back(between(values.value[i], values.value[i + 1]));
    left -= in_run;
    in_run = 0;
    --open;
  }
  return cuts;
}

std::vector<double> number_cuts(const Feature& feature, std::span<const std::size_t> rows,
                                std::size_t max_bins) {
  std::vector<double> values;
  values.reserve(rows.size());
  for (const std::size_t row : rows)
    if (!std::isnan(feature.number[row])) values.push_back(feature.number[row]);
  const Counted found = counted(std::move(values));
  if (found.value.size() > max_bins) return quantile_cuts(found, max_bins);
  std::vector<double> cuts;
  for (std::size_t i = 0; i + 1 < found.value.size(); ++i)
    cuts.push_back(between(found.value[i], found.value[i + 1]));
  return cuts;
}

/// Levels with a bin of their own: the most frequent, in the order of their names.
void keep_frequent(FeatureInfo& info, const Feature& feature, std::size_t max_bins) {
  if (info.levels.size() <= max_bins) return;
  std::vector<std::size_t> count(static_cast<std::size_t>(feature.categories->size()));
  for (const std::int32_t code : feature.code)
    if (code >= 0) ++count[static_cast<std::size_t>(code)];
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (std::size_t code = 0; code < count.size(); ++code)
    if (count[code] > 0)
      ranked.emplace_back(count[code],
                          feature.categories->to_string(static_cast<std::int32_t>(code)));
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  ranked.resize(max_bins);
  info.levels.clear();
  for (auto& [n, name] : ranked) info.levels.push_back(std::move(name));
  std::sort(info.levels.begin(), info.levels.end());
}

std::vector<std::size_t> sampled_rows(const TrainingView& view) {
  std::vector<std::size_t> rows(view.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  if (rows.size() <= kSample) return rows;
  std::vector<std::pair<std::uint64_t, std::size_t>> hashed;
  hashed.reserve(rows.size());
  for (const std::size_t row : rows)
    hashed.emplace_back(core::hash_integer(view.key.empty() ? row : view.key[row]), row);
  std::nth_element(hashed.begin(), hashed.begin() + kSample, hashed.end());
  rows.resize(kSample);
  for (std::size_t i = 0; i < kSample; ++i) rows[i] = hashed[i].second;
  return rows;
}

}  // namespace

std::vector<FeatureBins> make_bins(const TrainingView& view, int max_bins, const Context& context) {
  std::vector<FeatureBins> result(view.features.size());
  std::vector<FeatureInfo> info = remember(view.features);
  const std::vector<std::size_t> rows = sampled_rows(view);
  const auto limit = static_cast<std::size_t>(max_bins);
  core::parallel_for(context, result.size(), [&](std::size_t f) {
    result[f].info = std::move(info[f]);
    if (view.features[f].is_category()) {
      keep_frequent(result[f].info, view.features[f], limit);
    } else {
      result[f].cuts = number_cuts(view.features[f], rows, limit);
    }
  });
  return result;
}

std::uint8_t bin_of(const FeatureBins& feature, double value) noexcept {
  if (std::isnan(value)) return 0;
  // The number of cuts below the value, by halving without branches.
  const double* base = feature.cuts.data();
  std::size_t n = feature.cuts.size();
  while (n > 1) {
    const std::size_t half = n / 2;
    base += base[half - 1] < value ? half : 0;
    n -= half;
  }
  auto below = static_cast<std::size_t>(base - feature.cuts.data());
  if (n == 1 && *base < value) ++below;
  return static_cast<std::uint8_t>(1 + below);
}

std::vector<std::uint8_t> binned(std::span<const FeatureBins> features,
                                 const MatchedFeatures& given, const Context& context) {
  const std::size_t rows = given.rows();
  const std::size_t blocks = (rows + kBlock - 1) / kBlock;
  std::vector<std::uint8_t> result(features.size() * rows);
  core::parallel_for(context, blocks * features.size(), [&](std::size_t task) {
    const std::size_t f = task / blocks;
    const std::size_t first = task % blocks * kBlock;
    const std::size_t last = std::min(rows, first + kBlock);
    std::uint8_t* out = result.data() + f * rows;
    if (features[f].info.category) {
      for (std::size_t i = first; i < last; ++i)
        out[i] = static_cast<std::uint8_t>(given.level_of(f, i) + 1);
    } else {
      for (std::size_t i = first; i < last; ++i)
        out[i] = bin_of(features[f], given.features[f].number[i]);
    }
  });
  return result;
}

}  // namespace emptor::learn
