#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/churn_features.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/input.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/learn/classifier.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emptor::customers {

struct ChurnOptions {
  /// "additive" (boosted steps of columns and pairs), "logistic", or a back end.
  learn::ClassifierKind model = learn::ClassifierKind::additive;
  /// Another library's model, needed by, and only by, ClassifierKind::back_end.
  std::shared_ptr<const learn::BackEnd> back_end{};
  /// How scores become probabilities: "platt", "beta", "isotonic" or "none".
  learn::CalibrationKind calibration = learn::CalibrationKind::platt;
  int folds = 5;        ///< groups of customers whose probabilities come from models of the others
  double level = 0.95;  ///< confidence of the intervals of the metrics
  std::uint64_t seed = 1;  ///< of what is parted at random, by hashes of ids
  int max_pairs = 10;      ///< pairs of columns with a term of their own (additive)
  double penalty = 1;      ///< of coefficients per standard deviation (logistic)
  /// Columns of numbers along which the risk may only rise (1) or fall (-1), by name (additive).
  std::vector<std::pair<std::string, int>> monotone{};
  /// The column of numbers that says what keeping a customer is worth, for the expected maximum
  /// profit; of sales one of churn_feature_names(), as "spend_365". "": customer_value for all.
  std::string value{};
  double customer_value = 200;  ///< what keeping a customer is worth where `value` names no column
  double incentive_cost = 10;   ///< of an offer that is taken
  double contact_cost = 1;      ///< of an offer that is made
  std::string target{};         ///< of a table: the column that says who left
  std::string event{};  ///< its value for those who left; "": "Yes", "True" or 1 of two values
  std::string id{};     ///< of a table: the column of ids; "": rows by their number
  std::vector<std::string> exclude{};  ///< of a table: columns to leave out
  /// Of sales: a customer has left if he buys nothing in this time after a snapshot.
  data::Span horizon{90, data::Span::Unit::days};
  data::Span step{30, data::Span::Unit::days};  ///< of sales: between snapshots
  int max_snapshots = 12;                       ///< of sales: the latest ones count
};

/// A churn model with what it promises, measured on customers and times it had not seen.
struct ChurnFit {
  learn::Classifier classifier{};
  ChurnOptions options{};
  bool of_sales = false;  ///< learnt on snapshots of sales; else on a table without times
  /// Snapshots of sales: the days, rows and shares who left, and whether they were tried.
  std::vector<data::Day> snapshot{};
  std::vector<std::int64_t> snapshot_customers{};
  std::vector<double> snapshot_share{};
  std::vector<std::uint8_t> snapshot_tried{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;  ///< the snapshots
  /// The fit without its held-out probabilities, versioned and checksummed; see churn_fit_from.
  [[nodiscard]] EMPTOR_EXPORT std::string to_bytes() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// One row per customer: how likely he is to leave, and why the model says so.
struct ChurnScores {
  std::vector<std::int32_t> customer{};
  std::vector<std::string> name{};
  std::vector<double> probability{}, probability_low{}, probability_high{};
  std::vector<std::int64_t> n{};  ///< held-out cases behind the band
  std::vector<Status> status{};
  /// The three terms that move the log-odds most, the largest first: the column or pair, what the
  /// customer has there, and by how much; "" and NaN where there are fewer.
  std::vector<std::string> reason_code[3]{};
  std::vector<std::string> reason_value[3]{};
  std::vector<double> reason_effect[3]{};
  std::shared_ptr<const Dictionary> ids{};
  std::string diff{};  ///< how the table differs from that of the fit; "" if it does not
  std::string moment{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// The effect of one column: what the additive model adds to the log-odds along it.
struct ChurnTerm {
  std::vector<std::string> value{};  ///< a level, "missing", or the numbers of a bin as "2 to 5"
  std::vector<double> from{}, to{};  ///< of numbers: above from, up to to; NaN for none
  std::vector<double> effect{};      ///< on the log-odds
  std::vector<double> odds_ratio{};  ///< against the mean customer of the fit
  std::vector<std::int64_t> n{};     ///< rows of the fit
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Who is leaving, and why? Learnt from who left before.
///
/// From sales: customers are looked at on several past days (snapshots), each as the sales were
/// known on that day, and have left if they bought nothing in the horizon after it. Metrics come
/// from snapshots after all outcomes that model and calibration learnt from were complete, and from
/// customers they did not see. From a table: one row per customer with a column that says who left;
/// such a table has no times, so nothing is known of later performance.
/// @throws DataError naming what is missing, InvalidArgument.
EMPTOR_EXPORT ChurnFit churn(const data::Sales& sales, const ChurnOptions& options = {},
                             const Context& context = {});
EMPTOR_EXPORT ChurnFit churn(const data::InputTable& table, const ChurnOptions& options,
                             const Context& context = {});

/// The probability of every customer at the moment, with the band of Venn-Abers and the reasons;
/// or of every row of a table with the columns of the fit, which go by name. Categories the fit did
/// not see count as missing, which `diff` tells; missing columns and other types are errors.
EMPTOR_EXPORT ChurnScores churn_scores(const ChurnFit& fit, const data::Sales& sales,
                                       const Context& context = {});
EMPTOR_EXPORT ChurnScores churn_scores(const ChurnFit& fit, const data::InputTable& table,
                                       const Context& context = {});

/// The fit that to_bytes() wrote, from bytes of anywhere. @throws FormatError saying what is wrong
EMPTOR_EXPORT ChurnFit churn_fit_from(std::string_view bytes);

/// What the additive model adds along a column.
/// @throws InvalidArgument naming the columns, and for other models.
EMPTOR_EXPORT ChurnTerm churn_term(const ChurnFit& fit, const std::string& column);

}  // namespace emptor::customers
