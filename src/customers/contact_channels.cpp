#include "emptor/customers/contact_channels.hpp"

#include "emptor/core/error.hpp"

#include "core/special.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

using data::Channel;
using data::Consent;
using data::kChannels;
using data::Response;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 2> kRules{"given", "not_refused"};
constexpr std::array<std::string_view, kChannels + 1> kRecommended{"phone", "email",  "sms",
                                                                   "post",  "survey", "none"};

/// Answers of one customer, or of all, on one channel.
struct Tries {
  std::int64_t answered = 0, n = 0;
};
using ByChannel = std::array<Tries, kChannels>;

/// How answers on a channel spread over customers: Beta(share * size, (1 - share) * size).
struct Prior {
  double share = kNaN;
  double size = 0;
};

/// Kleinman's moments (1973): what the shares of customers scatter beyond chance. Between 2 and 200
/// tries' worth, since few customers cannot tell more.
Prior prior_of(const std::vector<ByChannel>& tries, std::size_t channel) {
  double answered = 0, n = 0, squares = 0, customers = 0;
  for (const ByChannel& one : tries) {
    if (one[channel].n == 0) continue;
    answered += static_cast<double>(one[channel].answered);
    n += static_cast<double>(one[channel].n);
    squares += static_cast<double>(one[channel].n) * static_cast<double>(one[channel].n);
    customers += 1;
  }
  if (n == 0) return {};
  // Half an answer either way keeps the share inside (0, 1).
  const double share = (answered + 0.5) / (n + 1);
  double scatter = 0;
  for (const ByChannel& one : tries) {
    const auto own = static_cast<double>(one[channel].n);
    if (own > 0) {
      const double off = static_cast<double>(one[channel].answered) / own - share;
      scatter += own * off * off;
    }
  }
  // E[scatter] = share (1 - share) (customers - 1 + rho (n - squares / n - customers + 1)).
  const double room = n - squares / n - (customers - 1);
  const double rho = room > 0 ? (scatter / (share * (1 - share)) - (customers - 1)) / room : 0;
  const double size = rho > 0 ? (1 - rho) / rho : 200;
  return {share, std::clamp(size, 2.0, 200.0)};
}

/// What a customer's contacts allow, and which of them.
struct Allowed {
  std::array<std::int64_t, kChannels> contact{};  ///< row of contacts, -1 none
};

std::vector<Allowed> allowed_of(const ContactChannelsView& view, ConsentRule rule) {
  Allowed nobody;
  nobody.contact.fill(-1);
  std::vector<Allowed> out(static_cast<std::size_t>(view.customers), nobody);
  for (std::size_t i = 0; i < view.contacts.size(); ++i) {
    const auto customer = static_cast<std::size_t>(view.contacts.customer[i]);
    for (std::size_t c = 0; c < kChannels; ++c) {
      const Consent word = view.contacts.of(i, static_cast<Channel>(c));
      const bool may =
          word == Consent::given || (word == Consent::unknown && rule == ConsentRule::not_refused);
      if (may && out[customer].contact[c] < 0)
        out[customer].contact[c] = static_cast<std::int64_t>(i);
    }
  }
  return out;
}

void check(const ContactChannelsOptions& options) {
  if (options.channels.empty())
    throw InvalidArgument("contact_channels: channels is empty; name one, as channels=['email']");
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("contact_channels: level must lie between 0 and 1");
}

