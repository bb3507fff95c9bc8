#pragma once

#include "emptor/data/items.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/purchases.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::mining {

/// Purchases of goods by known customers as of the moment of a Sales, by code of a column (one
/// group without it). The views refer to this object and to the Sales.
class PurchaseGroups {
 public:
  PurchaseGroups(const data::Sales& sales, const data::Lines& lines, const data::Items& items,
                 const data::Attribute* by = nullptr);
  PurchaseGroups(const PurchaseGroups&) = delete;
  PurchaseGroups& operator=(const PurchaseGroups&) = delete;

  [[nodiscard]] const std::vector<PurchasesView>& parts() const noexcept { return parts_; }
  /// Per part its code of the column; empty without one.
  [[nodiscard]] const std::vector<std::int32_t>& codes() const noexcept { return codes_; }
  [[nodiscard]] const data::Coverage& coverage() const noexcept { return coverage_; }

 private:
  struct Columns {
    std::vector<std::int32_t> customer{}, item{};
    std::vector<data::Day> day{};
  };
  void collect(const data::Lines& lines, const data::Items& items, const data::Attribute* by);

  std::vector<Columns> columns_{};
  std::vector<std::uint64_t> customer_hash_{}, item_hash_{};
  std::vector<PurchasesView> parts_{};
  std::vector<std::int32_t> codes_{};
  data::Coverage coverage_{};
};

/// A mask of the items asked for by id or name; empty if nothing is. @throws DataError naming the
/// function, the argument and the nearest name.
std::vector<std::uint8_t> choice_by_name(const data::Items& items,
                                         const std::vector<std::string>& wanted,
                                         const char* function, const char* argument);

/// The same by code as text: what a kernel without names knows. @throws InvalidArgument
std::vector<std::uint8_t> choice_by_code(std::int32_t n_items,
                                         const std::vector<std::string>& wanted,
                                         const char* function, const char* argument);

}  // namespace emptor::mining
