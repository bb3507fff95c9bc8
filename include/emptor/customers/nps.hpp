#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// Answers to "how likely are you to recommend us?", 0 to 10, as the caller's own columns.
struct NpsView {
  std::span<const double> score{};             ///< whole numbers 0 to 10; NaN: no answer
  std::span<const std::int32_t> group{};       ///< codes, -1 is left out; empty: one group
  std::shared_ptr<const Dictionary> groups{};  ///< what the codes mean; needed with `group`
};

/// What a group's score is compared with.
enum class NpsCompare : std::uint8_t {
  none,
  previous,  ///< the group before it in the order of their ids: for periods
  rest,      ///< all other groups together
};
/// @throws InvalidArgument unless "none", "previous" or "rest".
EMPTOR_EXPORT NpsCompare parse_nps_compare(std::string_view text);

struct NpsOptions {
  /// What a group's score is compared with: "none", "previous" (the group before it, for periods)
  /// or "rest" (all other groups together).
  NpsCompare compare = NpsCompare::none;
  double level = 0.95;  ///< confidence of the intervals
};

/// One row per group.
struct NpsResult {
  std::shared_ptr<const Dictionary> groups{};  ///< null if not grouped
  std::vector<std::int32_t> group{};
  std::vector<double> nps{};  ///< promoters less detractors, in points of 100
  std::vector<double> nps_low{};
  std::vector<double> nps_high{};
  std::vector<std::int64_t> n{};           ///< answers
  std::vector<Status> status{};            ///< small_sample under 30 answers
  std::vector<std::int64_t> promoters{};   ///< 9 and 10
  std::vector<std::int64_t> passives{};    ///< 7 and 8
  std::vector<std::int64_t> detractors{};  ///< 0 to 6
  std::vector<double> change{};            ///< points above what it is compared with
  std::vector<double> change_low{};
  std::vector<double> change_high{};
  std::vector<std::int64_t> change_n{};  ///< answers it is compared with
  std::vector<Status> change_status{};
  std::int64_t n_missing = 0;  ///< rows without an answer
  NpsCompare compare = NpsCompare::none;
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Net Promoter Score: the share of promoters (9, 10) less that of detractors (0 to 6), in points.
///
/// The interval is the adjusted Wald one that did best in the comparison by Rocks (2016): three
/// quarters of an answer are added to promoters and to detractors and one and a half to passives.
/// That of a change between two groups is made from both (the method of variance estimates
/// recovery, as Newcombe's 1998 for shares). Answers are taken as independent and as those of
/// people like the ones who did not answer, which no interval can tell.
/// @throws InvalidArgument for a score that is no whole number from 0 to 10, naming its row.
EMPTOR_EXPORT NpsResult nps(const NpsView& view, const NpsOptions& options = {},
                            const Context& context = {});

}  // namespace emptor::customers
