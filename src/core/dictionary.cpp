#include "emptor/core/dictionary.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace emptor {
namespace {

void check_size(std::size_t ids) {
  if (ids > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw InvalidArgument("Dictionary: at most 2147483647 distinct ids, found " +
                          std::to_string(ids));
  }
}

}  // namespace

std::shared_ptr<const Dictionary> Dictionary::from_integers(std::vector<std::int64_t> ids) {
  check_size(ids.size());
  for (std::size_t i = 1; i < ids.size(); ++i) {
    if (ids[i - 1] >= ids[i]) {
      throw InvalidArgument("Dictionary::from_integers: ids must be ascending and distinct; id " +
                            std::to_string(i) + " is " + std::to_string(ids[i]) + " after " +
                            std::to_string(ids[i - 1]));
    }
  }
  auto made = std::make_shared<Dictionary>();
  made->integers_ = std::move(ids);
  return made;
}

std::shared_ptr<const Dictionary> Dictionary::from_texts(std::string bytes,
                                                         std::vector<std::int64_t> offsets) {
  if (offsets.empty() || offsets.front() != 0 || !std::is_sorted(offsets.begin(), offsets.end()) ||
      offsets.back() != static_cast<std::int64_t>(bytes.size())) {
    throw InvalidArgument(
        "Dictionary::from_texts: offsets must rise from 0 to the number of bytes");
  }
  check_size(offsets.size() - 1);
  auto made = std::make_shared<Dictionary>();
  made->is_text_ = true;
  made->bytes_ = std::move(bytes);
  made->offsets_ = std::move(offsets);
  for (std::int32_t i = 1; i < made->size(); ++i) {
    if (made->text(i - 1) >= made->text(i)) {
      throw InvalidArgument("Dictionary::from_texts: texts must be ascending and distinct; text " +
                            std::to_string(i) + " does not come after the one before it");
    }
  }
  return made;
}

std::shared_ptr<const Dictionary> Dictionary::from_texts(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  std::string bytes;
  std::vector<std::int64_t> offsets{0};
  offsets.reserve(texts.size() + 1);
  for (const auto& text : texts) {
    bytes += text;
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  return from_texts(std::move(bytes), std::move(offsets));
}

std::string Dictionary::to_string(std::int32_t code) const {
  if (code < 0) return {};
  return is_text_ ? std::string(text(code)) : std::to_string(integer(code));
}

std::int32_t Dictionary::find(std::string_view id) const noexcept {
  if (!is_text_) {
    std::int64_t value = 0;
    const auto end = id.data() + id.size();
    const auto read = std::from_chars(id.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end) return kMissing;
    // "007" and "-0" are not the digits of 7 and 0.
    char digits[24];
    const auto written = std::to_chars(digits, digits + sizeof digits, value);
    const auto length = static_cast<std::size_t>(written.ptr - digits);
    return std::string_view(digits, length) == id ? find(value) : kMissing;
  }
  std::int32_t low = 0;
  std::int32_t high = size();
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    if (text(middle) < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < size() && text(low) == id ? low : kMissing;
}

std::int32_t Dictionary::find(std::int64_t id) const noexcept {
  if (is_text_) {
    char digits[24];
    const auto written = std::to_chars(digits, digits + sizeof digits, id);
    return find(std::string_view(digits, static_cast<std::size_t>(written.ptr - digits)));
  }
  const auto at = std::lower_bound(integers_.begin(), integers_.end(), id);
  return at != integers_.end() && *at == id ? static_cast<std::int32_t>(at - integers_.begin())
                                            : kMissing;
}

std::uint64_t Dictionary::hash(std::int32_t code) const noexcept {
  if (!is_text_) return core::hash_integer(static_cast<std::uint64_t>(integer(code)));
  const std::string_view id = text(code);
  return core::hash_bytes(id.data(), id.size());
}

}  // namespace emptor