template <typename Labels>
std::size_t index_of(std::string_view text, const Labels& labels, const std::string& argument) {
  const auto found = std::find(labels.begin(), labels.end(), text);
  if (found != labels.end()) return static_cast<std::size_t>(found - labels.begin());
  const std::vector<std::string> names(labels.begin(), labels.end());
  const std::string near = data::nearest(text, names);
  throw InvalidArgument(argument + ": '" + std::string(text.substr(0, 40)) + "' is none of " +
                        data::listed(names) +
                        (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

}  // namespace

ConsentRule parse_consent_rule(std::string_view text) {
  return static_cast<ConsentRule>(index_of(text, kRules, "consent"));
}

data::Channel parse_channel(std::string_view text) {
  return static_cast<Channel>(index_of(text, data::kChannelLabels, "channels"));
}

std::span<const std::string_view> recommended_channel_labels() noexcept { return kRecommended; }

ContactChannelsResult contact_channels(const ContactChannelsView& view,
                                       const ContactChannelsOptions& options, const Context&) {
  check(options);
  const auto customers = static_cast<std::size_t>(view.customers);
  std::vector<ByChannel> tries(customers);
  std::vector<data::Day> last(customers, data::kNoDay);
  std::vector<std::uint8_t> met(customers, 0);
  for (std::size_t i = 0; i < view.touchpoints.size(); ++i) {
    const auto c = static_cast<std::size_t>(view.touchpoints.customer[i]);
    met[c] = 1;
    last[c] = view.touchpoints.day[i];
    if (view.touchpoints.response[i] == Response::unknown) continue;
    Tries& on = tries[c][static_cast<std::size_t>(view.touchpoints.channel[i])];
    on.n += 1;
    on.answered += view.touchpoints.response[i] == Response::yes;
  }
  for (const std::int32_t customer : view.contacts.customer)
    met[static_cast<std::size_t>(customer)] = 1;
  std::array<Prior, kChannels> prior;
  ContactChannelsResult result;
  for (std::size_t c = 0; c < kChannels; ++c) {
    prior[c] = prior_of(tries, c);
    result.usual_response.push_back(prior[c].share);
  }
  const std::vector<Allowed> allowed = allowed_of(view, options.consent);
  result.level = options.level;
  result.n_contacts = static_cast<std::int64_t>(view.contacts.size());
  const double tail = (1 - options.level) / 2;
  for (std::size_t customer = 0; customer < customers; ++customer) {
    if (!met[customer]) continue;
    std::size_t best = kChannels;
    double best_share = -1;
    std::string names;
    for (const Channel channel : options.channels) {
      const auto c = static_cast<std::size_t>(channel);
      if (allowed[customer].contact[c] < 0) continue;
      names += (names.empty() ? "" : ", ") + std::string(data::kChannelLabels[c]);
      const Tries& own = tries[customer][c];
      // A channel nobody ever answered about ranks behind all that are known.
      const double share =
          std::isnan(prior[c].share)
              ? 0
              : (prior[c].share * prior[c].size + static_cast<double>(own.answered)) /
                    (prior[c].size + static_cast<double>(own.n));
      if (share > best_share) {
        best = c;
        best_share = share;
      }
    }
    result.customer.push_back(static_cast<std::int32_t>(customer));
    result.name.push_back(std::to_string(customer));
    result.channel.push_back(static_cast<RecommendedChannel>(best));
    result.allowed.push_back(names);
    result.last_contact.push_back(last[customer]);
    const bool known = best < kChannels && !std::isnan(prior[best].share);
    const Tries own = best < kChannels ? tries[customer][best] : Tries{};
    const Prior& p = prior[best < kChannels ? best : 0];
    const double yes = p.share * p.size + static_cast<double>(own.answered);
    const double no = (1 - p.share) * p.size + static_cast<double>(own.n - own.answered);
    result.response.push_back(known ? yes / (yes + no) : kNaN);
    result.response_low.push_back(known ? core::beta_quantile(tail, yes, no) : kNaN);
    result.response_high.push_back(known ? core::beta_quantile(1 - tail, yes, no) : kNaN);
    result.n.push_back(own.n);
    result.status.push_back(known ? Status::ok : Status::not_enough_data);
    const std::int64_t row = best < kChannels ? allowed[customer].contact[best] : -1;
    const bool has_id = row >= 0 && !view.contacts.contact.empty() &&
                        view.contacts.contact[static_cast<std::size_t>(row)] >= 0;
    result.contact.push_back(
        has_id ? view.contacts.ids->to_string(view.contacts.contact[static_cast<std::size_t>(row)])
               : "");
    result.n_not_reachable += best == kChannels;
  }
  return result;
}

ContactChannelsResult contact_channels(const data::Sales& sales,
                                       const ContactChannelsOptions& options,
                                       const Context& context) {
  const data::Customers& customers = sales.customers();
  ContactChannelsResult result = contact_channels(
      {sales.contacts(), sales.touchpoints(), customers.ids->size()}, options, context);
  result.ids = customers.ids;
  for (std::size_t i = 0; i < result.customer.size(); ++i)
    result.name[i] = customers.label(result.customer[i]);
  return result;
}

std::vector<Column> ContactChannelsResult::columns() const {
  return {{"customer", customer, *ids, "customer id"},
          {"name", name, "customer name, or else the id"},
          {"channel", channel, kRecommended, "where an answer is likeliest of those allowed"},
          {"contact", contact, "id of the contact who allows it"},
          {"response", response, "expected share of answers there"},
          {"response_low", response_low, "lower end"},
          {"response_high", response_high, "upper end"},
          {"n", n, "times tried there with known response"},
          {"status", status, status_labels(), "not_enough_data: no response is known"},
          Column("allowed", allowed, "every channel allowed").hidden(),
          Column::dates("last_contact", last_contact, "last time reached out to, by any channel")};
}

std::vector<Scalar> ContactChannelsResult::info() const {
  std::vector<Scalar> scalars{
      {"n_contacts", n_contacts, "contacts on record"},
      {"n_not_reachable", n_not_reachable, "customers with no channel allowed"}};
  constexpr std::array<std::string_view, kChannels> kNames{
      "usual_response_phone", "usual_response_email", "usual_response_sms", "usual_response_post",
      "usual_response_survey"};
  for (std::size_t c = 0; c < kChannels; ++c)
    if (!std::isnan(usual_response[c]))
      scalars.push_back({kNames[c], usual_response[c], "share of answers of all customers"});
  return scalars;
}

}  // namespace emptor::customers
