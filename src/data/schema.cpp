#include "data/schema.hpp"

#include "emptor/core/error.hpp"

#include "data/numbers.hpp"
#include "data/reader.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>

namespace emptor::data {

namespace {

// Names are written as `normalised` leaves them. They come from UCI Online Retail (I and II),
// 84.51° Complete Journey, lifetimes and CLVTools, the order exports of Shopify and WooCommerce,
// and what other shops commonly write.
constexpr std::array<Role, 13> kOrders{{
    {"order", RoleType::id, false, false,
     "order orderid invoiceno invoice invoiceid basketid transactionid receiptid receiptno "
     "ticketid "
     "ticketno billno salesorder salesorderid orderkey documentno|orderno ordernumber|"
     "name basket transaction receipt txnid orderref reference|id"},
    {"customer", RoleType::id, false, false,
     "customer customerid household householdid client clientid customerno customernumber custid "
     "cust customerkey userid memberid accountid shopperid buyerid|"
     "user buyer member account shopper customeruserid customercode|"
     "email customeremail billingemail emailbilling emailaddress|id customername"},
    {"product", RoleType::id, false, false,
     "product productid stockcode sku item articleid article lineitemsku productcode itemcode "
     "productsku itemsku productno itemno upc ean variantid productkey|itemid|"
     "variantsku materialno material asin|lineitemname productname itemname "
     "lineitemtitle"},
    {"time", RoleType::time, true, false,
     "orderdate invoicedate transactiontimestamp transactiondate purchasedate ordertime "
     "orderdatetime orderedat purchasetime saledate salesdate ordercreatedat invoicetime "
     "transactiontime orderpurchasetimestamp dateoforder|"
     "time date datetime timestamp|createdat datecreated created|day processedat paidat datepaid "
     "completeddate"},
    {"recorded_at", RoleType::time, false, false, "recordedat loadedat ingestedat knownat"},
    {"quantity", RoleType::number, false, false,
     "quantity qty lineitemquantity units quantityordered orderquantity itemquantity cds "
     "numberofcds quantitysold itemqty quantityrefund|count pieces noofitems"},
    {"unit_price", RoleType::number, false, false,
     "unitprice lineitemprice priceeach itemprice priceperunit itemcost productprice sellingprice|"
     "price"},
    {"amount", RoleType::number, false, false,
     "salesvalue linetotal linetotalamount lineitemtotal extendedprice itemtotal linerevenue "
     "orderlinetotal netamount netsales|"
     "amount sales revenue totalprice totalsales salesamount dollarvalue spend monetaryvalue "
     "nrevenue netrevenue|value total"},
    {"discount", RoleType::number, false, true,
     "discount lineitemdiscount linediscount retaildisc coupondisc couponmatchdisc itemdiscount "
     "discountvalue"},
    {"description", RoleType::text, false, false,
     "description productname lineitemname itemname productdescription itemdescription "
     "producttitle lineitemtitle stockdescription|title"},
    {"currency", RoleType::text, false, false, "currency currencycode ordercurrency"},
    {"order_discount", RoleType::number, false, false,
     "orderdiscount orderdiscountamount|discountamount"},
    {"order_subtotal", RoleType::number, false, false, "subtotal"},
}};
constexpr std::string_view kOrderAttributes =
    "country region state city county store storeid shop branch channel saleschannel source "
    "billingcountry shippingcountry segment market marketplace platform device paymentmethod "
    "paymenttype warehouse department category subcategory brand productcategory producttype "
    "productgroup productline productfamily itemgroup itemcategory maincategory manufacturer "
    "vendor supplier rep salesrep salesperson territory customersegment customertype shipmode "
    "campaign campaignid financialstatus orderstatus status";

constexpr std::array<Role, 2> kCustomers{{
    {"customer", RoleType::id, true, false,
     "customer customerid household householdid client clientid customerno customernumber custid "
     "cust customerkey userid memberid accountid shopperid buyerid|"
     "user buyer member account shopper customercode|email id"},
    {"name", RoleType::text, false, false,
     "name customername fullname companyname accountname displayname|company"},
}};

constexpr std::array<Role, 2> kProducts{{
    {"product", RoleType::id, true, false,
     "product productid stockcode sku item itemid articleid article productcode itemcode "
     "variantsku productsku itemsku productno itemno upc ean variantid productkey|"
     "handle|id"},
    {"name", RoleType::text, false, false,
     "name productname itemname title description productdescription itemdescription "
     "producttitle"},
}};

constexpr std::array<Role, 4> kCampaigns{{
    {"campaign", RoleType::id, true, false, "campaign campaignid campaignkey|id"},
    {"name", RoleType::text, false, false, "name campaignname title"},
    {"start", RoleType::time, false, false, "start startdate begindate startsat startday"},
    {"end", RoleType::time, false, false, "end enddate endsat finishdate endday"},
}};

// Consent by channel, said as "may" or as "may not". They come from Salesforce (DoNotCall,
// HasOptedOutOfEmail), HubSpot (hs_email_optout), Shopify (Accepts Email Marketing) and common
// forms.
constexpr std::array<Role, 13> kContacts{{
    {"customer", RoleType::id, true, false,
     "customer customerid household householdid client clientid customerno customernumber custid "
     "cust customerkey accountid|account userid memberid"},
    {"contact", RoleType::id, false, false, "contact contactid person personid|id"},
    {"phone", RoleType::flag, false, false,
     "phoneconsent consentphone phoneoptin callconsent acceptscalls maycall phoneallowed|phone"},
    {"email", RoleType::flag, false, false,
     "emailconsent consentemail emailoptin acceptsemail acceptsemailmarketing mayemail "
     "emailallowed emailsubscribed|acceptsmarketing newsletter"},
    {"sms", RoleType::flag, false, false,
     "smsconsent consentsms smsoptin acceptssms acceptssmsmarketing smsallowed|sms"},
    {"post", RoleType::flag, false, false,
     "postconsent consentpost mailconsent postoptin acceptspost postallowed|post"},
    {"survey", RoleType::flag, false, false,
     "surveyconsent consentsurvey surveyoptin acceptssurveys surveyallowed|survey"},
    {"no_phone", RoleType::flag, false, false,
     "nophone donotcall donotphone phoneoptout calloptout optedoutofphone hasoptedoutofphone"},
    {"no_email", RoleType::flag, false, false,
     "noemail donotemail emailoptout hsemailoptout hasoptedoutofemail optedoutofemail "
     "emailunsubscribed|unsubscribed"},
    {"no_sms", RoleType::flag, false, false,
     "nosms donotsms donottext smsoptout optedoutofsms hasoptedoutofsms"},
    {"no_post", RoleType::flag, false, false, "nopost donotmail donotpost postoptout mailoptout"},
    {"no_survey", RoleType::flag, false, false, "nosurvey donotsurvey surveyoptout"},
    {"opted_out_at", RoleType::time, false, false,
     "optedoutat optedouton optoutdate optoutat unsubscribedat unsubscribedon"},
}};

constexpr std::array<Role, 4> kTouchpoints{{
    {"customer", RoleType::id, true, false,
     "customer customerid household householdid client clientid customerno customernumber custid "
     "cust customerkey accountid|account userid memberid"},
    {"time", RoleType::time, true, false,
     "time occurredat contactedat sentat calledat touchedat|date datetime timestamp day|createdat"},
    {"channel", RoleType::text, true, false,
     "channel touchpointchannel contactchannel|type medium"},
    {"response", RoleType::flag, false, false,
     "response responded answered replied reached clicked converted"},
}};

constexpr std::array<TableSchema, 6> kSchemas{{
    {"orders", kOrders, kOrderAttributes, false},
    {"customers", kCustomers, "", true},
    {"products", kProducts, "", true},
    {"campaigns", kCampaigns, "", true},
    {"contacts", kContacts, "", false},
    {"touchpoints", kTouchpoints, "", false},
}};

/// A long table of baskets: an order, a customer, a product.
constexpr TableSchema kBaskets{"baskets", std::span<const Role>(kOrders.data(), 3), "", false};

/// The tier of `key` in a list of aliases, or -1.
int tier_of(std::string_view aliases, std::string_view key) {
  int tier = 0;
  std::size_t at = 0;
  while (at < aliases.size()) {
    std::size_t end = at;
    while (end < aliases.size() && aliases[end] != ' ' && aliases[end] != '|') ++end;
    if (!key.empty() && aliases.substr(at, end - at) == key) return tier;
    if (end < aliases.size() && aliases[end] == '|') ++tier;
    at = end + 1;
  }
  return -1;
}

/// A heading as aliases are written: "Order #" is the order's number.
std::string alias_key(std::string_view heading) {
  std::string text(heading);
  if (const std::size_t at = text.find('#'); at != std::string::npos) text.replace(at, 1, "number");
  return normalised(text);
}

std::vector<std::string> names_of(const InputTable& table) {
  std::vector<std::string> names;
  for (const InputColumn& column : table.columns) names.push_back(column.name);
  return names;
}

/// "columns={"customer": "..."}", with the table before the role where it is not orders.
std::string how_to_name(const TableSchema& schema, std::string_view role) {
  const std::string table =
      schema.name == "orders" ? std::string() : std::string(schema.name) + ".";
  return "columns={\"" + table + std::string(role) + "\": \"...\"}";
}

std::string did_you_mean(std::string_view wanted, std::span<const std::string> names) {
  const std::string near = nearest(wanted, names);
  return near.empty() ? std::string() : "; did you mean \"" + near + "\"?";
}

/// Ends the sentence before another follows: a question has its mark already.
std::string or_full_stop(std::string question) { return question.empty() ? "." : question; }

const Role* role_named(const TableSchema& schema, std::string_view name) noexcept {
  for (const Role& role : schema.roles) {
    if (role.name == name) return &role;
  }
  return nullptr;
}

/// The role a caller's key names, in this table; null if the key is of another table or names an
/// attribute of his own.
struct Key {
  std::string_view table;
  std::string_view role;
};

Key split_key(std::string_view key) noexcept {
  const std::size_t dot = key.find('.');
  if (dot != std::string_view::npos) {
    for (const TableSchema& schema : kSchemas) {
      if (key.substr(0, dot) == schema.name) return {schema.name, key.substr(dot + 1)};
    }
  }
  return {"orders", key};
}

/// A role the caller's key was probably meant to be: one slip of the pen away.
std::string misspelt(const TableSchema& schema, std::string_view key) {
  const std::string wanted = normalised(key);
  for (const Role& role : schema.roles) {
    const std::string name = normalised(role.name);
    const std::size_t distance = edit_distance(wanted, name);
    if (distance > 0 && distance <= (name.size() > 5 ? 2U : 1U) &&
        tier_of(schema.attributes, wanted) < 0) {
      return std::string(role.name);
    }
  }
  return "";
}

/// The caller's assignments for this table; returns the columns they use up.
std::vector<const InputColumn*> assign_named(
    const InputTable& table, const TableSchema& schema,
    std::span<const std::pair<std::string, std::string>> columns, Plan& plan) {
  std::vector<const InputColumn*> used;
  const std::vector<std::string> names = names_of(table);
  for (const auto& [key, source] : columns) {
    const Key target = split_key(key);
    if (target.table != schema.name) continue;
    const Role* role = role_named(schema, target.role);
    if (role == nullptr) {
      const std::string near = misspelt(schema, target.role);
      if (!near.empty()) {
        throw InvalidArgument("columns: \"" + key + "\" is not a column of " +
                              std::string(schema.name) + "; did you mean \"" + near + "\"?");
      }
    }
    if (source.empty()) {
      plan.without.emplace_back(target.role);
      continue;
    }
    const int at = table.find(source);
    if (at < 0) {
      throw DataError("columns={\"" + key + "\": \"" + source + "\"}: " + std::string(schema.name) +
                      " has no column \"" + source + "\"" +
                      or_full_stop(did_you_mean(source, names)) + " Its columns are " +
                      listed(names));
    }
    const InputColumn* column = &table.columns[static_cast<std::size_t>(at)];
    plan.assigned.push_back({role, std::string(target.role), column});
    used.push_back(column);
  }
  return used;
}

[[noreturn]] void refuse_ambiguous(const TableSchema& schema, const Role& role,
                                   const std::vector<const InputColumn*>& columns) {
  std::vector<std::string> names;
  for (const InputColumn* column : columns) names.push_back(column->name);
  throw DataError(std::string(schema.name) + ": " + listed(names) + " can each be the column \"" +
                  std::string(role.name) + "\"; write which, as " + how_to_name(schema, role.name));
}

bool has_heading(const InputTable& table, std::string_view key) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const InputColumn& column) { return alias_key(column.name) == key; });
}

