#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/bought_next.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mining {

/// Which side of chance is looked for.
enum class Relation : std::uint8_t {
  substitutes,  ///< less often in one visit than the customer's own visits would have it
  complements,  ///< more often
};
/// Reads "substitutes" or "complements". @throws InvalidArgument
EMPTOR_EXPORT Relation parse_relation(std::string_view text);

/// Whether two items belong to the same occasions: are bought beside the same other items.
enum class Occasion : std::uint8_t {
  same,       ///< their companions are the same: the interval of `companions` lies above 1/2
  different,  ///< ... are not: it lies below. Two errands, not a choice between two items
  unknown,    ///< neither
};
/// "same", "different", "unknown".
EMPTOR_EXPORT std::span<const std::string_view> occasion_labels() noexcept;

struct SubstitutesOptions {
  Relation relation = Relation::substitutes;
  /// Visits of a customer are compared with each other within so long a time: longer finds more,
  /// shorter is safer from tastes, seasons and assortments that change.
  data::Span period{90, data::Span::Unit::days};
  int min_customers = 20;   ///< a pair is tested if so many bought both within a period
  double min_expected = 5;  ///< ... and so many visits with both are expected
  /// Tested is whether a pair is farther from usual than by this share: smaller differences also
  /// come from visits that differ in more than their size.
  double min_effect = 0.1;
  double fdr = 0.05;         ///< false-discovery rate of grade proven
  double likely_fdr = 0.20;  ///< ... of grade likely
  int watch = 20;            ///< how many pairs may have grade watch
  double level = 0.95;       ///< confidence of the intervals
  bool all_pairs = false;    ///< list all testable pairs
  std::int64_t top = 0;      ///< keep the first `top` rows; 0: all
  std::string item{};        ///< level, see data::items (Sales only)
  /// Product column, as "category": only pairs with the same value of it are tested (Sales only).
  std::string within{};
  /// Column of orders, as "store": visits to different places are not compared, and what is on sale
  /// is judged place by place (Sales only).
  std::string place{};
};

/// Pairs of items, item_a < item_b, sorted by grade, then those of the same occasion first, then by
/// how far they are from usual. Rows are associations: nothing here says what a customer would do
/// if an item were gone, except the columns `switched`, where an absence could be seen.
struct Substitutes {
  std::vector<Grade> grade{};
  std::vector<std::int32_t> item_a{}, item_b{};
  std::vector<std::string> name_a{}, name_b{};
  std::vector<std::int64_t> n_together{};  ///< visits with both, of those compared
  std::vector<double> expected{};          ///< ... usual for the same customers' visits
  /// n_together / expected: below 1 for substitutes. Interval clustered by customer.
  std::vector<double> ratio{}, ratio_low{}, ratio_high{};
  std::vector<std::int64_t> n{};  ///< customers who bought both within a period
  std::vector<Status> status{};
  std::vector<std::int64_t> n_a{}, n_b{};    ///< their visits with a, with b
  std::vector<double> p_value{}, q_value{};  ///< one-sided; BH over all testable pairs
  std::vector<double> max_customer_share{};  ///< largest share of one customer in the difference
  /// Of the items that go with one of the two (share its visits beyond chance), the share that goes
  /// with the other one too. Half would be chance.
  std::vector<double> companions{}, companions_low{}, companions_high{};
  std::vector<std::int64_t> companions_n{};  ///< such items, of both
  std::vector<Occasion> occasion{};
  /// The shortest absence, in days, that would have been noticed for both items. 1 where absences
  /// shorter than a period show, in availability_seen.
  std::vector<double> unseen_days{};
  std::vector<std::uint8_t> availability_seen{};
  /// Where one of the two was visibly absent: visits of its customers with the other one, over what
  /// is usual for them. Above 1 where they switch.
  std::vector<double> switched{}, switched_low{}, switched_high{};
  std::vector<std::int64_t> switched_n{};   ///< such visits with the other one
  std::vector<Status> switched_status{};    ///< not_enough_data: no absence, or too short a one
  std::vector<std::uint8_t> same_family{};  ///< variants of one product, by their names

  std::shared_ptr<const Dictionary> items{};  ///< null from the kernel: codes are the caller's
  data::Span period{};
  Relation relation = Relation::substitutes;
  double fdr = 0, level = 0;
  std::int64_t n_customers = 0, n_visits = 0;  ///< known customers and their visits
  std::int64_t n_visits_compared = 0;          ///< visits with another one in the same period
  std::int64_t n_testable = 0;                 ///< pairs: q-values are over these
  std::int64_t n_untestable = 0;               ///< pairs some customer bought within a period
  std::int64_t n_items_partly_on_sale = 0;     ///< items left out of some comparisons for it
  std::int64_t n_proven = 0, n_likely = 0;     ///< before `top`
  std::int64_t n_different_occasions = 0;      ///< q at most fdr, but bought on different occasions
  std::int64_t n_unknown_occasions = 0;        ///< ... but the occasion cannot be told
  double ratio_all = 0;         ///< visits together over expected, all testable pairs
  double share_below_05 = 0;    ///< of testable pairs, with p below .05
  std::int64_t n_absences = 0;  ///< visible absences of items between their first and last sale
  bool truncated = false;       ///< `top` cut rows
  std::string item_level{};
  data::Coverage coverage{};

  [[nodiscard]] std::size_t size() const noexcept { return item_a.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Which items are bought instead of each other: by the same customers, on the same kind of
/// occasion, but not in the same visit.
///
/// A row reads: customers who buy both items within a period put them into one visit `n_together`
/// times; `expected` times would be usual for how many visits they make, how large these are and
/// how often each item is in them; `ratio` is the one over the other. `occasion` says whether the
/// two are bought beside the same other items: only then is it a choice between them and not two
/// errands. `availability_seen` says whether the data could show that one of them was missing.
///
/// A visit is a customer's civil day. The visits of a customer within a period are compared with
/// each other, so tastes, seasons and how much a customer buys drop out; an item counts there if it
/// was on sale (sold to anybody before and after, and not visibly absent between) all the time from
/// the first to the last of these visits. Given how many of the visits hold each item and how many
/// items each visit holds, the usual number together comes from the random tables with these
/// margins (Rasch's model; items compete for a visit's places as in bought_together). The p-value
/// is the tail of a Poisson law stretched to the mean, less (or plus) min_effect, and to the larger
/// of the model's variance and the one clustered by customer; q-values are Benjamini and Hochberg's
/// over all testable pairs. Substitutes have a grade only if the occasion is the same; the rest may
/// be on watch.
/// @throws InvalidArgument for unsorted or repeated purchases, codes or days out of range, and bad
/// options; Cancelled; MemoryLimit.
EMPTOR_EXPORT Substitutes substitutes(const PurchasesView& purchases,
                                      const SubstitutesOptions& options = {}, const Context& = {});

/// The same over purchases of goods by known customers, as of the moment of `sales`.
/// @throws DataError for a missing table or column.
EMPTOR_EXPORT Substitutes substitutes(const data::Sales& sales,
                                      const SubstitutesOptions& options = {}, const Context& = {});

}  // namespace emptor::mining
