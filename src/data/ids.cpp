#include "data/ids.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <numeric>

namespace emptor::data {

namespace {

/// "4.0128e+10", as R writes large ids: whole and within the digits of a double.
bool parse_scientific(std::string_view text, std::int64_t& value) noexcept {
  if (text.find("e+") == std::string_view::npos) return false;
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size()) return false;
  if (number != std::floor(number) || std::abs(number) > 9007199254740992.0) return false;
  value = static_cast<std::int64_t>(number);
  return true;
}

/// "17850", "-3", "0", and "17850.0" as pandas writes it; no leading zeros, no plus.
enum class Digits : std::uint8_t { none, integer, whole_float };

Digits parse_digits(std::string_view text, std::int64_t& value) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  const char* digits = at + (*at == '-' ? 1 : 0);
  if (digits == end || *digits < '0' || *digits > '9') return Digits::none;
  if (*digits == '0' && (digits != at || (digits + 1 != end && digits[1] != '.'))) {
    return Digits::none;
  }
  const auto [stop, error] = std::from_chars(at, end, value);
  if (error != std::errc{} || !(value > kUnreadableInteger)) return Digits::none;
  if (stop == end) return Digits::integer;
  if (*stop != '.' && *stop != 'e') return Digits::none;
  if (parse_scientific(text, value)) return Digits::whole_float;
  if (*stop != '.' || stop + 1 == end) return Digits::none;
  for (const char* c = stop + 1; c != end; ++c) {
    if (*c != '0') return Digits::none;
  }
  return Digits::whole_float;
}

struct Counts {
  std::int64_t made_whole = 0;
  std::int64_t imprecise = 0;
};

/// What a real number is as an id.
std::int64_t integer_from(double value, Counts& counts) noexcept {
  if (std::isnan(value)) return kMissingInteger;
  if (value != std::floor(value) || std::abs(value) >= 9.2e18) return kUnreadableInteger;
  counts.made_whole += 1;
  if (std::abs(value) > 9007199254740992.0) counts.imprecise += 1;
  return static_cast<std::int64_t>(value);
}

/// Fills `values` with the column as integers; false if it holds text that is not digits.
bool read_integers(const ColumnReader& reader, Rows<std::int64_t>& values, Counts& counts,
                   const Context& context) {
  values.resize(reader.rows());
  std::atomic<bool> is_text{false};
  const auto parts = core::parallel_map<Counts>(
      context, reader.rows(), kBlock, [&](std::size_t begin, std::size_t end) {
        Counts part;
        Batch batch;
        for_batches(reader, begin, end, batch, [&](std::size_t row, const Batch& from) {
          if (is_text.load(std::memory_order_relaxed)) return;
          std::int64_t* to = values.data() + row;
          for (std::size_t i = 0; i < from.rows; ++i) {
            if (from.kind == Batch::Kind::texts) {
              const std::string_view text = from.texts[i];
              if (text.data() == nullptr) {
                to[i] = kMissingInteger;
                continue;
              }
              const Digits digits = parse_digits(text, to[i]);
              if (digits == Digits::none) {
                is_text.store(true, std::memory_order_relaxed);
                return;
              }
              part.made_whole += digits == Digits::whole_float ? 1 : 0;
            } else if (!from.has(i) || from.kind == Batch::Kind::nothing) {
              to[i] = kMissingInteger;
            } else if (from.kind == Batch::Kind::integers) {
              to[i] = from.integers[i];
            } else {
              to[i] = integer_from(from.reals[i], part);
            }
          }
        });
        return part;
      });
  for (const Counts& part : parts) {
    counts.made_whole += part.made_whole;
    counts.imprecise += part.imprecise;
  }
  return !is_text.load();
}

std::string text_of(double value) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("nan");
}

/// Numbers that are not whole, as text attributes.
void distinct_reals(const ColumnReader& reader, Distinct& out) {
  std::vector<double> values(reader.rows(), std::numeric_limits<double>::quiet_NaN());
  Batch batch;
  for_batches(reader, 0, reader.rows(), batch, [&](std::size_t row, const Batch& from) {
    for (std::size_t i = 0; i < from.rows; ++i) {
      if (!from.has(i)) continue;
      if (from.kind == Batch::Kind::reals) values[row + i] = from.reals[i];
      if (from.kind == Batch::Kind::integers) {
        values[row + i] = static_cast<double>(from.integers[i]);
      }
    }
  });
  std::vector<double> sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted),
               [](double value) { return !std::isnan(value); });
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  out.is_text = true;
  out.storage.reserve(sorted.size());
  for (const double value : sorted) out.storage.push_back(text_of(value + 0.0));
  const std::vector<std::string_view> texts(out.storage.begin(), out.storage.end());
  std::vector<std::int32_t> rank(texts.size());
  for (const std::uint32_t i : text_order(texts)) {
    rank[i] = static_cast<std::int32_t>(out.texts.size());
    out.texts.push_back(texts[i]);
  }
  out.column.code.assign(values.size(), Dictionary::kMissing);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), values[i]) - sorted.begin();
    out.column.code[i] = rank[static_cast<std::size_t>(at)];
  }
}