/// Whether any row has a value.
bool has_values(const InputColumn& column) {
  const ColumnReader reader(column);
  Batch batch;
  for (std::size_t row = 0; row < reader.rows(); row += batch.rows) {
    reader.read(row, reader.rows(), batch);
    for (std::size_t i = 0; i < batch.rows; ++i) {
      if (batch.kind == Batch::Kind::texts ? batch.texts[i].data() != nullptr
                                           : batch.kind != Batch::Kind::nothing && batch.has(i)) {
        return true;
      }
    }
  }
  return false;
}

/// Columns of the earliest tier that any of them is in.
std::vector<const InputColumn*> candidates(const InputTable& table, const Role& role,
                                           const std::vector<const InputColumn*>& used) {
  std::vector<const InputColumn*> best;
  int best_tier = 1000;
  for (const InputColumn& column : table.columns) {
    if (std::find(used.begin(), used.end(), &column) != used.end()) continue;
    const std::string key = alias_key(column.name);
    // Only Shopify calls an order's number its name.
    if (role.name == "order" && key == "name" && !has_heading(table, "lineitemname")) continue;
    // In Shopify's exports these are of the whole order; elsewhere they may be of the line.
    if ((key == "discountamount" || key == "subtotal") && !has_heading(table, "lineitemprice")) {
      continue;
    }
    // WooCommerce gives all guests the customer id 0; their e-mail tells them apart.
    if (role.name == "customer" && key == "customerid" && has_heading(table, "billingemail") &&
        has_heading(table, "orderid")) {
      continue;
    }
    const int tier = tier_of(role.aliases, key);
    if (tier < 0 || tier > best_tier) continue;
    if (role.many) {
      best.push_back(&column);
      continue;
    }
    if (tier < best_tier) best.clear();
    best_tier = tier;
    best.push_back(&column);
  }
  return best;
}

