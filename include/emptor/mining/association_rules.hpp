#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/baskets.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/measures.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mining {

class FoundRules;  // private

/// What makes up for having looked at many rules.
enum class Significance : std::uint8_t {
  none,            ///< no test
  bh,              ///< Benjamini and Hochberg over all testable rules: false discoveries
  holm,            ///< Holm over all testable rules: any false rule
  tarone,          ///< any false rule, over those whose counts could be significant at all
  westfall_young,  ///< any false rule, by permutation
  holdout          ///< found in the first baskets, tested in the rest as by bh
};
EMPTOR_EXPORT Significance parse_significance(std::string_view text);

/// Which rules are left out because a part of them says as much.
enum class Redundancy : std::uint8_t {
  unproductive,    ///< some item of the antecedent does not earn its place
  no_improvement,  ///< a part of the antecedent has at least the same confidence (arules)
  none             ///< nothing is left out
};

struct AssociationRulesOptions {
  /// In how many baskets a rule must hold; 0: see min_support. Give one of the two, or neither:
  /// then it is 0.1 % of the baskets, and 20 at least.
  std::int64_t min_count = 0;
  double min_support = 0;  ///< in which share of the baskets it must hold; 0: see min_count
  double min_confidence = 0;
  int max_items = 3;       ///< of antecedent and consequent together
  int max_consequent = 1;  ///< items of the consequent; more than 1 only without significance
  /// Only rules with these consequents, given by id or name (in arrays: by number). The others are
  /// not tested, so what is left has fewer tests to make up for.
  std::vector<std::string> consequents{};
  /// Further columns: names of measures(), "standard" (support, confidence, lift) or "all".
  std::vector<std::string> measures{"standard"};
  /// "bh", "holm", "tarone", "westfall_young", "holdout" or "none"; see association_rules().
  Significance significance = Significance::bh;
  /// Rules with q_value <= alpha are listed: the share of chance among them (bh, holdout), or the
  /// chance that any of them is chance (holm, tarone, westfall_young).
  double alpha = 0.05;
  /// Whether redundant rules stay: False leaves out those with a part of the antecedent that does
  /// not add to the rest, "improvement" those with a part of at least the same confidence (and so
  /// does False where nothing is tested), True none.
  Redundancy redundant = Redundancy::unproductive;
  /// Whether rules between variants of one product, by their names, stay. False leaves them out
  /// before `top` cuts; they still count as looked at, so q-values of the rest are no smaller for
  /// it.
  bool same_family = true;
  std::int64_t top = 1000;     ///< at most so many rules, the largest excess first; 0 lists all
  double level = 0.95;         ///< confidence of the intervals
  int permutations = 1000;     ///< of westfall_young
  std::uint64_t seed = 1;      ///< of westfall_young
  double holdout = 0.5;        ///< share of the baskets, the latest ones, that holdout tests in
  std::string holdout_from{};  ///< of dated baskets instead: the first day that it tests in
  /// Of Sales alone, as what follows: the level of items, empty for products as ordered, a product
  /// column, or "auto" for the finest level whose median item has 30 buyers.
  std::string item{};
  data::BasketUnit unit = data::BasketUnit::order;  ///< what a basket is: order, day or customer
  bool goods_only = true;                           ///< leave out what is not goods, as postage
  /// Columns of products above the items, the coarsest first, as {"department", "category"}: rules
  /// then go across levels, but never between an item and a group it belongs to.
  std::vector<std::string> levels{};
};

/// Rules X => Y, one row each, the largest excess first, then by ids. With holdout all counts and
/// measures are of the baskets that were held out.
struct AssociationRules {
  std::vector<std::int64_t> antecedent_offset{0};  ///< rules + 1
  std::vector<std::int32_t> antecedent{};          ///< codes into `items`, ascending within a rule
  std::vector<std::int64_t> consequent_offset{0};
  std::vector<std::int32_t> consequent{};
  std::vector<std::int32_t> antecedent_name{}, consequent_name{};  ///< codes into `names`
  std::vector<std::int64_t> n_baskets{};                           ///< with X and Y
  std::vector<std::int64_t> n_antecedent{}, n_consequent{};        ///< with X, with Y
  /// Baskets with both that would be usual given how often X and Y are in baskets of the same size;
  /// and what there is beyond: excess = n_baskets - expected.
  std::vector<double> expected{}, excess{};
  std::vector<double> p_value{};        ///< what q_value is made from; see association_rules()
  std::vector<double> p_association{};  ///< of the antecedent as a whole
  std::vector<double> q_value{};        ///< corrected for all rules that were looked at
  /// Fisher's exact test, as other tools give it: for comparison only. It takes baskets of unequal
  /// size as equal and is mostly wrong on shops' data.
  std::vector<double> fisher_p{};
  RuleMeasures measures{};                   ///< as asked for
  std::vector<std::int64_t> n_customers{};   ///< whose baskets hold both; unknown ones count each
  std::vector<double> max_customer_share{};  ///< of n_baskets, the customer with most of them
  /// small_sample: under 10 customers. not_enough_data: one customer.
  std::vector<Status> status{};
  std::vector<std::uint8_t> same_family{};  ///< Y is a variant of an item of X, by their names

  std::shared_ptr<const Dictionary> items{};
  std::shared_ptr<const Dictionary> names{};
  std::string item_level{};  ///< "product" or a column
  Significance significance = Significance::none;
  std::int64_t baskets = 0;
  std::int64_t customers = 0;   ///< known ones
  std::int64_t n_testable = 0;  ///< antecedent and consequent each in min_count baskets
  std::int64_t n_counted = 0;   ///< of these, in min_count baskets together
  double effective_tests = 0;   ///< tarone, westfall_young: what alpha was divided by
  std::int64_t n_found = 0;     ///< with q_value <= alpha
  std::int64_t n_left_out = 0;  ///< rules between variants that else were found
  bool leaves_out = false;      ///< whether any had to be: same_family = false
  std::int64_t n_explored = 0;  ///< holdout: found in the first baskets, tested in the rest
  bool truncated = false;       ///< `top` left out some that were found
  data::Coverage coverage{};
  std::int64_t min_count = 0;
  double alpha = 0;
  bool from_sales = false;
  bool tested = false;  ///< whether there are p-values
  bool single = true;   ///< whether every consequent is one item

