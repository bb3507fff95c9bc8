#pragma once

#include "emptor/core/columns_file.hpp"
#include "emptor/core/error.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace emptor::customers {

/// The bytes of a fit: its table, the rows of its covariance (p x p) as hidden columns, and what
/// kind of fit it is, which SavedFit asks for.
std::string fit_bytes(std::string_view kind, std::vector<Column> table, std::vector<Scalar> info,
                      std::span<const double> covariance);

/// A fit's bytes, read back part by part. `what` begins the messages, as "spend fit".
class SavedFit {
 public:
  /// @throws FormatError unless the bytes hold this kind of fit
  SavedFit(std::string_view bytes, std::string_view kind, std::string what);

  template <typename T>
  [[nodiscard]] T scalar(std::string_view name) const {
    for (const Scalar& one : loaded_.info) {
      if (one.name != name) continue;
      if (const T* value = std::get_if<T>(&one.value)) return *value;
    }
    fail("'" + std::string(name) + "' is missing or of another type");
  }
  template <typename T>
  [[nodiscard]] std::vector<T> column(std::string_view name, ColumnKind kind) const {
    for (const Column& one : loaded_.columns) {
      if (one.name != name || one.kind != kind) continue;
      const auto values = one.values<T>();
      return {values.begin(), values.end()};
    }
    fail("column '" + std::string(name) + "' is missing");
  }
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const {
    return column<double>(name, ColumnKind::float64);
  }
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::size_t rows() const;  ///< of the table
  /// Which of the words a text is.
  [[nodiscard]] std::size_t word(std::string_view name,
                                 std::span<const std::string_view> words) const;
  /// Row by row, as it was given to fit_bytes().
  [[nodiscard]] std::vector<double> covariance() const;
  [[noreturn]] void fail(const std::string& why) const;

 private:
  LoadedColumns loaded_;
  std::string what_;
};

}  // namespace emptor::customers