/// A price of one and a total of the line: the total where the caller or its heading says that it
/// is the line's, else price times quantity, since a bare "total" may be the whole order's.
void choose_amount(std::span<const std::pair<std::string, std::string>> columns, Plan& plan) {
  const InputColumn* amount = plan.find("amount");
  if (amount == nullptr || plan.find("unit_price") == nullptr) return;
  const auto named = [&](std::string_view role) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const auto& pair) { return pair.first == role; });
  };
  const bool of_line = tier_of(kOrders[7].aliases, alias_key(amount->name)) == 0;
  const bool take_total = named("amount") || (of_line && !named("unit_price"));
  if (!take_total && plan.find("quantity") == nullptr) return;
  const std::string_view dropped = take_total ? "unit_price" : "amount";
  plan.unused.push_back(plan.find(dropped)->name);
  std::erase_if(plan.assigned,
                [&](const Assigned& one) { return one.role != nullptr && one.name == dropped; });
}

/// An order's subtotal is only read to tell what its discount was given on.
void drop_subtotal(Plan& plan) {
  const InputColumn* subtotal = plan.find("order_subtotal");
  if (subtotal == nullptr || plan.find("order_discount") != nullptr) return;
  plan.unused.push_back(subtotal->name);
  std::erase_if(plan.assigned, [](const Assigned& one) {
    return one.role != nullptr && one.name == "order_subtotal";
  });
}

