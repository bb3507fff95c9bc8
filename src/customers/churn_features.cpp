#include "emptor/customers/churn_features.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/declining.hpp"
#include "emptor/customers/expected_purchases.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/occasions.hpp"
#include "emptor/customers/p_alive.hpp"
#include "emptor/customers/purchase_summary.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int32_t kMostLevels = 50;
constexpr std::size_t kBlock = 1024;

enum Number : std::size_t {
  days_since_last,
  tenure_days,
  orders_30,
  orders_90,
  orders_365,
  spend_30,
  spend_90,
  spend_365,
  orders_trend,
  spend_trend,
  usual_gap_days,
  gap_ratio,
  gap_share_exceeded,
  longest_gap_ratio,
  mean_spend,
  spend_change,
  products_365,
  return_share,
  discount_share,
  p_alive_now,
  expected_purchases_90,
  p_fell,
  p_gap,
  touchpoints_90,
  days_since_touchpoint,
  kNumbers
};

struct Named {
  std::string_view name, doc;
};

constexpr std::array<Named, kNumbers> kFeatures{{
    {"days_since_last", "days since the last purchase"},
    {"tenure_days", "days since the first purchase"},
    {"orders_30", "days with a purchase in the last 30 days"},
    {"orders_90", "... in the last 90 days"},
    {"orders_365", "... in the last 365 days"},
    {"spend_30", "spend of the last 30 days"},
    {"spend_90", "... of the last 90 days"},
    {"spend_365", "... of the last 365 days"},
    {"orders_trend", "log2 of purchases in 90 days over those in the 90 before, each plus a half"},
    {"spend_trend", "log2 of spend in 90 days over that in the 90 before, each plus a purchase"},
    {"usual_gap_days", "median days between purchases; missing for a single one"},
    {"gap_ratio", "days since the last purchase over the usual gap"},
    {"gap_share_exceeded", "share of own gaps that were shorter than the present one"},
    {"longest_gap_ratio", "days since the last purchase over the longest gap"},
    {"mean_spend", "mean spend of a purchase"},
    {"spend_change", "log2 of the last purchase's spend over the mean"},
    {"products_365", "different products in the last 365 days"},
    {"return_share", "share of lines that give goods or money back"},
    {"discount_share", "discount as a share of the price; missing where it is not known"},
    {"p_alive", "chance that he still buys, by a purchase model; missing where nobody leaves"},
    {"expected_purchases_90", "purchases a purchase model expects in the next 90 days"},
    {"p_fell", "chance that his rate fell by half in 90 days; missing under 3 purchases before"},
    {"p_gap", "share of his gaps that get as long as the present one; missing likewise"},
    {"touchpoints_90", "touchpoints in the last 90 days; missing without a table of them"},
    {"days_since_touchpoint", "days since the last touchpoint; missing without one"},
}};

constexpr std::array<std::string_view, kNumbers> names() {
  std::array<std::string_view, kNumbers> all{};
  for (std::size_t k = 0; k < kNumbers; ++k) all[k] = kFeatures[k].name;
  return all;
}
constexpr std::array<std::string_view, kNumbers> kNames = names();

using Row = std::array<double, kNumbers>;

/// Gaps between a customer's purchases, and how the present one compares.
void rhythm(const OccasionsView& bought, std::size_t begin, std::size_t end, Row& x) {
  std::vector<double> gaps;
  for (std::size_t i = begin + 1; i < end; ++i)
    gaps.push_back(static_cast<double>(bought.day[i] - bought.day[i - 1]));
  if (gaps.empty()) return;
  std::sort(gaps.begin(), gaps.end());
  const std::size_t half = gaps.size() / 2;
  const double since = x[days_since_last];
  x[usual_gap_days] = gaps.size() % 2 == 1 ? gaps[half] : (gaps[half - 1] + gaps[half]) / 2;
  x[gap_ratio] = since / x[usual_gap_days];
  x[longest_gap_ratio] = since / gaps.back();
  const auto shorter = std::lower_bound(gaps.begin(), gaps.end(), since) - gaps.begin();
  x[gap_share_exceeded] = static_cast<double>(shorter) / static_cast<double>(gaps.size());
}

