#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace emptor::mining::next {

/// So many consequents are worked on together: a cache line of expected visits.
inline constexpr std::size_t kBlock = 16;

/// Sixteen neighbouring consequents, worked on as one vector. Sums are in single precision over
/// short runs and in double over the runs: exact enough at half the memory traffic.
struct Sixteen {
  alignas(64) std::array<float, 16> sum{};
  alignas(64) std::array<float, 16> squares{};
};

/// What one window says of one consequent, and sums of it: eight lanes added as one vector, but of
/// the fourth and the eighth the larger is kept.
struct alignas(32) Term {
  std::array<float, 8> lane{};
  [[nodiscard]] float operator[](std::size_t i) const noexcept { return lane[i]; }
};
/// Timing: a score, its information, its square. Affinity: o, the visits with the consequent; 1 if
/// the first of all was among them; o (o - 2 e) with e the expected ones; o - e.
enum TermLane : std::uint8_t {
  kScore,
  kInformation,
  kScoreSquares,
  kLargestScore,
  kVisits,
  kEvents,
  kSquares,
  kLargest
};
/// The lanes of timing alone.
struct alignas(16) TimingTerm {
  std::array<float, 4> lane{};
};

/// What a screening of pairs may find, as bits.
enum Finding : std::uint8_t { kAffinityP = 1, kTimingP = 2, kPlaceboP = 4, kListed = 8 };

/// Above what sums of a pair are looked at.
struct Screen {
  float min_expected = 5, min_information = 1, min_events = 20;
  float z_squared = 0;          ///< of the largest p-value that is kept
  float placebo_z_squared = 0;  ///< ... of the placebo
};

/// Totals over screened pairs.
struct Screened {
  std::int64_t n_testable = 0, n_timing_testable = 0, n_placebo_testable = 0;
  double observed = 0, expected = 0;  ///< visits of the testable pairs
};

/// Sums of pairs of one consequent, by antecedent.
struct PairSums {
  const Term* sums = nullptr;
  const TimingTerm* placebo = nullptr;
  const float* expected = nullptr;          ///< visits; 0: not testable
  const float* expected_squares = nullptr;  ///< by customer
  std::size_t n = 0;                        ///< a multiple of 16; what is too much is zero
};

struct Start;

/// One customer's visits from some number on, and his windows: (visit, window_end[visit]).
struct CustomerWindows {
  std::size_t first_visit = 0;
  std::span<const std::uint32_t> kind{};     ///< per visit from there on a row of probabilities
  std::span<const std::int32_t> visit{};     ///< those that have a window
  const std::int32_t* window_end = nullptr;  ///< per visit of all customers
};

/// Inner loops in variants for what the processor offers. All give the same bits: lanes do not mix.
struct Kernels {
  const char* name;
  /// Sums, and sums of squares, of rows of a table of 16 aligned columns.
  void (*sum_rows)(const float* table, const std::int32_t* rows, std::size_t n, Sixteen& total);
  /// Sums of the probabilities of every window's visits, in 16 columns: `before` is room for the
  /// sums before each visit and at the end, `out` takes a row per window.
  void (*sum_windows)(const float* probability, const CustomerWindows& customer, double* before,
                      float* out);
  /// Adds a customer's terms to the sums of the antecedents that he bought.
  void (*add_terms)(const Start* start, std::size_t n, const Term* terms, Term* sums,
                    TimingTerm* placebo);
  /// Findings per pair; what is found is added to `screened`.
  void (*screen)(const PairSums& pairs, const Screen& screen, std::uint8_t* findings,
                 Screened& screened);
};

/// Those this processor can run, plainest first.
std::span<const Kernels> usable_kernels() noexcept;
/// The last of them.
const Kernels& kernels() noexcept;

}  // namespace emptor::mining::next
