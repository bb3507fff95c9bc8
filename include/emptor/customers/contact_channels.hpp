#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/contacts.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// Which word on record a channel needs before it is recommended.
enum class ConsentRule : std::uint8_t {
  given,        ///< the customer said yes
  not_refused,  ///< the customer did not say no
};
/// "given", "not_refused". @throws InvalidArgument naming the nearest.
EMPTOR_EXPORT ConsentRule parse_consent_rule(std::string_view text);
/// "phone", "email", "sms", "post" or "survey". @throws InvalidArgument naming the nearest.
EMPTOR_EXPORT data::Channel parse_channel(std::string_view text);

struct ContactChannelsOptions {
  /// Channels that may be recommended; where customers answer one as well as another, the first.
  std::vector<data::Channel> channels{data::Channel::phone, data::Channel::email,
                                      data::Channel::survey};
  ConsentRule consent = ConsentRule::given;
  double level = 0.95;  ///< of the interval of the response
};

/// Consent and past responses of customers 0 .. customers - 1.
struct ContactChannelsView {
  data::Contacts contacts{};
  data::Touchpoints touchpoints{};
  std::int32_t customers = 0;
};

/// The channel for each customer; `none` where no channel is allowed.
enum class RecommendedChannel : std::uint8_t { phone, email, sms, post, survey, none };
EMPTOR_EXPORT std::span<const std::string_view> recommended_channel_labels() noexcept;

/// One row per customer with a contact or a touchpoint, in the order of their ids.
struct ContactChannelsResult {
  std::vector<std::int32_t> customer{};
  std::vector<std::string> name{};
  std::vector<RecommendedChannel> channel{};
  std::vector<std::string> contact{};  ///< id of whom to reach; "" where contacts have no ids
  std::vector<std::string> allowed{};  ///< every channel allowed, "phone, email"
  std::vector<double> response{};      ///< expected share of answers on the channel
  std::vector<double> response_low{};  ///< NaN where nothing is known of any response
  std::vector<double> response_high{};
  std::vector<std::int64_t> n{};          ///< times tried on the channel with known response
  std::vector<Status> status{};           ///< not_enough_data without any known response
  std::vector<data::Day> last_contact{};  ///< of any channel; kNoDay if never

  std::int64_t n_contacts = 0;
  std::int64_t n_not_reachable = 0;      ///< customers with no channel allowed
  std::vector<double> usual_response{};  ///< per channel, NaN if never tried
  double level = 0.95;
  std::shared_ptr<const Dictionary> ids{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// By which channel may, and should, each customer be reached?
///
/// Only channels are considered that a contact of the customer allows: an opt-out is never
/// overruled, and without a word on record a channel is used only with `consent="not_refused"`. Of
/// these the one is taken on which this customer is most likely to answer: his own answers, drawn
/// towards the usual share of the channel as far as customers resemble each other (a beta-binomial
/// model, its spread by the method of moments), with a credible interval. An answer is not a sale.
/// @throws InvalidArgument for no channels, or a level outside (0, 1).
EMPTOR_EXPORT ContactChannelsResult contact_channels(const ContactChannelsView& view,
                                                     const ContactChannelsOptions& options = {},
                                                     const Context& context = {});
EMPTOR_EXPORT ContactChannelsResult contact_channels(const data::Sales& sales,
                                                     const ContactChannelsOptions& options = {},
                                                     const Context& context = {});

}  // namespace emptor::customers