/// Purchases and spend of a customer in nested windows, and their change.
void windows(const OccasionsView& bought, std::size_t begin, std::size_t end, data::Day now,
             Row& x) {
  double before = 0, spend_before = 0, total = 0;
  for (const Number k : {orders_30, orders_90, orders_365, spend_30, spend_90, spend_365}) x[k] = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const data::Day ago = now - bought.day[i];
    const double spend = bought.spend[i];
    total += spend;
    const auto within = [&](data::Day days, Number orders, Number amount) {
      if (ago >= days) return;
      x[orders] += 1;
      x[amount] += spend;
    };
    within(30, orders_30, spend_30);
    within(90, orders_90, spend_90);
    within(365, orders_365, spend_365);
    if (ago >= 90 && ago < 180) {
      before += 1;
      spend_before += spend;
    }
  }
  x[days_since_last] = now - bought.day[end - 1];
  x[tenure_days] = now - bought.day[begin];
  x[mean_spend] = total / static_cast<double>(end - begin);
  x[spend_change] = std::log2(bought.spend[end - 1] / x[mean_spend]);
  x[orders_trend] = std::log2((x[orders_90] + 0.5) / (before + 0.5));
  x[spend_trend] = std::log2((x[spend_90] + x[mean_spend]) / (spend_before + x[mean_spend]));
}

/// What order lines say of one customer.
void lines_of(const data::Lines& lines, std::size_t customer, data::Day now, Row& x) {
  std::vector<std::int32_t> products;
  double n = 0, returns = 0, discount = 0, price = 0;
  for (auto i = static_cast<std::size_t>(lines.customer_begin[customer]);
       i < static_cast<std::size_t>(lines.customer_begin[customer + 1]); ++i) {
    n += 1;
    returns += (lines.flags[i] & data::kReturn) != 0;
    if (!lines.is_goods_purchase(i)) continue;
    if (!lines.product.empty() && lines.product[i] >= 0 && now - lines.day[i] < 365)
      products.push_back(lines.product[i]);
    if (lines.discount.empty()) continue;
    discount += data::to_double(lines.discount[i]);
    price += data::to_double(lines.amount[i]) + data::to_double(lines.discount[i]);
  }
  std::sort(products.begin(), products.end());
  const auto distinct = std::unique(products.begin(), products.end()) - products.begin();
  x[products_365] = lines.product.empty() ? kNaN : static_cast<double>(distinct);
  x[return_share] = returns / n;
  x[discount_share] = price > 0 ? discount / price : kNaN;
}

/// Numbers of customers by code, and where they go in the table.
class ByCustomer {
 public:
  ByCustomer(ChurnFeatures& table, std::size_t customers) : table_(table), row_(customers, -1) {
    for (std::size_t i = 0; i < table.customer.size(); ++i)
      row_[static_cast<std::size_t>(table.customer[i])] = static_cast<std::int64_t>(i);
  }
  /// Where the number of a customer stands; nullptr for one who is not in the table.
  [[nodiscard]] double* at(std::int32_t customer, Number k) const {
    const std::int64_t row = customer < 0 ? -1 : row_[static_cast<std::size_t>(customer)];
    return row < 0 ? nullptr : &table_.number[k][static_cast<std::size_t>(row)];
  }
  void set(std::int32_t customer, Number k, double value) const {
    if (double* place = at(customer, k)) *place = value;
  }

 private:
  ChurnFeatures& table_;
  std::vector<std::int64_t> row_;
};

/// What a purchase model fitted to the purchases known at the moment says of each customer.
void purchase_model(const OccasionsView& bought, data::Day now, const ByCustomer& table,
                    const Context& context) {
  const PurchaseSummary summary = purchase_summary({bought, now, {}}, {}, context);
  const PurchaseFit fit = fit_purchases(summary.view(), {}, context);
  const PAliveResult alive = p_alive(fit, summary.view(), {.intervals = false}, context);
  const ExpectedPurchasesResult expected = expected_purchases(
      fit, summary.view(), {.horizon = {90, data::Span::Unit::days}, .intervals = false}, context);
  for (std::size_t i = 0; i < summary.customer.size(); ++i) {
    table.set(summary.customer[i], p_alive_now, alive.p_alive[i]);
    table.set(summary.customer[i], expected_purchases_90, expected.expected_purchases[i]);
  }
}

/// What declining says of each customer with purchases enough.
void decline(const OccasionsView& bought, const data::Sales& sales, const ByCustomer& table,
             const Context& context) {
  const DecliningResult found =
      declining({bought, sales.first_day(), sales.last_day()}, {.all = true}, context);
  for (std::size_t i = 0; i < found.customer.size(); ++i) {
    table.set(found.customer[i], p_fell, found.probability[i]);
    table.set(found.customer[i], p_gap, found.p_gap[i]);
  }
}

