#include "emptor/learn/features.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace emptor::learn {
namespace {

std::string start(std::string_view function) { return std::string(function) + ": "; }

std::string quoted(std::string_view name) { return "'" + std::string(name.substr(0, 40)) + "'"; }

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + quoted(name);
  return text;
}

}  // namespace

void check(std::span<const Feature> features, std::string_view function) {
  std::set<std::string_view> seen;
  for (const Feature& feature : features) {
    if (feature.name.empty()) throw InvalidArgument(start(function) + "a column has no name");
    if (!seen.insert(feature.name).second)
      throw InvalidArgument(start(function) + "two columns are named " + quoted(feature.name));
    const std::string column = start(function) + "column " + quoted(feature.name);
    if (feature.size() != features.front().size())
      throw InvalidArgument(column + " has " + std::to_string(feature.size()) +
                            " rows, the first " + std::to_string(features.front().size()));
    for (std::size_t i = 0; i < feature.size(); ++i) {
      if (feature.is_category()) {
        if (feature.code[i] < -1 || feature.code[i] >= feature.categories->size())
          throw InvalidArgument(column + ": row " + std::to_string(i) +
                                " has a code outside of its dictionary");
      } else if (std::isinf(feature.number[i])) {
        throw InvalidArgument(column + ": row " + std::to_string(i) +
                              " is infinite; write NaN where a number is missing");
      }
    }
  }
}

void check(const TrainingView& view, std::string_view function) {
  check(view.features, function);
  const std::size_t n = view.rows();
  const auto same = [&](std::size_t size, const char* name) {
    if (size != n)
      throw InvalidArgument(start(function) + name + " has " + std::to_string(size) +
                            " rows, outcome " + std::to_string(n));
  };
  if (!view.features.empty()) same(view.features.front().size(), "the table");
  if (!view.weight.empty()) same(view.weight.size(), "weight");
  if (!view.key.empty()) same(view.key.size(), "key");
  for (std::size_t i = 0; i < n; ++i) {
    if (view.outcome[i] > 1)
      throw InvalidArgument(start(function) + "outcome must be 0 or 1; row " + std::to_string(i) +
                            " has " + std::to_string(view.outcome[i]));
    if (!view.weight.empty() && !(view.weight[i] > 0 && std::isfinite(view.weight[i])))
      throw InvalidArgument(start(function) + "weight must be above 0 and finite; row " +
                            std::to_string(i) + " is not");
  }
}

std::vector<FeatureInfo> remember(std::span<const Feature> features) {
  std::vector<FeatureInfo> result;
  for (const Feature& feature : features) {
    FeatureInfo info{std::string(feature.name), feature.is_category(), {}};
    if (feature.is_category()) {
      std::vector<bool> used(static_cast<std::size_t>(feature.categories->size()));
      for (const std::int32_t code : feature.code)
        if (code >= 0) used[static_cast<std::size_t>(code)] = true;
      for (std::size_t code = 0; code < used.size(); ++code)
        if (used[code])
          info.levels.push_back(feature.categories->to_string(static_cast<std::int32_t>(code)));
      std::sort(info.levels.begin(), info.levels.end());
    }
    result.push_back(std::move(info));
  }
  return result;
}

MatchedFeatures match(std::span<const FeatureInfo> fitted, std::span<const Feature> given,
                      std::string_view function) {
  check(given, function);
  MatchedFeatures result;
  std::vector<bool> used(given.size());
  std::size_t last = 0;
  for (const FeatureInfo& info : fitted) {
    const auto at = std::find_if(given.begin(), given.end(),
                                 [&](const Feature& feature) { return feature.name == info.name; });
    if (at == given.end()) {
      result.diff.missing.push_back(info.name);
      continue;
    }
    const auto position = static_cast<std::size_t>(at - given.begin());
    used[position] = true;
    result.diff.other_order = result.diff.other_order || position < last;
    last = position;
    if (at->is_category() != info.category) {
      result.diff.other_type.push_back(info.name);
      continue;
    }
    std::vector<std::int32_t> level;
    if (info.category) {
      level.resize(static_cast<std::size_t>(at->categories->size()), -1);
      for (std::size_t code = 0; code < level.size(); ++code) {
        const std::string text = at->categories->to_string(static_cast<std::int32_t>(code));
        const auto found = std::lower_bound(info.levels.begin(), info.levels.end(), text);
        if (found != info.levels.end() && *found == text)
          level[code] = static_cast<std::int32_t>(found - info.levels.begin());
      }
      const auto unseen = std::count_if(at->code.begin(), at->code.end(), [&](std::int32_t code) {
        return code >= 0 && level[static_cast<std::size_t>(code)] < 0;
      });
      if (unseen > 0) result.diff.unseen.push_back(info.name);
      result.diff.unseen_values += unseen;
    }
    result.features.push_back(*at);
    result.level.push_back(std::move(level));
  }
  for (std::size_t i = 0; i < given.size(); ++i)
    if (!used[i]) result.diff.extra.emplace_back(given[i].name);
  if (!result.diff.usable())
    throw DataError(start(function) +
                    "the table does not fit the model: " + result.diff.to_string());
  return result;
}

std::string SchemaDiff::to_string() const {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (!missing.empty()) add("missing " + listed(missing));
  if (!other_type.empty()) add("of another type " + listed(other_type));
  if (!unseen.empty())
    add(std::to_string(unseen_values) + " unseen categories in " + listed(unseen) +
        ", taken as missing");
  if (!extra.empty()) add("not used " + listed(extra));
  if (other_order) add("columns in another order, taken by name");
  return text;
}

}  // namespace emptor::learn
