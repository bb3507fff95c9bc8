#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/sales.hpp"

#include "data/facts.hpp"
#include "data/numbers.hpp"
#include "data/reader.hpp"
#include "data/schema.hpp"
#include "data/times.hpp"

#include <deque>
#include <initializer_list>
#include <string>
#include <vector>

namespace emptor::data {

/// An incoming table with the part each column plays.
struct PlannedTable {
  const InputTable* input = nullptr;
  const TableSchema* schema = nullptr;
  Plan plan{};
  Positions positions{};

  [[nodiscard]] const InputColumn* column(std::string_view role) const noexcept {
    return input == nullptr ? nullptr : plan.find(role);
  }
  /// orders.quantity ("Quantity"), for messages.
  [[nodiscard]] std::string name_of(std::string_view role, const InputColumn& source) const;
};

/// What ingestion of all tables shares.
struct Ingestion {
  const SalesOptions* options = nullptr;
  const Context* context = nullptr;
  SalesFacts* facts = nullptr;
  PlannedTable orders{}, customers{}, products{}, campaigns{}, contacts{}, touchpoints{};

  [[nodiscard]] TimeRules time_rules() const;
  void recognised(const PlannedTable& table, std::string_view role, const InputColumn& source,
                  std::string as) const;
};

/// Codes of the ids two tables share, and what became of them.
struct SharedIds {
  Rows<std::int32_t> orders{};  ///< per row of orders; empty without the column
  /// Per row of each further table, in the order given; empty where a table was not.
  std::vector<Rows<std::int32_t>> tables{};
};

/// Reads the ids `role` of orders and of `tables` into one dictionary and says how they were read.
SharedIds share_ids(Ingestion& in, std::initializer_list<const PlannedTable*> tables,
                    std::string_view role, std::shared_ptr<const Dictionary>& dictionary);

/// Words for Sales::recognised: "int64 id, 1,234 floats made whole".
std::string id_words(const Dictionary& dictionary, std::int64_t made_whole);

/// The tables, in this order. Each needs the ids the one before it shared.
void ingest_orders(Ingestion& in, Rows<std::int32_t> customer, Rows<std::int32_t> product,
                   Rows<std::int32_t> description);
/// `customers` and `products`: the codes of the rows of their tables.
void ingest_entities(Ingestion& in, const Rows<std::int32_t>& customers,
                     const Rows<std::int32_t>& products, Rows<std::int32_t>& description);
void ingest_campaigns(Ingestion& in);
/// `customers`: the customer of each row.
void ingest_contacts(Ingestion& in, const Rows<std::int32_t>& customers);
void ingest_touchpoints(Ingestion& in, const Rows<std::int32_t>& customers);

}  // namespace emptor::data
