#include "emptor/data/sales.hpp"

#include "emptor/core/error.hpp"

#include "data/facts.hpp"
#include "data/times.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <limits>
#include <mutex>

namespace emptor::data {

struct Sales::Facts : SalesFacts {};

struct Sales::Resolved : ResolvedSales {
  explicit Resolved(std::int64_t moment_) : moment(moment_) {}
  const std::int64_t moment;
  std::once_flag once{};
};

std::string Products::label(std::int32_t product) const {
  if (product < 0) return "";
  const auto p = static_cast<std::size_t>(product);
  return p < name.size() && name[p] >= 0 ? names->to_string(name[p]) : ids->to_string(product);
}

std::string Customers::label(std::int32_t customer) const {
  if (customer < 0) return "";
  const auto c = static_cast<std::size_t>(customer);
  return c < name.size() && name[c] >= 0 ? names->to_string(name[c]) : ids->to_string(customer);
}

double Coverage::share() const noexcept {
  return revenue > 0 ? revenue_used / revenue : std::numeric_limits<double>::quiet_NaN();
}

namespace {

/// Views into the facts, once they lie where they stay.
void link(SalesFacts& facts) {
  facts.customers = {facts.customer_ids, facts.customer_names, facts.customer_name, {}};
  for (const OwnedAttribute& attribute : facts.customer_attributes) {
    facts.customers.attributes.push_back(attribute.view());
  }
  facts.campaigns.name = facts.campaign_name;
  facts.campaigns.start = facts.campaign_start;
  facts.campaigns.end = facts.campaign_end;
  for (const OwnedAttribute& attribute : facts.campaign_attributes) {
    facts.campaigns.attributes.push_back(attribute.view());
  }
}

const OwnedAttribute* find(const std::vector<OwnedAttribute>& attributes, std::string_view name) {
  for (const OwnedAttribute& attribute : attributes) {
    if (attribute.name == name) return &attribute;
  }
  for (const OwnedAttribute& attribute : attributes) {
    if (normalised(attribute.name) == normalised(name)) return &attribute;
  }
  return nullptr;
}

}  // namespace

Sales::Sales() : Sales(Tables{}) {}

Sales::Sales(const Tables& tables, const SalesOptions& options, const Context& context) {
  auto facts = std::make_shared<Facts>();
  static_cast<SalesFacts&>(*facts) = ingest(tables, options, context);
  link(*facts);
  resolved_ = std::make_shared<Resolved>(facts->last_moment);
  facts_ = std::move(facts);
}

const Sales::Resolved& Sales::resolved() const {
  Resolved& out = *resolved_;
  std::call_once(out.once, [&] { resolve(*facts_, out.moment, out, Context{}); });
  return out;
}

Sales Sales::as_of(std::int64_t moment) const {
  Sales copy = *this;
  if (moment != resolved_->moment) copy.resolved_ = std::make_shared<Resolved>(moment);
  return copy;
}

Sales Sales::as_of_day(Day day) const {
  return as_of(facts_->timezone.to_utc((static_cast<std::int64_t>(day) + 1) * kDayLength) - 1);
}

std::int64_t Sales::moment() const noexcept { return resolved_->moment; }

Day Sales::last_day() const noexcept {
  if (moment() == std::numeric_limits<std::int64_t>::min()) return kNoDay;
  return day_of_local(facts_->timezone.to_local(moment()));
}

Day Sales::first_day() const { return facts_->has_orders ? resolved().first_day : kNoDay; }

bool Sales::has_orders() const noexcept { return facts_->has_orders; }

const Lines& Sales::lines(std::string_view function) const {
  if (!facts_->has_orders) {
    throw DataError(std::string(function) + " needs the table orders, and these sales have none");
  }
  return resolved().lines;
}

const std::shared_ptr<const Dictionary>& Sales::order_ids() const noexcept {
  return facts_->order_ids;
}
const Products& Sales::products() const { return resolved().products; }
const Customers& Sales::customers() const noexcept { return facts_->customers; }
const Campaigns& Sales::campaigns() const noexcept { return facts_->campaigns; }
const Contacts& Sales::contacts() const { return resolved().contacts; }
const Touchpoints& Sales::touchpoints() const { return resolved().touchpoints; }
const std::vector<Attribute>& Sales::line_attributes() const { return resolved().line_attributes; }

Attribute Sales::line_attribute(std::string_view column, std::string_view function) const {
  const Lines& known = lines(function);
  const Resolved& at = resolved();
  if (column == "customer") return {"customer", facts_->customer_ids, known.customer};
  if (column == "product") return {"product", facts_->product_ids, known.product};
  if (column == "order") return {"order", facts_->order_ids, known.order};
  if (const OwnedAttribute* own = find(facts_->lines.attributes, column)) {
    const auto index = static_cast<std::size_t>(own - facts_->lines.attributes.data());
    return at.line_attributes[index];
  }
  const OwnedAttribute* source = find(facts_->customer_attributes, column);
  std::span<const std::int32_t> owner = known.customer;
  if (source == nullptr) {
    source = find(facts_->product_attributes, column);
    owner = known.product;
  }
  if (source == nullptr) {
    std::vector<std::string> names{"customer", "product", "order"};
    for (const auto* attributes :
         {&facts_->lines.attributes, &facts_->customer_attributes, &facts_->product_attributes}) {
      for (const OwnedAttribute& attribute : *attributes) names.push_back(attribute.name);
    }
    const std::string near = nearest(column, names);
    throw DataError(std::string(function) + ": no column " + in_quotes(column) +
                    " in orders, customers or products" +
                    (near.empty() ? "." : "; did you mean \"" + near + "\"?") + " There are " +
                    listed(names) + "; others come with columns={\"name\": \"its column\"}");
  }
  const std::lock_guard lock(at.spread_lock);
  auto& codes = at.spread[source->name];
  if (!codes) {
    codes = std::make_unique<Rows<std::int32_t>>(owner.size(), Dictionary::kMissing);
    for (std::size_t i = 0; i < owner.size(); ++i) {
      if (owner[i] >= 0) (*codes)[i] = source->code[static_cast<std::size_t>(owner[i])];
    }
  }
  return {source->name, source->values, *codes};
}

const std::string& Sales::currency() const noexcept { return facts_->currency; }
const TimeZone& Sales::timezone() const noexcept { return facts_->timezone; }

Quality Sales::quality() const {
  Quality out = facts_->quality;
  const Quality& more = resolved().quality;
  for (std::size_t i = 0; i < more.n.size(); ++i) {
    add_finding(out, more.finding[i], more.table[i], more.column[i], more.code[i], more.message[i],
                more.n[i], more.examples[i], more.details[i]);
  }
  return out;
}

const std::vector<Recognised>& Sales::recognised() const noexcept { return facts_->recognised; }
const std::string& Sales::amount_rule() const noexcept { return facts_->amount_rule; }
Coverage Sales::customer_coverage() const { return resolved().customer_coverage; }
Coverage Sales::behaviour_coverage() const { return resolved().behaviour_coverage; }

}  // namespace emptor::data