void touchpoints(const data::Sales& sales, ChurnFeatures& result, const ByCustomer& table) {
  const data::Touchpoints& all = sales.touchpoints();
  if (all.size() == 0) return;
  std::fill(result.number[touchpoints_90].begin(), result.number[touchpoints_90].end(), 0.0);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double ago = result.last_day - all.day[i];
    double* last = table.at(all.customer[i], days_since_touchpoint);
    if (last == nullptr) continue;
    if (!(ago >= *last)) *last = ago;
    if (ago < 90) *table.at(all.customer[i], touchpoints_90) += 1;
  }
}

}  // namespace

std::span<const std::string_view> churn_feature_names() noexcept { return kNames; }

ChurnFeatures churn_features(const data::Sales& sales, const ChurnFeaturesOptions& options,
                             const Context& context) {
  if (options.active.count < 1)
    throw InvalidArgument("churn_features: active must be at least a day, as \"365 days\"");
  const Occasions bought = occasions(sales, "churn_features");
  const OccasionsView view = bought.view();
  const data::Lines& lines = sales.lines("churn_features");
  ChurnFeatures result;
  result.ids = sales.customers().ids;
  result.last_day = sales.last_day();
  const data::Day since = data::subtract(result.last_day, options.active);
  for (std::size_t c = 0; c < view.customers(); ++c) {
    const auto end = static_cast<std::size_t>(view.customer_begin[c + 1]);
    if (end > static_cast<std::size_t>(view.customer_begin[c]) && view.day[end - 1] > since)
      result.customer.push_back(static_cast<std::int32_t>(c));
  }
  const std::size_t rows = result.customer.size();
  result.number.assign(kNumbers, std::vector<double>(rows, kNaN));
  core::parallel_ranges(context, rows, kBlock, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      Row x{};
      x.fill(kNaN);
      const auto customer = static_cast<std::size_t>(result.customer[i]);
      const auto begin = static_cast<std::size_t>(view.customer_begin[customer]);
      const auto end = static_cast<std::size_t>(view.customer_begin[customer + 1]);
      windows(view, begin, end, result.last_day, x);
      rhythm(view, begin, end, x);
      lines_of(lines, customer, result.last_day, x);
      for (std::size_t k = 0; k < kNumbers; ++k) result.number[k][i] = x[k];
    }
  });
  if (rows > 0) {
    const ByCustomer table(result, static_cast<std::size_t>(sales.customers().ids->size()));
    purchase_model(view, result.last_day, table, context);
    decline(view, sales, table, context);
    touchpoints(sales, result, table);
  }
  for (const data::Attribute& attribute : sales.customers().attributes) {
    if (attribute.values->size() > kMostLevels) continue;
    result.attributes.push_back(attribute);
    std::vector<std::int32_t> code;
    for (const std::int32_t c : result.customer)
      code.push_back(attribute.code[static_cast<std::size_t>(c)]);
    result.attribute_code.push_back(std::move(code));
  }
  return result;
}

std::vector<learn::Feature> ChurnFeatures::features() const {
  std::vector<learn::Feature> all;
  for (std::size_t k = 0; k < kNumbers; ++k) all.push_back({kNames[k], number[k], {}, nullptr});
  for (std::size_t a = 0; a < attributes.size(); ++a)
    all.push_back({attributes[a].name, {}, attribute_code[a], attributes[a].values.get()});
  return all;
}

std::vector<Column> ChurnFeatures::columns() const {
  std::vector<Column> all{{"customer", customer, *ids, "customer id"}};
  for (std::size_t k = 0; k < kNumbers; ++k)
    all.emplace_back(kFeatures[k].name, number[k], kFeatures[k].doc);
  for (std::size_t a = 0; a < attributes.size(); ++a)
    all.emplace_back(attributes[a].name, attribute_code[a], *attributes[a].values,
                     "of the table of customers");
  return all;
}

std::vector<Scalar> ChurnFeatures::info() const {
  return {{"n", static_cast<std::int64_t>(customer.size()), "customers"},
          {"moment", last_day == data::kNoDay ? std::string() : data::iso_date(last_day),
           "the day up to which everything is known"}};
}

}  // namespace emptor::customers