  [[nodiscard]] std::size_t size() const noexcept { return n_baskets.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Rules X => y: which items are in the baskets that hold all of X more often than usual, among all
/// rules of up to max_items items.
///
/// The test is the one of bought_together with a set of items in the place of one: baskets are
/// compared within sizes (Mantel and Haenszel), items compete for a basket's places, and a
/// customer's baskets are one unit. By default every part Z of X is tested too, in the baskets that
/// hold the rest W of X: y must be in those with Z more often (Webb's productive rules), and
/// p_value is the largest of all these tests, so that a rule is found only if every item of it
/// earns its place. Its confidence must also be above that of every part.
///
/// With a hierarchy (`levels` of Sales, or baskets made by with_ancestors()) a group is in every
/// basket that one of its items is in, and a rule never holds an item and its own ancestor. The
/// size of a basket is the number of its most specific items, and a group takes as many of its
/// places as its items do. A more general rule makes a rule redundant as a part does: among the
/// baskets with a more general antecedent (items replaced by an ancestor, others left out) those
/// with X must hold y more often, and among the baskets with an ancestor of y those with X must
/// hold y more often.
///
/// Corrected is for the whole space that was declared: all X of up to max_items - 1 items in
/// min_count baskets with room for one more, and all y in min_count baskets. Rules below min_count
/// or min_confidence count as looked at and not found.
///
/// bh bounds the expected share of false rules among those listed; holm the chance of any; tarone
/// likewise, leaving out rules whose counts could not be significant even if X and y were together
/// as often as they can be. westfall_young permutes which antecedents meet which consequents among
/// baskets of the same size: its q_value is the share of permutations in which any rule has so
/// small a p-value, so that what rules share is not paid for twice. Its null hypothesis is that no
/// X has to do with any y; that parts earn no place is judged by the same distribution, which is a
/// little less than a proof. holdout looks for rules by bh in the first baskets (by date where they
/// have one; else in the order given) and tests those in the rest. None of them looks at Fisher's
/// test, which is there to compare.
///
/// Purchases known at the moment of `sales` count; items have their ids and names. On baskets of
/// your own, as arrays in compressed-row form with items 0 .. n_items - 1, it works the same.
/// @throws InvalidArgument, DataError if orders, the column of items or an item are missing,
/// Cancelled, MemoryLimit stating the estimate.
EMPTOR_EXPORT AssociationRules association_rules(const data::Sales& sales,
                                                 const AssociationRulesOptions& options = {},
                                                 const Context& context = {});
/// On baskets with ids.
EMPTOR_EXPORT AssociationRules association_rules(const data::Baskets& baskets,
                                                 const AssociationRulesOptions& options = {},
                                                 const Context& context = {});
/// The kernel; the items of the result are 0 .. n_items - 1.
EMPTOR_EXPORT AssociationRules association_rules(const data::BasketsView& baskets,
                                                 const AssociationRulesOptions& options = {},
                                                 const Context& context = {});

struct RulesOfItemsetsOptions {
  double min_confidence = 0;
  int max_consequent = 0;                         ///< items of the consequent; 0 is no limit
  std::vector<std::string> measures{"standard"};  ///< as in association_rules
  std::int64_t top = 0;   ///< at most so many rules, the largest excess first; 0 lists all
  double level = 0.95;    ///< confidence of the intervals
  bool intervals = true;  ///< False leaves them out, which is faster
};

/// All rules that item sets give, from their counts alone: every set split into antecedent and
/// consequent in every way. `sets` must hold every part of each of its sets, as a list of all
/// frequent sets does. expected is n_antecedent * n_consequent / baskets here, and nothing is
/// tested: counts of sets know nothing of basket sizes and customers. item_count is not needed.
/// @throws InvalidArgument that names a set of which a part is missing.
EMPTOR_EXPORT AssociationRules rules_of_itemsets(const ItemsetCountsView& sets,
                                                 const RulesOfItemsetsOptions& options = {},
                                                 const Context& context = {});

/// rules_of_itemsets() before it is written down: the rules are found and counted, and known to
/// fit; rows and columns are written when they are asked for, and sorted with the first of them.
/// Copies share what was found.
struct DeferredRules {
  /// Rows [begin, end) of AssociationRules; columns that were not asked for are empty.
  using Write = std::function<AssociationRules(std::size_t begin, std::size_t end, const Context&)>;

  std::shared_ptr<const FoundRules> found{};

  [[nodiscard]] EMPTOR_EXPORT std::size_t size() const noexcept;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
  /// AssociationRules without a row, which have the same columns.
  [[nodiscard]] EMPTOR_EXPORT AssociationRules none() const;
  /// Writes a column; all measures and counts come together, and so do expected and excess.
  [[nodiscard]] EMPTOR_EXPORT Write writer(std::string_view column) const;
  /// All of it.
  [[nodiscard]] EMPTOR_EXPORT AssociationRules write(const Context& context = {}) const;
};

/// As rules_of_itemsets(); `sets` are copied.
EMPTOR_EXPORT DeferredRules deferred_rules_of_itemsets(const ItemsetCountsView& sets,
                                                       const RulesOfItemsetsOptions& options = {},
                                                       const Context& context = {});

}  // namespace emptor::mining
