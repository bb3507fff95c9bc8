#pragma once

#include "emptor/core/dictionary.hpp"
#include "emptor/data/calendar.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace emptor::data {

/// The ways to reach a customer, in the order in which results list them.
enum class Channel : std::uint8_t { phone, email, sms, post, survey };
inline constexpr std::size_t kChannels = 5;
inline constexpr std::array<std::string_view, kChannels> kChannelLabels{"phone", "email", "sms",
                                                                        "post", "survey"};

/// What a contact said about being reached by a channel.
enum class Consent : std::uint8_t {
  unknown,  ///< nothing is on record
  given,
  refused,  ///< refused, withdrawn, or a word on record that could not be read
};

/// The persons behind customers and what they allow, one row per contact, as of the moment. Names,
/// numbers and addresses are not kept: who is to be reached is looked up where they are.
struct Contacts {
  std::shared_ptr<const Dictionary> ids{};  ///< of contacts; empty without a column of them
  std::span<const std::int32_t> contact{};  ///< codes into `ids`; empty without the column
  std::span<const std::int32_t> customer{};
  /// contact i's word on channel c is consent[i * kChannels + c]; all are refused from the moment
  /// on at which the contact opted out.
  std::span<const Consent> consent{};
  [[nodiscard]] std::size_t size() const noexcept { return customer.size(); }
  [[nodiscard]] Consent of(std::size_t contact_row, Channel channel) const noexcept {
    return consent[contact_row * kChannels + static_cast<std::size_t>(channel)];
  }
};

/// Whether a customer answered when we reached out.
enum class Response : std::uint8_t { unknown, no, yes };

/// Times we reached out to customers that are known at the moment, by time.
struct Touchpoints {
  std::span<const std::int32_t> customer{};
  std::span<const std::int64_t> time{};  ///< microseconds UTC
  std::span<const Day> day{};            ///< civil day in the business's zone
  std::span<const Channel> channel{};
  std::span<const Response> response{};
  [[nodiscard]] std::size_t size() const noexcept { return customer.size(); }
};

}  // namespace emptor::data