/// A column whose name is a slip of the pen away from one the role goes by.
std::string one_slip_away(const TableSchema& schema, std::string_view name,
                          const InputTable& table) {
  const Role* role = role_named(schema, name);
  std::string best;
  std::size_t best_distance = 3;
  for (std::size_t at = 0, end = 0; role != nullptr && at < role->aliases.size(); at = end + 1) {
    end = std::min(role->aliases.find_first_of(" |", at), role->aliases.size());
    for (const InputColumn& column : table.columns) {
      const std::size_t distance =
          edit_distance(role->aliases.substr(at, end - at), alias_key(column.name).substr(0, 60));
      if (end - at >= 4 && distance < best_distance && 3 * distance < end - at) {
        best_distance = distance;
        best = column.name;
      }
    }
  }
  return best;
}

/// columns={"client": ...} means the customer, if nothing else plays that part.
void refuse_other_name(const TableSchema& schema, std::string_view role, const Plan& plan) {
  const Role* wanted = role_named(schema, role);
  for (const Assigned& one : plan.assigned) {
    if (one.role != nullptr || tier_of(wanted->aliases, normalised(one.name)) < 0) continue;
    throw InvalidArgument("columns: \"" + one.name + "\" is not a column of " +
                          std::string(schema.name) + "; did you mean \"" + std::string(role) +
                          "\"?");
  }
}

