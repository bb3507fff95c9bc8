#pragma once

#include "emptor/core/dictionary.hpp"
#include "emptor/data/sales.hpp"

#include "data/findings.hpp"
#include "data/rows.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace emptor::data {

/// An attribute that owns its codes.
struct OwnedAttribute {
  std::string name{};
  std::shared_ptr<const Dictionary> values{};
  Rows<std::int32_t> code{};
  [[nodiscard]] Attribute view() const { return {name, values, code}; }
};

/// Order lines in their canonical order: (customer, time, order, product), then all other columns,
/// then row. Lines equal in all of them differ by their row alone, so the order in which rows came
/// in shows nowhere else.
struct LineTable {
  Rows<std::int32_t> order{}, customer{}, product{};
  Rows<std::int64_t> time{};
  Rows<Day> day{};
  Rows<double> quantity{};
  Rows<Money> amount{};
  Rows<Money> discount{};  ///< empty without a discount column
  Rows<std::int64_t> row{};
  Rows<std::uint16_t> flags{};  ///< what a line shows by itself, and kDuplicate
  Rows<std::int64_t> customer_begin{};
  Rows<std::int64_t> recorded{};     ///< microseconds UTC; empty without the column
  Rows<std::int32_t> description{};  ///< into SalesFacts::names; empty without the column
  std::vector<OwnedAttribute> attributes{};
  [[nodiscard]] std::size_t size() const noexcept { return order.size(); }
};

/// Contacts in the order of (customer, contact, row).
struct ContactTable {
  std::shared_ptr<const Dictionary> ids = std::make_shared<Dictionary>();
  std::vector<std::int32_t> contact{}, customer{};
  std::vector<Consent> consent{};         ///< kChannels a contact
  std::vector<std::int64_t> opted_out{};  ///< microseconds UTC; kNoTime if not
};

/// Touchpoints by (time, customer, channel, row).
struct TouchpointTable {
  std::vector<std::int32_t> customer{};
  std::vector<std::int64_t> time{};
  std::vector<Day> day{};
  std::vector<Channel> channel{};
  std::vector<Response> response{};
};

/// Everything ingestion stores. Nothing in here depends on the moment.
struct SalesFacts {
  bool has_orders = false;
  bool has_amount = false;
  bool gross_discount = false;   ///< discount was subtracted from the amount
  bool derived_price = false;    ///< amounts came as totals; the price of one is derived
  bool exclude_products = true;  ///< detect what is not goods
  LineTable lines{};
  Positions positions{};  ///< of the orders table
  std::shared_ptr<const Dictionary> order_ids = std::make_shared<Dictionary>();
  std::shared_ptr<const Dictionary> customer_ids = std::make_shared<Dictionary>();
  std::shared_ptr<const Dictionary> product_ids = std::make_shared<Dictionary>();

  std::shared_ptr<const Dictionary> product_names = std::make_shared<Dictionary>();
  Rows<std::int32_t> product_name{};  ///< per product, of the products table; -1 if none
  std::vector<OwnedAttribute> product_attributes{};

  std::shared_ptr<const Dictionary> customer_names = std::make_shared<Dictionary>();
  Rows<std::int32_t> customer_name{};  ///< empty if there are no names
  std::vector<OwnedAttribute> customer_attributes{};
  Customers customers{};

  Rows<std::int32_t> campaign_name{};
  Rows<Day> campaign_start{}, campaign_end{};
  std::vector<OwnedAttribute> campaign_attributes{};
  Campaigns campaigns{};

  ContactTable contacts{};
  TouchpointTable touchpoints{};

  std::string currency{};
  TimeZone timezone{};
  std::string amount_rule{};
  Quality quality{};
  std::vector<Recognised> recognised{};
  Day first_day = kNoDay;
  std::int64_t last_moment = std::numeric_limits<std::int64_t>::min();
};

/// The facts as known at a moment.
struct ResolvedSales {
  LineTable own{};  ///< lines known, where they are not all; else empty
  Rows<std::uint16_t> flags{};
  Lines lines{};
  std::vector<Attribute> line_attributes{};
  Rows<std::int32_t> product_name{};
  std::vector<OwnedAttribute> product_levels{};  ///< columns of lines read as columns of products
  std::vector<std::uint8_t> not_goods{};
  Products products{};
  std::vector<Consent> consent{};
  Contacts contacts{};
  Touchpoints touchpoints{};
  Day first_day = kNoDay;
  Coverage customer_coverage{};
  Coverage behaviour_coverage{};
  Quality quality{};  ///< what only the moment shows

  // Attributes of customers and products spread over lines, made when first asked for.
  mutable std::mutex spread_lock{};
  mutable std::map<std::string, std::unique_ptr<Rows<std::int32_t>>> spread{};
};

/// Reads the incoming tables. @throws DataError, InvalidArgument, MemoryLimit
SalesFacts ingest(const Tables& tables, const SalesOptions& options, const Context& context);

/// What of contacts and touchpoints is known at the moment.
void resolve_contacts(const SalesFacts& facts, std::int64_t moment, ResolvedSales& out);

/// What is known at `moment` (microseconds UTC, inclusive).
void resolve(const SalesFacts& facts, std::int64_t moment, ResolvedSales& out,
             const Context& context);

}  // namespace emptor::data
