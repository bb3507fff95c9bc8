#include "data/numbers.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace emptor::data {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<double, 23> kPowers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Digits with a point: exact for up to 15 digits, since both the digits and the power of ten are
/// doubles without rounding. False hands the text to the slow path.
bool parse_plain(std::string_view text, double& value) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  std::uint64_t mantissa = 0;
  std::size_t digits = 0, after = 0;
  for (; at != end && is_digit(*at); ++at, ++digits) {
    mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
  }
  if (at != end && *at == '.') {
    for (++at; at != end && is_digit(*at); ++at, ++digits, ++after) {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
    }
  }
  if (at != end || digits == 0 || digits > 15) return false;
  value = static_cast<double>(mantissa) / kPowers[after];
  if (negative && mantissa != 0) value = -value;
  return true;
}

struct Sign {
  std::string_view text;
  std::string_view code;
};
constexpr std::array<Sign, 9> kSigns{{{"\xC2\xA3", "GBP"},
                                      {"\xE2\x82\xAC", "EUR"},
                                      {"$", "$"},
                                      {"\xC2\xA5", "JPY"},
                                      {"\xE2\x82\xB9", "INR"},
                                      {"z\xC5\x82", "PLN"},
                                      {"\xE2\x82\xBD", "RUB"},
                                      {"\xE2\x82\xA9", "KRW"},
                                      {"R$", "BRL"}}};

bool is_code(std::string_view text) noexcept {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Takes a currency sign or code off one end.
void strip_currency(std::string_view& text, std::string_view& currency) {
  for (const Sign& sign : kSigns) {
    if (text.starts_with(sign.text)) {
      currency = sign.code;
      text = trim(text.substr(sign.text.size()));
      return;
    }
    if (text.ends_with(sign.text)) {
      currency = sign.code;
      text = trim(text.substr(0, text.size() - sign.text.size()));
      return;
    }
  }
  if (text.size() > 3 && is_code(text.substr(0, 3))) {
    currency = text.substr(0, 3);
    text = trim(text.substr(3));
  } else if (text.size() > 3 && is_code(text.substr(text.size() - 3))) {
    currency = text.substr(text.size() - 3);
    text = trim(text.substr(0, text.size() - 3));
  }
}

/// What is left between sign, currency and brackets: digits and separators.
struct Bare {
  std::string_view digits{};
  bool negative = false;
  std::string_view currency{};
};

Bare bare(std::string_view text) {
  Bare out;
  text = trim(text);
  if (text.size() >= 2 && text.front() == '(' && text.back() == ')') {
    out.negative = true;
    text = trim(text.substr(1, text.size() - 2));
  }
  constexpr std::string_view kMinus = "\xE2\x88\x92";
  for (int pass = 0; pass < 2; ++pass) {
    if (text.starts_with('-') || text.starts_with(kMinus)) {
      out.negative = !out.negative;
      text = trim(text.substr(text.front() == '-' ? 1 : kMinus.size()));
    } else if (text.starts_with('+')) {
      text = trim(text.substr(1));
    } else if (pass == 0 && text.size() > 1 && text.ends_with('-')) {
      out.negative = !out.negative;
      text = trim(text.substr(0, text.size() - 1));
    }
    if (pass == 0) {
      const std::string_view before = text;
      strip_currency(text, out.currency);
      if (text == before) break;
    }
  }
  out.digits = text;
  return out;
}

/// Length of a blank or apostrophe that groups thousands whatever the decimal separator; 0 if none.
std::size_t neutral_group(std::string_view text) noexcept {
  if (text.starts_with(' ') || text.starts_with('\'')) return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  if (text.starts_with("\xE2\x80\xAF") || text.starts_with("\xE2\x80\x99")) return 3;
  return 0;
}

/// How the separators of a number can be read.
enum class Evidence : std::uint8_t { none, dot, comma, ambiguous_comma };

Evidence evidence_of(std::string_view text) {
  const std::string_view digits = bare(text).digits;
  const auto dots = std::count(digits.begin(), digits.end(), '.');
  const auto commas = std::count(digits.begin(), digits.end(), ',');
  if (dots + commas == 0) return Evidence::none;
  const std::size_t last = digits.find_last_of(".,");
  const Evidence last_is = digits[last] == '.' ? Evidence::dot : Evidence::comma;
  const Evidence other = digits[last] == '.' ? Evidence::comma : Evidence::dot;
  if (dots > 0 && commas > 0) return last_is;
  if (dots + commas > 1) return other;
  const std::size_t after = digits.size() - last - 1;
  if (after != 3 || last == 0 || last > 3 || digits.front() == '0') return last_is;
  return last_is == Evidence::comma ? Evidence::ambiguous_comma : Evidence::none;
}

struct Scan {
  Tally dot{}, comma{}, ambiguous{};
  std::size_t source = 0;
};

char detect_decimal(std::span<const NumberSource> sources, const Positions& positions) {
  std::vector<Scan> scans;
  std::int64_t dots = 0, commas = 0;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    Scan scan;
    scan.source = s;
    Batch batch;
    for_batches(*sources[s].reader, 0, sources[s].reader->rows(), batch,
                [&](std::size_t row, const Batch& from) {
                  if (from.kind != Batch::Kind::texts) return;
                  for (std::size_t i = 0; i < from.rows; ++i) {
                    if (from.texts[i].data() == nullptr) continue;
                    switch (evidence_of(from.texts[i])) {
                      case Evidence::dot:
                        scan.dot.add(row + i);
                        break;
                      case Evidence::comma:
                        scan.comma.add(row + i);
                        break;
                      case Evidence::ambiguous_comma:
                        scan.ambiguous.add(row + i);
                        break;
                      case Evidence::none:
                        break;
                    }
                  }
                });
    dots += scan.dot.n;
    commas += scan.comma.n;
    scans.push_back(scan);
  }
  const auto example = [&](Tally Scan::*tally) {
    for (const Scan& scan : scans) {
      if ((scan.*tally).n == 0) continue;
      const std::int64_t row = (scan.*tally).rows[0];
      const NumberSource& source = sources[scan.source];
      return source.name + ", " + positions.name(row) + ": " +
             in_quotes(source.reader->found(static_cast<std::size_t>(row)));
    }
    return std::string();
  };
  // One value in twenty may be odd by itself; it is then rejected by name.
  if (dots > 0 && commas > 0 && std::max(dots, commas) < 20 * std::min(dots, commas)) {
    throw DataError("numbers are written with two decimal separators: " + example(&Scan::dot) +
                    " has a point and " + example(&Scan::comma) +
                    " a comma; write decimal=\".\" or decimal=\",\"");
  }
  if (dots == 0 && commas == 0 && !example(&Scan::ambiguous).empty()) {
    throw DataError(example(&Scan::ambiguous) +
                    " can be read two ways, as thousands or as a fraction; write decimal=\".\" or "
                    "decimal=\",\"");
  }
  return commas > dots ? ',' : '.';
}

