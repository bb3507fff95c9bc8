#include "emptor/customers/discount_rate.hpp"

#include "emptor/core/error.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <sstream>
#include <utility>

namespace emptor::customers {
namespace {

using Unit = data::Span::Unit;
constexpr std::array<std::pair<std::string_view, Unit>, 4> kPer{
    {{"day", Unit::days}, {"week", Unit::weeks}, {"month", Unit::months}, {"year", Unit::years}}};

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool take(std::string_view& text, std::string_view word) {
  if (text.substr(0, word.size()) != word) return false;
  text = without_blanks(text.substr(word.size()));
  return true;
}

}  // namespace

double DiscountRate::continuous(Unit unit) const noexcept {
  return std::log1p(rate) * data::mean_days({1, unit}) / data::mean_days({1, per});
}

DiscountRate parse_discount_rate(std::string_view text, std::string_view argument) {
  const auto fail = [&]() -> DiscountRate {
    throw InvalidArgument(std::string(argument) + ": cannot read '" +
                          std::string(text.substr(0, 40)) +
                          "'; write a rate with its time, as \"10 % a year\" or \"1 % a month\"");
  };
  std::string_view rest = without_blanks(text);
  double percent = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), percent);
  if (error != std::errc() || !(percent >= 0) || percent > 1000) return fail();
  rest = without_blanks(rest.substr(static_cast<std::size_t>(end - rest.data())));
  if (!take(rest, "%")) return fail();
  if (!take(rest, "a ") && !take(rest, "per ")) return fail();
  for (const auto& [name, unit] : kPer)
    if (rest == name) return {percent / 100, unit};
  return fail();
}

std::string to_string(const DiscountRate& discount) {
  std::ostringstream out;
  out << 100 * discount.rate << " % a ";
  for (const auto& [name, unit] : kPer)
    if (unit == discount.per) out << name;
  return out.str();
}

}  // namespace emptor::customers
