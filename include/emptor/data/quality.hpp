#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/export.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::data {

/// What became of rows.
enum class Finding : std::uint8_t {
  rejected,    ///< left out of everything
  repaired,    ///< kept after a change that is named
  suspicious,  ///< kept as it is; worth a look
  note,        ///< a fact about the data that analyses take into account
};

/// What ingestion and resolution found, one row per kind of finding. Rows in = rows kept + rows
/// rejected, per table.
struct Quality {
  std::vector<Finding> finding{};
  std::vector<std::string> table{};
  std::vector<std::string> column{};    ///< "" where no single column is meant
  std::vector<std::string> code{};      ///< stable identifier, as "unreadable_date"
  std::vector<std::string> message{};   ///< one plain sentence
  std::vector<std::int64_t> n{};        ///< rows concerned
  std::vector<std::string> examples{};  ///< up to five places, as "line 7: 'abc'; line 9: ''"
  std::vector<std::string> details{};   ///< all of them where they are few enough to list, else ""

  std::int64_t rows_in = 0;  ///< of the orders table
  std::int64_t rows_kept = 0;
  std::int64_t rows_rejected = 0;  ///< a row rejected for two reasons counts once

  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

}  // namespace emptor::data