/// One pass over a column. Returns how many texts were not plain digits with a point.
struct Pass {
  Tally missing{}, unreadable{}, not_finite{};
  std::int64_t odd = 0;
  std::vector<std::string> currencies{};
};

void read_text(std::string_view text, std::size_t row, char decimal, double& to, Pass& pass) {
  if (decimal == '.' && parse_plain(text, to)) return;
  pass.odd += 1;
  std::string_view currency{};
  const std::optional<double> number = parse_number(text, decimal, &currency);
  if (!number) {
    to = kNaN;
    pass.unreadable.add(row);
  } else if (!std::isfinite(*number)) {
    to = kNaN;
    pass.not_finite.add(row);
  } else {
    to = *number;
    if (!currency.empty() && (pass.currencies.empty() || pass.currencies.back() != currency)) {
      pass.currencies.emplace_back(currency);
    }
  }
}

void read_real(double from, std::size_t row, double& to, Pass& pass) {
  to = from + 0.0;  // a negative zero becomes zero
  if (std::isfinite(from)) return;
  (std::isnan(from) ? pass.missing : pass.not_finite).add(row);
  to = kNaN;
}

void read_batch(const Batch& from, std::size_t row, char decimal, double* to, Pass& pass) {
  switch (from.kind) {
    case Batch::Kind::texts:
      for (std::size_t i = 0; i < from.rows; ++i) {
        if (from.texts[i].data() != nullptr) {
          read_text(from.texts[i], row + i, decimal, to[i], pass);
        } else {
          to[i] = kNaN;
          pass.missing.add(row + i);
        }
      }
      return;
    case Batch::Kind::integers:
      for (std::size_t i = 0; i < from.rows; ++i) to[i] = static_cast<double>(from.integers[i]);
      for (std::size_t i = 0; i < from.rows && !from.all_valid; ++i) {
        if (!from.has(i)) read_real(kNaN, row + i, to[i], pass);
      }
      return;
    case Batch::Kind::reals:
      for (std::size_t i = 0; i < from.rows; ++i) {
        read_real(from.has(i) ? from.reals[i] : kNaN, row + i, to[i], pass);
      }
      return;
    case Batch::Kind::nothing:
      for (std::size_t i = 0; i < from.rows; ++i) read_real(kNaN, row + i, to[i], pass);
      return;
  }
}

