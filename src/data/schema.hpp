#pragma once

#include "emptor/data/input.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// What a column of ours is read as.
enum class RoleType : std::uint8_t { id, number, time, text, flag };

/// One column of ours and the names it goes by elsewhere.
struct Role {
  std::string_view name;
  RoleType type = RoleType::text;
  bool required = false;
  bool many = false;  ///< several incoming columns may play it; they are added up
  /// Names in tiers separated by '|', names within one by ' '; a name of an earlier tier wins over
  /// one of a later tier, two of one tier are ambiguous. Compared without case and punctuation.
  std::string_view aliases{};
};

struct TableSchema {
  std::string_view name;
  std::span<const Role> roles{};
  std::string_view attributes{};  ///< columns taken as attributes when met
  bool take_all = false;          ///< every other column is an attribute, save contact data
};

const TableSchema& orders_schema() noexcept;
const TableSchema& customers_schema() noexcept;
const TableSchema& products_schema() noexcept;
const TableSchema& campaigns_schema() noexcept;
const TableSchema& contacts_schema() noexcept;
const TableSchema& touchpoints_schema() noexcept;
const TableSchema& baskets_schema() noexcept;

/// An incoming column and the part it plays.
struct Assigned {
  const Role* role = nullptr;  ///< null for an attribute
  std::string name{};          ///< ours
  const InputColumn* column = nullptr;
};

/// How the columns of one incoming table are used.
struct Plan {
  std::vector<Assigned> assigned{};
  std::vector<std::string> unused{};
  std::vector<std::string> without{};  ///< roles the caller said there are none of

  [[nodiscard]] const InputColumn* find(std::string_view role) const noexcept;
  [[nodiscard]] bool is_without(std::string_view role) const noexcept;
};

/// Recognises the columns of a table; `columns` are the caller's own assignments.
/// @throws DataError for missing or ambiguous roles, InvalidArgument for assignments that name
/// nothing; both with the nearest names.
Plan plan_columns(const InputTable& table, const TableSchema& schema,
                  std::span<const std::pair<std::string, std::string>> columns);

/// Checks that the tables the caller's assignments name exist.
/// @throws InvalidArgument
void check_assignments(std::span<const std::pair<std::string, std::string>> columns);

/// Whether a column holds contact data or free text, whose values no message quotes.
bool is_private(std::string_view column);

}  // namespace emptor::data
