// Churn of a plain table: one row a customer, a column that says who left.
#include "emptor/core/error.hpp"
#include "emptor/customers/churn.hpp"
#include "emptor/data/plain_columns.hpp"

#include "core/random.hpp"
#include "customers/churn_reasons.hpp"
#include "data/ids.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::customers {
namespace {

// More different texts than this, in more than half of the rows, are ids and not categories.
constexpr std::int32_t kManyValues = 255;
constexpr std::array<std::string_view, 8> kYes{"yes", "true",    "1",    "y",
                                               "t",   "churned", "left", "churn"};

std::vector<std::string> names_of(const data::InputTable& table) {
  std::vector<std::string> names;
  for (const data::InputColumn& column : table.columns) names.push_back(column.name);
  return names;
}

const data::InputColumn& column_of(const data::InputTable& table, const std::string& name,
                                   const char* argument) {
  const int at = table.find(name);
  if (at >= 0) return table.columns[static_cast<std::size_t>(at)];
  const std::vector<std::string> names = names_of(table);
  const std::string near = data::nearest(name, names);
  throw DataError(std::string("churn: ") + argument + " names column " + data::in_quotes(name) +
                  ", which the table does not have; " +
                  (near.empty() ? "it has " + data::listed(names)
                                : "did you mean " + data::in_quotes(near) + "?"));
}

/// Values of the target as texts, one per distinct value, and the value of each row.
struct Target {
  std::vector<std::string> value{};
  std::vector<std::int32_t> row{};
};

Target target_of(const data::PlainColumn& column) {
  Target target;
  if (column.is_category()) {
    for (std::int32_t code = 0; code < column.values->size(); ++code)
      target.value.push_back(column.values->to_string(code));
    target.row = column.code;
    return target;
  }
  std::vector<double> distinct;
  for (const double x : column.number)
    if (!std::isnan(x)) distinct.push_back(x);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (const double x : distinct) {
    const bool whole = x == std::round(x) && std::fabs(x) < 1e15;
    target.value.push_back(whole ? std::to_string(std::llround(x)) : std::to_string(x));
  }
  for (const double x : column.number)
    target.row.push_back(std::isnan(x) ? -1
                                       : static_cast<std::int32_t>(
                                             std::lower_bound(distinct.begin(), distinct.end(), x) -
                                             distinct.begin()));
  return target;
}

/// Which value says that a customer left.
std::int32_t event_of(const Target& target, const ChurnOptions& options) {
  const std::string start = "churn: target " + data::in_quotes(options.target);
  if (!options.event.empty()) {
    const auto at = std::find(target.value.begin(), target.value.end(), options.event);
    if (at == target.value.end())
      throw DataError(start + " has no value " + data::in_quotes(options.event) + "; it has " +
                      data::listed(target.value));
    return static_cast<std::int32_t>(at - target.value.begin());
  }
  std::int32_t found = -1;
  for (std::size_t v = 0; v < target.value.size(); ++v) {
    const std::string word = data::normalised(target.value[v]);
    if (std::find(kYes.begin(), kYes.end(), word) == kYes.end()) continue;
    if (found >= 0) found = -2;
    if (found == -1) found = static_cast<std::int32_t>(v);
  }
  if (found < 0 || target.value.size() > 2)
    throw DataError(start + " has the values " + data::listed(target.value) +
                    "; write event= with the one of those who left");
  return found;
}

std::vector<std::uint8_t> outcomes(const Target& target, const ChurnOptions& options) {
  const std::int32_t event = event_of(target, options);
  std::vector<std::uint8_t> outcome;
  for (std::size_t i = 0; i < target.row.size(); ++i) {
    if (target.row[i] < 0)
      throw DataError("churn: target " + data::in_quotes(options.target) + " is missing in row " +
                      std::to_string(i) + "; leave such rows out, their risk can be asked for");
    outcome.push_back(target.row[i] == event ? 1 : 0);
  }
  return outcome;
}

struct Ids {
  std::shared_ptr<const Dictionary> dictionary{};
  std::vector<std::int32_t> code{};
};

Ids ids_of(const data::InputTable& table, const std::string& id, const Context& context) {
  Ids ids;
  if (id.empty()) {
    std::vector<std::int64_t> rows(table.rows);
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    ids.dictionary = Dictionary::from_integers(std::move(rows));
    ids.code.resize(table.rows);
    std::iota(ids.code.begin(), ids.code.end(), 0);
    return ids;
  }
  const data::ColumnReader reader(column_of(table, id, "id"));
  const data::ColumnReader* const readers[] = {&reader};
  data::CodedColumns coded = data::code_columns(readers, data::IdUse::id, context);
  ids.dictionary = coded.dictionary;
  const auto& code = coded.columns.front().code;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] < 0)
      throw DataError("churn: id " + data::in_quotes(id) + " is missing or unreadable in row " +
                      std::to_string(i));
    ids.code.push_back(code[i]);
  }
  return ids;
}

