#pragma once

#include "emptor/core/dictionary.hpp"
#include "emptor/core/error.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace emptor::core {

/// CRC-32C (Castagnoli) of bytes; `crc32c(b, crc32c(a))` is that of a and b.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0) noexcept;

/// Numbers and texts as little-endian bytes, on any machine.
class ByteWriter {
 public:
  template <typename T>
  requires std::is_arithmetic_v<T>
  void number(T value) { raw(&value, 1); }
  /// How many (uint64), then the values.
  template <typename T>
  requires std::is_arithmetic_v<T>
  void numbers(const T* values, std::size_t n) {
    number<std::uint64_t>(n);
    raw(values, n);
  }
  template <typename T>
  void numbers(const std::vector<T>& values) {
    numbers(values.data(), values.size());
  }
  void text(std::string_view value) { numbers(value.data(), value.size()); }
  [[nodiscard]] std::string take() && { return std::move(bytes_); }

 private:
  template <typename T>
  void raw(const T* values, std::size_t n) {
    const std::size_t from = bytes_.size();
    bytes_.resize(from + n * sizeof(T));
    if (n > 0) std::memcpy(bytes_.data() + from, values, n * sizeof(T));
    if constexpr (std::endian::native == std::endian::big && sizeof(T) > 1) {
      for (std::size_t i = from; i < bytes_.size(); i += sizeof(T))
        for (std::size_t k = 0; k < sizeof(T) / 2; ++k)
          std::swap(bytes_[i + k], bytes_[i + sizeof(T) - 1 - k]);
    }
  }
  std::string bytes_{};
};

/// Reads what a ByteWriter wrote. Every length is held against the bytes that are left before
/// anything is allocated. @throws FormatError naming what is broken
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) noexcept : bytes_(bytes) {}
  template <typename T>
  requires std::is_arithmetic_v<T> T number(const char* what) {
    T value{};
    raw(&value, 1, what);
    return value;
  }
  template <typename T>
  std::vector<T> numbers(const char* what) {
    const auto n = length(sizeof(T), what);
    std::vector<T> values(n);
    raw(values.data(), n, what);
    return values;
  }
  std::string text(const char* what) {
    const auto n = length(1, what);
    std::string value(bytes_.substr(0, n));
    bytes_.remove_prefix(n);
    return value;
  }
  /// A number of things of at least `bytes_each` bytes.
  std::size_t length(std::size_t bytes_each, const char* what) {
    const auto n = number<std::uint64_t>(what);
    if (n > bytes_.size() / bytes_each) fail(what);
    return static_cast<std::size_t>(n);
  }
  [[nodiscard]] std::size_t left() const noexcept { return bytes_.size(); }
  void end() const {
    if (!bytes_.empty()) fail("the end");
  }
  [[noreturn]] static void fail(const char* what) {
    throw FormatError(std::string("the file is damaged: ") + what + " cannot be read");
  }

 private:
  template <typename T>
  void raw(T* values, std::size_t n, const char* what) {
    if (bytes_.size() / sizeof(T) < n) fail(what);
    if (n == 0) return;
    std::memcpy(values, bytes_.data(), n * sizeof(T));
    bytes_.remove_prefix(n * sizeof(T));
    if constexpr (std::endian::native == std::endian::big && sizeof(T) > 1) {
      for (std::size_t i = 0; i < n; ++i) {
        auto* b = reinterpret_cast<unsigned char*>(values + i);
        for (std::size_t k = 0; k < sizeof(T) / 2; ++k) std::swap(b[k], b[sizeof(T) - 1 - k]);
      }
    }
  }
  std::string_view bytes_;
};

/// Ids with their kind. @throws FormatError for ids that are not sorted and distinct
void write_dictionary(const Dictionary& ids, ByteWriter& out);
std::shared_ptr<const Dictionary> read_dictionary(ByteReader& in);

/// Puts a header before a payload: magic, what it is (8 letters), version, length, checksums.
std::string sealed(std::string_view what, std::uint32_t version, std::string_view payload);
struct Unsealed {
  std::uint32_t version;
  std::string_view payload;  ///< inside of the bytes
};
/// The payload of sealed bytes. @throws FormatError where they are not `what`, newer than
/// `newest`, cut short, or changed.
Unsealed unsealed(std::string_view bytes, std::string_view what, std::uint32_t newest);

/// Writes a file by way of a temporary one beside it, so that readers see the old or the new bytes.
/// @throws DataError naming the path
void write_file(const std::string& path, std::string_view bytes);
/// @throws DataError naming the path
std::string read_file(const std::string& path);

}  // namespace emptor::core
