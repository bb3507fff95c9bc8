#include "data/words.hpp"

#include <algorithm>

namespace emptor::data {

namespace {

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  for (;;) {
    if (!text.empty() && is_blank(text.front())) {
      text.remove_prefix(1);
    } else if (text.starts_with(kNoBreakSpace)) {
      text.remove_prefix(2);
    } else if (!text.empty() && is_blank(text.back())) {
      text.remove_suffix(1);
    } else if (text.ends_with(kNoBreakSpace)) {
      text.remove_suffix(2);
    } else {
      return text;
    }
  }
}

std::string normalised(std::string_view name) {
  std::string out;
  for (const char c : trim(name)) {
    if (is_word(lower(c))) out += lower(c);
  }
  return out;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) out.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = lower(text[i]);
    if ((c == '\xC2' || c == '\xE2') && i + 1 < text.size()) {
      // Signs such as £, € and no-break spaces separate words; they take two and three bytes.
      i += c == '\xC2' ? 1 : 2;
      flush();
    } else if (is_word(c)) {
      word += c;
    } else {
      flush();
    }
  }
  flush();
  return out;
}

std::string in_quotes(std::string_view found) {
  std::string out = "'";
  std::size_t characters = 0;
  for (const char c : found) {
    const bool starts_character = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (starts_character && characters++ == 40) return out + "...'";
    out += static_cast<unsigned char>(c) < 0x20 || c == '\x7F' ? ' ' : c;
  }
  return out + "'";
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

std::string nearest(std::string_view wanted, std::span<const std::string> names) {
  const std::string key = normalised(wanted).substr(0, 200);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, key.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::string other = normalised(name).substr(0, 200);
    std::size_t distance = edit_distance(key, other);
    // One name inside the other ("customer" in "customer number") counts as near.
    if (key.size() >= 4 && other.size() >= 4 && distance > 1 &&
        (other.find(key) != std::string::npos || key.find(other) != std::string::npos)) {
      distance = 1;
    }
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

std::string listed(std::span<const std::string> names, std::size_t most) {
  std::string out;
  const std::size_t shown = std::min(names.size(), most);
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == names.size();
    if (i > 0) out += last ? " and " : ", ";
    const std::string text = in_quotes(names[i]);
    out += '"' + text.substr(1, text.size() - 2) + '"';
  }
  if (shown < names.size())
    out += " and " + grouped(static_cast<long long>(names.size() - shown)) + " more";
  return out;
}

std::string grouped(long long number) {
  const bool negative = number < 0;
  std::string digits = std::to_string(number).substr(negative ? 1 : 0);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<std::size_t>(i), ",");
  }
  return negative ? "-" + digits : digits;
}

}  // namespace emptor::data
