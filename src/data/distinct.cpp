#include "core/parallel.hpp"
#include "data/bits.hpp"
#include "data/ids.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <limits>

namespace emptor::data {

namespace {

/// [begin, end) of slice s of `slices` over n rows. Dictionaries are sorted at the end, so the
/// number of slices does not show in the result.
std::pair<std::size_t, std::size_t> slice(std::size_t n, std::size_t slices, std::size_t s) {
  return {n * s / slices, n * (s + 1) / slices};
}

std::size_t slice_count(std::size_t n, const Context& context) {
  const std::size_t blocks = std::max<std::size_t>(1, n / kBlock);
  return static_cast<std::size_t>(std::max(1, core::thread_count(context, blocks)));
}

bool is_value(std::int64_t value) noexcept { return value > kUnreadableInteger; }

std::int32_t special_code(std::int64_t value) noexcept {
  return value == kMissingInteger ? Dictionary::kMissing : CodedColumn::kUnreadable;
}

std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 32)) * 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 29)) * 0xBF58476D1CE4E5B9ULL;
  return x ^ (x >> 32);
}

template <typename Word>
std::uint64_t load(const char* at) noexcept {
  Word value;
  std::memcpy(&value, at, sizeof(Word));
  return value;
}

/// Up to eight bytes as one number; different ones of a size give different numbers.
std::uint64_t load_up_to_8(const char* at, std::size_t size) noexcept {
  if (size >= 4) return load<std::uint32_t>(at) | load<std::uint32_t>(at + size - 4) << 32;
  if (size == 0) return 0;
  return load<std::uint8_t>(at) | load<std::uint8_t>(at + size / 2) << 8 |
         load<std::uint8_t>(at + size - 1) << 16;
}

/// Different texts of up to eight bytes and one size have different hashes: mix() can be undone.
constexpr std::size_t kHashIsText = 8;

std::uint64_t hash_text(std::string_view text) noexcept {
  std::uint64_t h = text.size() * 0x9E3779B97F4A7C15ULL;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left > 8; left -= 8, at += 8) h = mix(h ^ load<std::uint64_t>(at));
  return mix(h ^ load_up_to_8(at, left));
}

/// Whether two of the same hash are the same.
bool same(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  return a.size() <= kHashIsText || std::memcmp(a.data(), b.data(), a.size()) == 0;
}
bool same(std::int64_t a, std::int64_t b) noexcept { return a == b; }

/// Open addressing with linear probing; values are indices of entries kept outside.
template <typename Entry>
class Index {
 public:
  /// The index of `entry`, appended to `entries` if it is new.
  std::int32_t find_or_add(const Entry& entry, std::uint64_t hash, std::vector<Entry>& entries) {
    if (2 * (entries.size() + 1) > slots_.size()) grow();
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t at = hash & mask_;; at = (at + 1) & mask_) {
      Slot& slot = slots_[at];
      if (slot.index < 0) {
        slot = {tag, static_cast<std::int32_t>(entries.size())};
        hashes_.push_back(hash);
        entries.push_back(entry);
        return slot.index;
      }
      const auto index = static_cast<std::size_t>(slot.index);
      if (slot.tag == tag && hashes_[index] == hash && same(entries[index], entry)) {
        return slot.index;
      }
    }
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::int32_t index = -1;
  };

  void grow() {
    const std::size_t size = std::max<std::size_t>(1024, 2 * slots_.size());
    slots_.assign(size, Slot{});
    mask_ = size - 1;
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      std::size_t at = hashes_[i] & mask_;
      while (slots_[at].index >= 0) at = (at + 1) & mask_;
      slots_[at] = {static_cast<std::uint32_t>(hashes_[i] >> 32), static_cast<std::int32_t>(i)};
    }
  }

  std::vector<Slot> slots_;
  std::vector<std::uint64_t> hashes_;
  std::size_t mask_ = 0;
};