std::vector<learn::Feature> features_of(const std::vector<data::PlainColumn>& columns) {
  std::vector<learn::Feature> features;
  for (const data::PlainColumn& column : columns)
    features.push_back({column.name, column.number, column.code, column.values.get()});
  return features;
}

bool is_left_out(const ChurnOptions& options, const std::string& name) {
  return name == options.target || name == options.id ||
         std::find(options.exclude.begin(), options.exclude.end(), name) != options.exclude.end();
}

void check_values(const data::PlainColumn& column, std::size_t rows) {
  if (!column.is_category() || column.values->size() <= kManyValues ||
      static_cast<std::size_t>(column.values->size()) * 2 <= rows)
    return;
  throw DataError("churn: column " + data::in_quotes(column.name) + " has " +
                  data::grouped(column.values->size()) + " different texts in " +
                  data::grouped(static_cast<long long>(rows)) +
                  " rows; name it with id=, or leave it out with exclude=");
}

/// What keeping each row's customer is worth, from any column of the table.
std::vector<double> value_of(const data::InputTable& table, const ChurnOptions& options,
                             const Context& context) {
  if (options.value.empty()) return {};
  const data::InputColumn& column = column_of(table, options.value, "value");
  const std::vector<data::PlainColumn> read{
      data::plain_column(column, data::ReadAs::either, context)};
  return value_of_rows(options, features_of(read));
}

}  // namespace

ChurnFit churn(const data::InputTable& table, const ChurnOptions& options, const Context& context) {
  if (options.target.empty())
    throw InvalidArgument("churn: of a table, write target= with the column that says who left");
  if (options.folds < 2) throw InvalidArgument("churn: folds must be 2 or more");
  Context quiet = context;
  quiet.progress = nullptr;
  const data::InputColumn& target = column_of(table, options.target, "target");
  const auto left =
      outcomes(target_of(data::plain_column(target, data::ReadAs::either, quiet)), options);
  const Ids ids = ids_of(table, options.id, quiet);
  ChurnFit fit;
  fit.options = options;
  for (const std::string& name : options.exclude) column_of(table, name, "exclude");
  std::vector<data::PlainColumn> columns;
  for (const data::InputColumn& column : table.columns) {
    if (is_left_out(options, column.name)) continue;
    columns.push_back(data::plain_column(column, data::ReadAs::either, quiet));
    check_values(columns.back(), table.rows);
  }
  if (columns.empty()) throw DataError("churn: the table has no columns to learn from");
  std::vector<std::uint64_t> key;
  for (const std::int32_t code : ids.code) key.push_back(ids.dictionary->hash(code));
  const auto features = features_of(columns);
  const auto folds = learn::grouped_folds(key, options.folds, options.seed);
  const bool repeated = static_cast<std::size_t>(ids.dictionary->size()) < table.rows;
  fit.classifier = learn::fit_classifier(
      {features, left, {}, key}, folds,
      repeated ? std::span<const std::int32_t>(ids.code) : std::span<const std::int32_t>(),
      classifier_options(options, features), context, value_of(table, options, quiet));
  return fit;
}

std::vector<learn::Feature> TableRows::features() const { return features_of(columns); }

TableRows table_rows(const ChurnFit& fit, const data::InputTable& table, const char* function,
                     const Context& context) {
  if (fit.of_sales)
    throw InvalidArgument(std::string(function) +
                          ": this model was fitted on sales; give it sales");
  Context quiet = context;
  quiet.progress = nullptr;
  const auto schema = fit.classifier.schema();
  TableRows rows;
  for (const data::InputColumn& column : table.columns) {
    if (is_left_out(fit.options, column.name)) continue;
    const auto known = std::find_if(schema.begin(), schema.end(),
                                    [&](const auto& info) { return info.name == column.name; });
    const bool category = known != schema.end() && known->category;
    rows.columns.push_back(data::plain_column(
        column, category ? data::ReadAs::category : data::ReadAs::either, quiet));
    // A column of numbers without one is missing throughout, whatever it is stored as.
    if (known != schema.end() && !category && rows.columns.back().is_category() &&
        rows.columns.back().values->size() == 0)
      rows.columns.back() = {
          column.name, std::vector<double>(table.rows, std::nan("")), {}, nullptr};
  }
  const bool has_id = !fit.options.id.empty() && table.find(fit.options.id) >= 0;
  Ids ids = ids_of(table, has_id ? fit.options.id : std::string(), quiet);
  rows.customer = std::move(ids.code);
  rows.ids = std::move(ids.dictionary);
  return rows;
}

ChurnScores churn_scores(const ChurnFit& fit, const data::InputTable& table,
                         const Context& context) {
  TableRows rows = table_rows(fit, table, "churn_scores", context);
  ChurnScores scores = score_rows(fit, rows.features(), table.rows, context);
  scores.customer = std::move(rows.customer);
  scores.ids = std::move(rows.ids);
  for (const std::int32_t code : scores.customer)
    scores.name.push_back(scores.ids->to_string(code));
  return scores;
}

}  // namespace emptor::customers