Distinct distinct(const ColumnReader& reader, IdUse use, const Context& context) {
  Distinct out;
  const bool producer_says_text = reader.is_text() && !reader.is_cells();
  Rows<std::int64_t> values;
  Counts counts;
  if (const auto plain = reader.plain_integers(); !plain.empty()) {
    distinct_integers(plain, out, context);
    return out;
  }
  if (producer_says_text || !read_integers(reader, values, counts, context)) {
    values = {};
    distinct_texts(reader, out, context);
    return out;
  }
  if (use == IdUse::attribute && !reader.is_text() &&
      std::find(values.begin(), values.end(), kUnreadableInteger) != values.end()) {
    distinct_reals(reader, out);
    return out;
  }
  distinct_integers(values, out, context);
  out.column.made_whole = counts.made_whole;
  out.column.imprecise = counts.imprecise;
  return out;
}

void make_text(Distinct& part) {
  if (part.is_text) return;
  part.storage.reserve(part.integers.size());
  for (const std::int64_t value : part.integers) part.storage.push_back(std::to_string(value));
  const std::vector<std::string_view> texts(part.storage.begin(), part.storage.end());
  std::vector<std::int32_t> rank(texts.size());
  for (const std::uint32_t i : text_order(texts)) {
    rank[i] = static_cast<std::int32_t>(part.texts.size());
    part.texts.push_back(texts[i]);
  }
  for (std::int32_t& code : part.column.code) {
    if (code >= 0) code = rank[static_cast<std::size_t>(code)];
  }
  part.is_text = true;
  part.integers = {};
}

/// Codes of `part`'s own values as codes of the union of all values.
template <typename Value>
void recode(const std::vector<Value>& own, const std::vector<Value>& all, CodedColumn& column,
            const Context& context) {
  if (own.size() == all.size()) return;
  std::vector<std::int32_t> final_code(own.size());
  std::size_t at = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    while (all[at] != own[i]) ++at;
    final_code[i] = static_cast<std::int32_t>(at);
  }
  core::parallel_ranges(context, column.code.size(), kBlock,
                        [&](std::size_t begin, std::size_t end) {
                          for (std::size_t i = begin; i < end; ++i) {
                            std::int32_t& code = column.code[i];
                            if (code >= 0) code = final_code[static_cast<std::size_t>(code)];
                          }
                        });
}

void count_absent(CodedColumn& column, const Context& context) {
  struct Absent {
    std::int64_t missing = 0;
    std::int64_t unreadable = 0;
  };
  for (const Absent& part : core::parallel_map<Absent>(
           context, column.code.size(), kBlock, [&](std::size_t begin, std::size_t end) {
             Absent absent;
             for (std::size_t i = begin; i < end; ++i) {
               absent.missing += column.code[i] == Dictionary::kMissing ? 1 : 0;
               absent.unreadable += column.code[i] == CodedColumn::kUnreadable ? 1 : 0;
             }
             return absent;
           })) {
    column.missing += part.missing;
    column.unreadable += part.unreadable;
  }
}

template <typename Value>
std::vector<Value> merged(const std::vector<Distinct>& parts,
                          std::vector<Value> Distinct::*values) {
  std::vector<Value> all = parts.front().*values;
  for (std::size_t p = 1; p < parts.size(); ++p) {
    std::vector<Value> next;
    next.reserve(all.size() + (parts[p].*values).size());
    std::set_union(all.begin(), all.end(), (parts[p].*values).begin(), (parts[p].*values).end(),
                   std::back_inserter(next));
    all = std::move(next);
  }
  return all;
}

}  // namespace

CodedColumns code_columns(std::span<const ColumnReader* const> columns, IdUse use,
                          const Context& context) {
  CodedColumns out;
  if (columns.empty()) {
    out.dictionary = Dictionary::from_integers({});
    return out;
  }
  std::vector<Distinct> parts;
  for (const ColumnReader* reader : columns) parts.push_back(distinct(*reader, use, context));
  const auto has_text = [](const Distinct& part) { return part.is_text && !part.texts.empty(); };
  if (std::any_of(parts.begin(), parts.end(), has_text)) {
    for (Distinct& part : parts) make_text(part);
    const std::vector<std::string_view> all = merged(parts, &Distinct::texts);
    std::string bytes;
    std::vector<std::int64_t> offsets{0};
    bytes.reserve(std::transform_reduce(all.begin(), all.end(), std::size_t{0}, std::plus<>{},
                                        [](std::string_view text) { return text.size(); }));
    offsets.reserve(all.size() + 1);
    for (const std::string_view text : all) {
      bytes.append(text);
      offsets.push_back(static_cast<std::int64_t>(bytes.size()));
    }
    for (Distinct& part : parts) recode(part.texts, all, part.column, context);
    out.dictionary = Dictionary::from_texts(std::move(bytes), std::move(offsets));
  } else {
    std::vector<std::int64_t> all = merged(parts, &Distinct::integers);
    for (Distinct& part : parts) recode(part.integers, all, part.column, context);
    out.dictionary = Dictionary::from_integers(std::move(all));
  }
  for (Distinct& part : parts) {
    count_absent(part.column, context);
    out.columns.push_back(std::move(part.column));
  }
  return out;
}

}  // namespace emptor::data