/// Values within a range not much wider than their number: a bit per possible value, and a code is
/// the number of set bits before it.
void distinct_by_bits(std::span<const std::int64_t> values, std::int64_t low, std::int64_t high,
                      Distinct& out, const Context& context) {
  const auto base = static_cast<std::uint64_t>(low);
  const std::uint64_t range = static_cast<std::uint64_t>(high) - base + 1;
  std::vector<std::uint64_t> bits((range + 63) / 64);
  core::parallel_ranges(context, values.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (!is_value(values[i]) || (i > begin && values[i] == values[i - 1])) continue;
      const std::uint64_t at = static_cast<std::uint64_t>(values[i]) - base;
      std::atomic_ref<std::uint64_t> word(bits[at >> 6]);
      const std::uint64_t mask = std::uint64_t{1} << (at & 63);
      if ((word.load(std::memory_order_relaxed) & mask) == 0) {
        word.fetch_or(mask, std::memory_order_relaxed);
      }
    }
  });
  std::vector<std::uint32_t> before(bits.size());
  std::uint32_t count = 0;
  for (std::size_t w = 0; w < bits.size(); ++w) {
    before[w] = count;
    count += static_cast<std::uint32_t>(count_bits(bits[w]));
  }
  out.integers.reserve(count);
  for (std::size_t w = 0; w < bits.size(); ++w) {
    for (std::uint64_t word = bits[w]; word != 0; word &= word - 1) {
      const auto bit = static_cast<std::uint64_t>(std::countr_zero(word));
      out.integers.push_back(static_cast<std::int64_t>(base + 64 * w + bit));
    }
  }
  core::parallel_ranges(context, values.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      // Lines of one order stand together and repeat its ids.
      if (i > begin && values[i] == values[i - 1]) {
        out.column.code[i] = out.column.code[i - 1];
        continue;
      }
      if (!is_value(values[i])) {
        out.column.code[i] = special_code(values[i]);
        continue;
      }
      const std::uint64_t at = static_cast<std::uint64_t>(values[i]) - base;
      const std::uint64_t below = bits[at >> 6] & ((std::uint64_t{1} << (at & 63)) - 1);
      out.column.code[i] = static_cast<std::int32_t>(before[at >> 6] +
                                                     static_cast<std::uint32_t>(count_bits(below)));
    }
  });
}

void distinct_by_hash(std::span<const std::int64_t> values, Distinct& out, const Context& context) {
  const std::size_t slices = slice_count(values.size(), context);
  std::vector<std::vector<std::int64_t>> entries(slices);
  core::parallel_for(context, slices, [&](std::size_t s) {
    Index<std::int64_t> index;
    const auto [begin, end] = slice(values.size(), slices, s);
    std::int64_t last = kMissingInteger;
    std::int32_t last_code = Dictionary::kMissing;
    for (std::size_t i = begin; i < end; ++i) {
      if (values[i] != last) {
        last = values[i];
        last_code = is_value(last)
                        ? index.find_or_add(last, mix(static_cast<std::uint64_t>(last)), entries[s])
                        : special_code(last);
      }
      out.column.code[i] = last_code;
    }
  });
  for (const auto& part : entries) {
    out.integers.insert(out.integers.end(), part.begin(), part.end());
  }
  std::sort(out.integers.begin(), out.integers.end());
  out.integers.erase(std::unique(out.integers.begin(), out.integers.end()), out.integers.end());
  core::parallel_for(context, slices, [&](std::size_t s) {
    std::vector<std::int32_t> final_code(entries[s].size());
    for (std::size_t e = 0; e < entries[s].size(); ++e) {
      const auto at = std::lower_bound(out.integers.begin(), out.integers.end(), entries[s][e]);
      final_code[e] = static_cast<std::int32_t>(at - out.integers.begin());
    }
    const auto [begin, end] = slice(values.size(), slices, s);
    for (std::size_t i = begin; i < end; ++i) {
      std::int32_t& code = out.column.code[i];
      if (code >= 0) code = final_code[static_cast<std::size_t>(code)];
    }
  });
}

}  // namespace

