#include "data/not_goods.hpp"

#include "data/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace emptor::data {

namespace {

/// Is `word` one of the blank-separated words of `list`?
bool in_list(std::string_view list, std::string_view word) noexcept {
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(' ', at), list.size());
    if (list.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

// Words that name a service, a payment or a correction.
constexpr std::string_view kCore =
    "postage post shipping carriage freight delivery handling fee fees charge charges commission "
    "discount discounts debt manual sample samples voucher vouchers coupon coupons surcharge "
    "adjustment adjust refund tip gratuity donation rounding tax vat deposit deposits interest "
    "postagefee shippingfee deliveryfee shippingcost amazonfee bankcharges "
    "versand versandkosten porto gutschein rabatt pfand livraison port remise frais";
// Words that only say more about such a name.
constexpr std::string_view kBeside =
    "next day same standard express economy priority uk gb us usa eu international domestic "
    "worldwide special free first second class tracked signed dotcom bank amazon ebay paypal "
    "stripe card credit bad gift packing package cost costs service store mfg manufacturer promo "
    "promotional promotion entry order misc other extra additional bottle sales value total de "
    "des for of and to the a";
// Words that goods do not end in.
constexpr std::string_view kHead =
    "postage shipping fee fees commission surcharge voucher vouchers versandkosten porto";
// Words of what is sold by volume.
constexpr std::string_view kFuel = "gasoline petrol diesel unleaded fuel benzin kerosene lpg";

bool is_number(std::string_view word) noexcept {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "gift voucher 20 00", "electronic gift cards activati", "mastercard gift card".
bool is_gift_card(const std::vector<std::string>& text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != "gift" ||
        !in_list("card cards voucher vouchers certificate certificates", text[i + 1])) {
      continue;
    }
    bool rest = true;
    for (std::size_t j = i + 2; j < text.size(); ++j) {
      rest &= is_number(text[j]) || text[j].starts_with("activ") ||
              in_list("value eur usd gbp", text[j]);
    }
    if (rest) return true;
  }
  return false;
}

bool any_of_words(const std::vector<std::string>& text, std::string_view list) {
  return std::any_of(text.begin(), text.end(),
                     [&](const std::string& word) { return in_list(list, word); });
}

/// What a value of an attribute says of the products that have it.
struct AttributeHint {
  bool coupon = false;       ///< all its words are of coupons
  bool coupon_word = false;  ///< a coupon among others; needs large quantities beside it
  bool fuel = false;         ///< needs large quantities beside it
};

AttributeHint hint_of(std::string_view text) {
  const std::vector<std::string> all = words(text);
  AttributeHint out;
  out.coupon = names_service(text) || is_gift_card(all);
  out.coupon_word = any_of_words(all, "coupon coupons");
  out.fuel = any_of_words(all, kFuel);
  return out;
}

/// Median of |quantity| of the lines of each product that `wanted` marks.
std::vector<double> median_quantities(const Lines& lines, const std::vector<std::uint8_t>& wanted) {
  std::vector<std::vector<double>> quantities(wanted.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines.product[i] < 0) continue;
    const auto p = static_cast<std::size_t>(lines.product[i]);
    if (wanted[p] != 0) quantities[p].push_back(std::abs(lines.quantity[i]));
  }
  std::vector<double> out(wanted.size(), 0.0);
  for (std::size_t p = 0; p < wanted.size(); ++p) {
    if (quantities[p].empty()) continue;
    auto middle = quantities[p].begin() + static_cast<std::ptrdiff_t>(quantities[p].size() / 2);
    std::nth_element(quantities[p].begin(), middle, quantities[p].end());
    out[p] = *middle;
  }
  return out;
}

/// Fuel is counted in thousandths of a gallon, a tank in thousands; nobody buys fifty of a thing
/// at the median.
constexpr double kByVolume = 50;

}  // namespace

std::string_view reason_of(NotGoods why, std::int64_t products) noexcept {
  const bool one = products == 1;
  switch (why) {
    case NotGoods::service:
      return one ? "a service, a payment or a correction" : "services, payments or corrections";
    case NotGoods::coupon:
      return one ? "a coupon or gift card" : "coupons or gift cards";
    case NotGoods::by_volume:
      return "sold by volume, not by piece";
    default:
      return "goods";
  }
}

bool names_service(std::string_view text) {
  const std::vector<std::string> all = words(text);
  if (all.empty() || all.size() > 6) return false;
  bool core = false, only_known = true;
  for (const std::string& word : all) {
    const bool is_core = in_list(kCore, word);
    core |= is_core;
    only_known &= is_core || is_number(word) || in_list(kBeside, word);
  }
  return (core && only_known) || (in_list(kHead, all.back()) && all.size() <= 4);
}

std::vector<NotGoods> find_not_goods(const SalesFacts& facts, const Lines& lines,
                                     const Rows<std::int32_t>& product_name,
                                     std::span<const Attribute> attributes) {
  const auto n = static_cast<std::size_t>(facts.product_ids->size());
  std::vector<NotGoods> out(n, NotGoods::no);
  if (!facts.exclude_products) return out;
  std::vector<std::uint8_t> by_name(static_cast<std::size_t>(facts.product_names->size()), 2);
  for (std::size_t p = 0; p < n; ++p) {
    if (product_name[p] >= 0) {
      std::uint8_t& known = by_name[static_cast<std::size_t>(product_name[p])];
      if (known == 2) {
        const std::string_view text = facts.product_names->text(product_name[p]);
        known = names_service(text) || is_gift_card(words(text)) ? 1 : 0;
      }
      if (known == 1) out[p] = NotGoods::service;
    }
    if (out[p] == NotGoods::no && facts.product_ids->is_text()) {
      const std::string_view id = facts.product_ids->text(static_cast<std::int32_t>(p));
      const bool has_letters = std::any_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      });
      if (has_letters && names_service(id)) out[p] = NotGoods::service;
    }
  }
  std::vector<std::uint8_t> fuel(n, 0), coupon(n, 0), large(n, 0);
  bool any = false;
  for (const Attribute& attribute : attributes) {
    std::vector<AttributeHint> hints(static_cast<std::size_t>(attribute.values->size()));
    if (!attribute.values->is_text()) continue;
    for (std::int32_t v = 0; v < attribute.values->size(); ++v) {
      hints[static_cast<std::size_t>(v)] = hint_of(attribute.values->text(v));
    }
    for (std::size_t p = 0; p < n; ++p) {
      if (attribute.code[p] < 0) continue;
      const AttributeHint& hint = hints[static_cast<std::size_t>(attribute.code[p])];
      if (hint.coupon && out[p] == NotGoods::no) out[p] = NotGoods::coupon;
      fuel[p] |= hint.fuel ? 1 : 0;
      coupon[p] |= hint.coupon_word ? 1 : 0;
    }
  }
  for (std::size_t p = 0; p < n; ++p) {
    if (product_name[p] >= 0 &&
        any_of_words(words(facts.product_names->text(product_name[p])), kFuel)) {
      fuel[p] = 1;
    }
    large[p] = fuel[p] | coupon[p];
    any |= large[p] != 0;
  }
  if (!any) return out;
  const std::vector<double> median = median_quantities(lines, large);
  for (std::size_t p = 0; p < n; ++p) {
    if (large[p] == 0 || median[p] < kByVolume || out[p] == NotGoods::service) continue;
    out[p] = fuel[p] != 0 ? NotGoods::by_volume : NotGoods::coupon;
  }
  return out;
}

}  // namespace emptor::data