Pass read_rows(const ColumnReader& reader, char decimal, std::size_t begin, std::size_t end,
               double* to) {
  Pass pass;
  Batch batch;
  for_batches(reader, begin, end, batch, [&](std::size_t row, const Batch& from) {
    read_batch(from, row, decimal, to + row, pass);
  });
  return pass;
}

std::int64_t read_column(const ColumnReader& reader, char decimal, NumberColumn& out,
                         const Context& context) {
  out = {};
  out.value.resize(reader.rows());
  std::int64_t odd = 0;
  for (Pass& pass : core::parallel_map<Pass>(
           context, reader.rows(), kBlock, [&](std::size_t begin, std::size_t end) {
             return read_rows(reader, decimal, begin, end, out.value.data());
           })) {
    odd += pass.odd;
    out.missing.merge(pass.missing);
    out.unreadable.merge(pass.unreadable);
    out.not_finite.merge(pass.not_finite);
    out.currencies.insert(out.currencies.end(), pass.currencies.begin(), pass.currencies.end());
  }
  std::sort(out.currencies.begin(), out.currencies.end());
  out.currencies.erase(std::unique(out.currencies.begin(), out.currencies.end()),
                       out.currencies.end());
  return odd;
}

}  // namespace

std::optional<double> parse_number(std::string_view text, char decimal,
                                   std::string_view* currency) {
  const Bare number = bare(text);
  if (currency != nullptr) *currency = number.currency;
  const char group = decimal == '.' ? ',' : '.';
  std::string plain;
  std::size_t since_group = 0;  // digits since the last group sign
  bool grouped_digits = false, fraction = false;
  for (std::size_t i = 0; i < number.digits.size();) {
    const char c = number.digits[i];
    const std::size_t neutral = c == group ? 1 : neutral_group(number.digits.substr(i));
    if (is_digit(c)) {
      plain += c;
      since_group += 1;
      i += 1;
    } else if (neutral > 0) {
      // Groups have three digits, the first one to three.
      if (fraction || since_group == 0 || since_group > 3 || (grouped_digits && since_group != 3)) {
        return std::nullopt;
      }
      grouped_digits = true;
      since_group = 0;
      i += neutral;
    } else if (c == decimal && !fraction) {
      if (grouped_digits && since_group != 3) return std::nullopt;
      fraction = true;
      plain += '.';
      i += 1;
    } else if ((c == 'e' || c == 'E') && !plain.empty()) {
      plain += number.digits.substr(i + 1).starts_with('+') ? std::string("e") : std::string(1, c);
      i += number.digits.substr(i + 1).starts_with('+') ? 2 : 1;
      plain += number.digits.substr(i);
      i = number.digits.size();
    } else {
      std::string word = normalised(number.digits);
      const bool infinite = word == "inf" || word == "infinity";
      if (infinite) return number.negative ? -INFINITY : INFINITY;
      return std::nullopt;
    }
  }
  if (grouped_digits && !fraction && since_group != 3) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (error == std::errc::result_out_of_range) return number.negative ? -INFINITY : INFINITY;
  if (error != std::errc{} || end != plain.data() + plain.size()) return std::nullopt;
  return number.negative && value != 0 ? -value : value;
}

std::vector<NumberColumn> read_numbers(std::span<const NumberSource> sources, char asked,
                                       const Positions& positions, const Context& context) {
  std::vector<NumberColumn> out(sources.size());
  const char first_guess = asked == 0 ? '.' : asked;
  std::int64_t odd = 0;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    odd += read_column(*sources[s].reader, first_guess, out[s], context);
  }
  if (odd == 0 || asked != 0) return out;
  const char decimal = detect_decimal(sources, positions);
  if (decimal == first_guess) return out;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    read_column(*sources[s].reader, decimal, out[s], context);
  }
  return out;
}

}  // namespace emptor::data
