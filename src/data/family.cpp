#include "emptor/data/items.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace emptor::data {
namespace {

// Words of colour, size, pattern and filling, which tell variants apart but do not say what the
// product is. Sorted.
constexpr std::array<std::string_view, 90> kNotTelling = {
    "a",        "and",     "antique", "assorted", "asst",   "beige",   "big",    "black",
    "blue",     "bronze",  "brown",   "by",       "clear",  "cm",      "coral",  "cream",
    "dark",     "design",  "dot",     "et",       "extra",  "finish",  "floral", "for",
    "from",     "g",       "gingham", "gold",     "golden", "gray",    "green",  "grey",
    "in",       "ivory",   "kg",      "l",        "large",  "lge",     "lilac",  "lime",
    "little",   "m",       "medium",  "mini",     "mint",   "ml",      "multi",  "navy",
    "of",       "olive",   "on",      "orange",   "pack",   "paisley", "pale",   "pastel",
    "pc",       "pink",    "polka",   "polkadot", "purple", "red",     "retro",  "retrospot",
    "s",        "set",     "silver",  "size",     "small",  "sml",     "spot",   "spotty",
    "standard", "stripe",  "striped", "stripey",  "tan",    "teal",    "the",    "turquoise",
    "und",      "vintage", "violet",  "white",    "with",   "x",       "xl",     "xs",
    "xxl",      "yellow"};

bool is_word_byte(unsigned char c) noexcept {
  return (c >= 'a' && c <= 'z') || c >= 128;  // bytes of UTF-8 letters stay together
}

// Lower-case words of letters; digits and signs part them. A plural s is dropped.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (word.size() > 3 && word.back() == 's' && word[word.size() - 2] != 's') word.pop_back();
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (const char byte : name) {
    auto c = static_cast<unsigned char>(byte);
    if (c >= 'A' && c <= 'Z') c = static_cast<unsigned char>(c - 'A' + 'a');
    if (is_word_byte(c)) {
      word.push_back(static_cast<char>(c));
    } else if (c != '\'') {
      end_word();
    }
  }
  end_word();
  return words;
}

bool is_telling(const std::string& word) noexcept {
  return !std::binary_search(kNotTelling.begin(), kNotTelling.end(), std::string_view(word));
}

// Most of the words of both, or of the shorter name if that is two or more words. Repeated words
// count as often as they are shared.
bool share_most(std::span<const std::int32_t> a, std::span<const std::int32_t> b) noexcept {
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t shared = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i] == b[j]) {
      ++shared, ++i, ++j;
    } else if (a[i] < b[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  const std::size_t shorter = std::min(a.size(), b.size());
  return (shared > 0 && 20 * shared >= 6 * (a.size() + b.size())) ||
         (shared >= 2 && 3 * shared >= 2 * shorter);
}

}  // namespace

std::span<const std::int32_t> NameFamilies::Words::of(std::int32_t i) const noexcept {
  const auto k = static_cast<std::size_t>(i);
  return {word.data() + offset[k], static_cast<std::size_t>(offset[k + 1] - offset[k])};
}

NameFamilies::NameFamilies(std::span<const std::string> names) {
  std::unordered_map<std::string, std::int32_t> codes;
  const auto append = [](Words& words, std::vector<std::int32_t>& found) {
    std::sort(found.begin(), found.end());
    words.word.insert(words.word.end(), found.begin(), found.end());
    words.offset.push_back(static_cast<std::int64_t>(words.word.size()));
  };
  std::vector<std::int32_t> telling;
  std::vector<std::int32_t> all;
  for (const std::string& name : names) {
    telling.clear();
    all.clear();
    for (const std::string& word : words_of(name)) {
      const auto code =
          codes.try_emplace(word, static_cast<std::int32_t>(codes.size())).first->second;
      all.push_back(code);
      if (is_telling(word)) telling.push_back(code);
    }
    append(telling_, telling);
    append(all_, all);
  }
}

bool NameFamilies::same(std::int32_t i, std::int32_t j) const noexcept {
  const auto a = telling_.of(i);
  const auto b = telling_.of(j);
  if (a.empty() || b.empty()) return share_most(all_.of(i), all_.of(j));
  return share_most(a, b);
}

bool same_family(std::string_view name1, std::string_view name2) {
  const std::array<std::string, 2> names{std::string(name1), std::string(name2)};
  return NameFamilies(names).same(0, 1);
}

}  // namespace emptor::data
