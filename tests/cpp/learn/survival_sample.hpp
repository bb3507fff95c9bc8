#pragma once

#include "emptor/core/error.hpp"
#include "emptor/learn/survival.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace emptor::learn::testing {

/// Columns that own what a view points to.
struct Sample {
  std::vector<double> duration{};
  std::vector<std::int32_t> event{};
  std::vector<double> entry{};
  std::vector<std::int32_t> group{};
  std::shared_ptr<const Dictionary> groups{};
  [[nodiscard]] SurvivalView view() const { return {duration, event, entry, group, groups}; }
};

inline std::shared_ptr<const Dictionary> numbered(int count) {
  std::vector<std::int64_t> ids;
  for (int i = 1; i <= count; ++i) ids.push_back(i);
  return Dictionary::from_integers(std::move(ids));
}

/// Random rows with many ties (whole numbers) or none, causes 1 to `causes`, some entering late.
inline Sample random_sample(core::Random& random, std::size_t rows, int causes, bool whole,
                            bool late, int groups = 0) {
  Sample sample;
  for (std::size_t i = 0; i < rows; ++i) {
    double time = 6 * random.exponential();
    if (whole) time = std::floor(time);
    if (late) time += 1;
    sample.duration.push_back(time);
    sample.event.push_back(
        static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(causes) + 1)));
    if (late)
      sample.entry.push_back(random.uniform() < 0.5 ? 0 : std::floor(time * random.uniform()));
    if (groups > 0)
      sample.group.push_back(
          static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(groups) + 1)) - 1);
  }
  if (groups > 0) sample.groups = numbered(groups);
  return sample;
}

inline std::string message(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace emptor::learn::testing
