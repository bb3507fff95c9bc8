#pragma once

#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::learn {

/// One column a model learns from: numbers (missing is NaN), or categories as codes into a
/// dictionary (missing is -1).
struct Feature {
  std::string_view name{};
  std::span<const double> number{};
  std::span<const std::int32_t> code{};
  const Dictionary* categories = nullptr;  ///< set for categories
  [[nodiscard]] bool is_category() const noexcept { return categories != nullptr; }
  [[nodiscard]] std::size_t size() const noexcept {
    return is_category() ? code.size() : number.size();
  }
};

/// Rows to learn from: what is known of a case, and whether the event came.
struct TrainingView {
  std::span<const Feature> features{};
  std::span<const std::uint8_t> outcome{};  ///< 0 or 1
  std::span<const double> weight{};         ///< of a row, above 0; empty: 1
  /// A hash of whom a row belongs to: rows of one key stay together wherever rows are parted at
  /// random, and the result does not depend on the order of rows. Empty: the row's number.
  std::span<const std::uint64_t> key{};
  [[nodiscard]] std::size_t rows() const noexcept { return outcome.size(); }
};

/// A column as a model remembers it.
struct FeatureInfo {
  std::string name{};
  bool category = false;
  std::vector<std::string> levels{};  ///< categories seen at fit, ascending
};

/// How a table differs from the one a model was fitted on.
struct SchemaDiff {
  std::vector<std::string> missing{};     ///< columns of the fit that are not there
  std::vector<std::string> other_type{};  ///< numbers where the fit had categories, or the reverse
  std::vector<std::string> extra{};       ///< columns the fit does not know; not used
  bool other_order = false;               ///< same columns in another order; they go by name
  std::vector<std::string> unseen{};      ///< columns with categories the fit did not see
  std::int64_t unseen_values = 0;         ///< ... cells of them; they count as missing
  /// A model can be used: nothing is missing or of another type.
  [[nodiscard]] bool usable() const noexcept { return missing.empty() && other_type.empty(); }
  /// The differences in one line; "" for none.
  [[nodiscard]] EMPTOR_EXPORT std::string to_string() const;
};

/// The columns of a table in the order a model was fitted with.
struct MatchedFeatures {
  std::vector<Feature> features{};
  /// Per feature of categories: the fit's level of each dictionary code, -1 if unseen.
  std::vector<std::vector<std::int32_t>> level{};
  SchemaDiff diff{};
  [[nodiscard]] std::size_t rows() const noexcept {
    return features.empty() ? 0 : features.front().size();
  }
  /// The fit's level of a row, -1 for missing and unseen.
  [[nodiscard]] std::int32_t level_of(std::size_t feature, std::size_t row) const noexcept {
    const std::int32_t code = features[feature].code[row];
    return code < 0 ? -1 : level[feature][static_cast<std::size_t>(code)];
  }
};

/// What a model says of rows.
struct ModelScores {
  std::vector<double> log_odds{};
  /// Row-major, rows x terms: what each term adds, where asked for; with the intercept they sum to
  /// log_odds.
  std::vector<double> contribution{};
  std::size_t terms = 0;
  SchemaDiff diff{};
};

/// What a model fitted on these columns has to remember. Only categories that occur count.
EMPTOR_EXPORT std::vector<FeatureInfo> remember(std::span<const Feature> features);

/// Finds the columns of a fit by name. Another order and unknown columns are fine, unseen
/// categories count as missing; all of it is told in `diff`.
/// @throws DataError with the whole difference if a column is missing or of another type.
EMPTOR_EXPORT MatchedFeatures match(std::span<const FeatureInfo> fitted,
                                    std::span<const Feature> given, std::string_view function);

/// Throws unless columns are named, distinct and of equal length, codes lie in their dictionaries,
/// and numbers are finite or missing. @throws InvalidArgument naming column and row.
EMPTOR_EXPORT void check(std::span<const Feature> features, std::string_view function);
/// ... and outcomes are 0 or 1, and weights positive.
EMPTOR_EXPORT void check(const TrainingView& view, std::string_view function);

}  // namespace emptor::learn
