#pragma once

#include "emptor/core/export.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emptor {

/// The original ids behind int32 codes: all int64 or all text, sorted ascending (text by bytes), so
/// that comparing codes compares ids and a result does not depend on the order rows came in.
/// Immutable and shared between the hub and its results.
class EMPTOR_EXPORT Dictionary {
 public:
  static constexpr std::int32_t kMissing = -1;  ///< the code of a missing id

  Dictionary() = default;
  /// From ids that are sorted and distinct. @throws InvalidArgument when they are not.
  static std::shared_ptr<const Dictionary> from_integers(std::vector<std::int64_t> ids);
  /// From texts that are sorted and distinct, laid end to end: text i is
  /// bytes[offsets[i], offsets[i+1]). @throws InvalidArgument when they are not.
  static std::shared_ptr<const Dictionary> from_texts(std::string bytes,
                                                      std::vector<std::int64_t> offsets);
  /// From any texts, in any order, repeated or not.
  static std::shared_ptr<const Dictionary> from_texts(std::vector<std::string> texts);

  [[nodiscard]] std::int32_t size() const noexcept {
    return static_cast<std::int32_t>(is_text_ ? offsets_.size() - 1 : integers_.size());
  }
  [[nodiscard]] bool is_text() const noexcept { return is_text_; }
  /// The text of a code; only for text ids.
  [[nodiscard]] std::string_view text(std::int32_t code) const noexcept {
    const auto i = static_cast<std::size_t>(code);
    return {bytes_.data() + offsets_[i], static_cast<std::size_t>(offsets_[i + 1] - offsets_[i])};
  }
  /// The integer of a code; only for integer ids.
  [[nodiscard]] std::int64_t integer(std::int32_t code) const noexcept {
    return integers_[static_cast<std::size_t>(code)];
  }
  /// The id as text, whatever its kind; "" for kMissing.
  [[nodiscard]] std::string to_string(std::int32_t code) const;
  /// The code of an id, or kMissing. An integer is also found by its decimal digits.
  [[nodiscard]] std::int32_t find(std::string_view id) const noexcept;
  [[nodiscard]] std::int32_t find(std::int64_t id) const noexcept;
  /// A 64-bit hash of the id itself, the same in every data set: what random streams are keyed by.
  [[nodiscard]] std::uint64_t hash(std::int32_t code) const noexcept;

  [[nodiscard]] const std::vector<std::int64_t>& integers() const noexcept { return integers_; }
  [[nodiscard]] const std::vector<std::int64_t>& offsets() const noexcept { return offsets_; }
  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

 private:
  bool is_text_ = false;
  std::vector<std::int64_t> integers_;
  std::string bytes_;
  std::vector<std::int64_t> offsets_{0};
};

}  // namespace emptor