/// Whether the names look like a row of data: a file without a line of names.
bool is_headless(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    const bool starts_so = !name.empty() && name[0] >= '0' && name[0] <= '9';
    return starts_so && (parse_number(name, '.') || std::count(name.begin(), name.end(), '-') == 2);
  });
}

[[noreturn]] void refuse_missing(const InputTable& table, const TableSchema& schema,
                                 std::string_view role, bool can_be_without, const Plan& plan) {
  refuse_other_name(schema, role, plan);
  const std::vector<std::string> names = names_of(table);
  const std::string near = one_slip_away(schema, role, table);
  if (names.size() == 1 && names[0].find_first_of(",;\t") != std::string::npos) {
    throw DataError(std::string(schema.name) + ": there is a single column, " + listed(names) +
                    "; is it split by another delimiter than the one asked for?");
  }
  if (names.size() == 1 && names[0].find_first_of(" |:") != std::string::npos) {
    throw DataError(std::string(schema.name) + ": there is a single column, " + listed(names) +
                    "; columns must be split by a comma, a semicolon or a tab, not by spaces or "
                    "other characters: read the file with the tool that knows it, as "
                    "pandas.read_fwf, and pass the table");
  }
  if (names.empty()) {
    throw DataError(std::string(schema.name) + " has no columns; there is nothing to analyse");
  }
  throw DataError(
      std::string(schema.name) + ": no column is recognised as \"" + std::string(role) +
      "\"; its columns are " + listed(names) +
      (is_headless(names) ? " (a first line of data, where the names should be?)" : "") +
      ". Write " + how_to_name(schema, role) +
      (near.empty() ? "" : ", perhaps with \"" + near + "\"") +
      (can_be_without ? ", or \"\" if there is none" : ""));
}

}  // namespace

const TableSchema& orders_schema() noexcept { return kSchemas[0]; }
const TableSchema& customers_schema() noexcept { return kSchemas[1]; }
const TableSchema& products_schema() noexcept { return kSchemas[2]; }
const TableSchema& campaigns_schema() noexcept { return kSchemas[3]; }
const TableSchema& contacts_schema() noexcept { return kSchemas[4]; }
const TableSchema& touchpoints_schema() noexcept { return kSchemas[5]; }
const TableSchema& baskets_schema() noexcept { return kBaskets; }