void distinct_integers(std::span<const std::int64_t> values, Distinct& out,
                       const Context& context) {
  out.is_text = false;
  out.column.code.resize(values.size());
  struct Range {
    std::int64_t low = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
  };
  Range all;
  for (const Range& part : core::parallel_map<Range>(
           context, values.size(), kBlock, [&](std::size_t begin, std::size_t end) {
             Range range;
             for (std::size_t i = begin; i < end; ++i) {
               if (!is_value(values[i])) continue;
               range.low = std::min(range.low, values[i]);
               range.high = std::max(range.high, values[i]);
             }
             return range;
           })) {
    all.low = std::min(all.low, part.low);
    all.high = std::max(all.high, part.high);
  }
  if (all.low > all.high) {
    for (std::size_t i = 0; i < values.size(); ++i) out.column.code[i] = special_code(values[i]);
    return;
  }
  // At most 4 bytes of bits per row, so memory stays in proportion to the input.
  const std::uint64_t width =
      static_cast<std::uint64_t>(all.high) - static_cast<std::uint64_t>(all.low);
  if (width < std::max<std::uint64_t>(32 * values.size(), 1U << 20)) {
    distinct_by_bits(values, all.low, all.high, out, context);
  } else {
    distinct_by_hash(values, out, context);
  }
}

std::vector<std::uint32_t> text_order(std::span<const std::string_view> texts) {
  struct Key {
    std::uint64_t prefix;  // the first eight bytes, so that most comparisons touch no text
    std::uint32_t index;
  };
  std::vector<Key> keys(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::uint64_t prefix = 0;
    for (std::size_t b = 0; b < 8; ++b) {
      const std::uint64_t byte =
          b < texts[i].size() ? static_cast<unsigned char>(texts[i][b]) : std::uint64_t{0};
      prefix = (prefix << 8) | byte;
    }
    keys[i] = {prefix, static_cast<std::uint32_t>(i)};
  }
  std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const int order = texts[a.index].compare(texts[b.index]);
    return order != 0 ? order < 0 : a.index < b.index;
  });
  std::vector<std::uint32_t> order(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) order[i] = keys[i].index;
  return order;
}

void distinct_texts(const ColumnReader& reader, Distinct& out, const Context& context) {
  out.is_text = true;
  const std::size_t n = reader.rows();
  out.column.code.resize(n);
  const std::size_t slices = slice_count(n, context);
  std::vector<std::vector<std::string_view>> entries(slices);
  core::parallel_for(context, slices, [&](std::size_t s) {
    Index<std::string_view> index;
    Batch batch;
    std::string_view last{};
    std::uint64_t last_hash = 0;
    std::int32_t last_code = Dictionary::kMissing;
    const auto [begin, end] = slice(n, slices, s);
    for_batches(reader, begin, end, batch, [&](std::size_t row, const Batch& values) {
      std::int32_t* code = out.column.code.data() + row;
      if (values.kind != Batch::Kind::texts) {
        std::fill_n(code, values.rows, Dictionary::kMissing);
        return;
      }
      for (std::size_t i = 0; i < values.rows; ++i) {
        const std::string_view text = values.texts[i];
        if (text.data() == nullptr) {
          code[i] = Dictionary::kMissing;
          continue;
        }
        // Lines of one order stand together and repeat its values.
        const std::uint64_t hash = hash_text(text);
        if (last_code < 0 || hash != last_hash || !same(text, last)) {
          last = text;
          last_hash = hash;
          last_code = index.find_or_add(text, hash, entries[s]);
        }
        code[i] = last_code;
      }
    });
  });
  std::vector<std::string_view> all;
  for (const auto& part : entries) all.insert(all.end(), part.begin(), part.end());
  const std::vector<std::uint32_t> order = text_order(all);
  std::vector<std::int32_t> rank(all.size());
  for (const std::uint32_t i : order) {
    if (out.texts.empty() || out.texts.back() != all[i]) out.texts.push_back(all[i]);
    rank[i] = static_cast<std::int32_t>(out.texts.size()) - 1;
  }
  std::vector<std::size_t> first(slices, 0);
  for (std::size_t s = 1; s < slices; ++s) first[s] = first[s - 1] + entries[s - 1].size();
  core::parallel_for(context, slices, [&](std::size_t s) {
    const auto [begin, end] = slice(n, slices, s);
    for (std::size_t i = begin; i < end; ++i) {
      std::int32_t& code = out.column.code[i];
      if (code >= 0) code = rank[first[s] + static_cast<std::size_t>(code)];
    }
  });
}

}  // namespace emptor::data