bool is_private(std::string_view column) {
  const std::string key = normalised(column);
  constexpr std::array<std::string_view, 12> kParts{"email", "phone",   "address", "street",
                                                    "note",  "comment", "zip",     "postcode",
                                                    "iban",  "message", "birth",   "surname"};
  constexpr std::array<std::string_view, 10> kWhole{
      "mail", "customername", "firstname",   "lastname",     "fullname",
      "fax",  "mobile",       "billingname", "shippingname", "contact"};
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return key.find(part) != std::string::npos; }) ||
         std::find(kWhole.begin(), kWhole.end(), key) != kWhole.end();
}

const InputColumn* Plan::find(std::string_view role) const noexcept {
  for (const Assigned& one : assigned) {
    if (one.role != nullptr && one.name == role) return one.column;
  }
  return nullptr;
}

bool Plan::is_without(std::string_view role) const noexcept {
  return std::find(without.begin(), without.end(), role) != without.end();
}

void check_assignments(std::span<const std::pair<std::string, std::string>> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string& key = columns[i].first;
    const std::size_t dot = key.find('.');
    if (dot != std::string::npos && split_key(key).role.size() == key.size()) {
      throw InvalidArgument("columns: " + in_quotes(key.substr(0, dot)) + " in " + in_quotes(key) +
                            " is not a table; the tables are orders, customers, products, "
                            "campaigns, contacts and touchpoints");
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (columns[j].first == key && normalised(key) != "discount") {
        throw InvalidArgument("columns: \"" + key + "\" is given twice");
      }
    }
  }
}

Plan plan_columns(const InputTable& table, const TableSchema& schema,
                  std::span<const std::pair<std::string, std::string>> columns) {
  Plan plan;
  std::vector<const InputColumn*> used = assign_named(table, schema, columns, plan);
  for (const Role& role : schema.roles) {
    if (plan.find(role.name) != nullptr || plan.is_without(role.name)) continue;
    // A product known by its name alone: the name is the id and the description both.
    const bool may_share = role.name == "description";
    std::vector<const InputColumn*> none;
    auto found = candidates(table, role, may_share ? none : used);
    // Shops without article numbers export an empty column of them: the next best column plays it.
    if (found.size() == 1 && !has_values(*found.front())) {
      std::vector<const InputColumn*> others = may_share ? none : used;
      others.push_back(found.front());
      const auto next = candidates(table, role, others);
      if (next.size() == 1 && has_values(*next.front())) found = next;
    }
    if (found.size() > 1 && !role.many) refuse_ambiguous(schema, role, found);
    for (const InputColumn* column : found) {
      plan.assigned.push_back({&role, std::string(role.name), column});
      used.push_back(column);
    }
    if (found.empty() && role.required) refuse_missing(table, schema, role.name, false, plan);
  }
  if (schema.name == "orders") {
    choose_amount(columns, plan);
    drop_subtotal(plan);
    // An id alone is the customer's (lifetimes, CLVTools): an order's would leave no one to ask
    // about.
    if (plan.find("customer") == nullptr && !plan.is_without("customer")) {
      for (Assigned& one : plan.assigned) {
        if (one.name == "order" && normalised(one.column->name) == "id") {
          one.role = role_named(schema, "customer");
          one.name = "customer";
        }
      }
    }
    if (plan.find("customer") == nullptr && !plan.is_without("customer")) {
      refuse_missing(table, schema, "customer", true, plan);
    }
    if (plan.find("amount") == nullptr && plan.find("unit_price") == nullptr &&
        !plan.is_without("amount") && !plan.is_without("unit_price")) {
      refuse_missing(table, schema, "amount", true, plan);
    }
  }
  for (const InputColumn& column : table.columns) {
    if (std::find(used.begin(), used.end(), &column) != used.end()) continue;
    const std::string key = alias_key(column.name);
    const bool take =
        schema.take_all ? !is_private(column.name) : tier_of(schema.attributes, key) >= 0;
    if (take && !plan.is_without(column.name)) {
      plan.assigned.push_back({nullptr, column.name, &column});
    } else {
      plan.unused.push_back(column.name);
    }
  }
  return plan;
}

}  // namespace emptor::data
