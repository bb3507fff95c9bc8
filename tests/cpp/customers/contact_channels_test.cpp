#include "emptor/customers/contact_channels.hpp"

#include "core/random.hpp"
#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

using data::Channel;
using data::Consent;
using data::Response;

/// Contacts and touchpoints of a test, held as the columns of a view.
struct Book {
  std::vector<std::int32_t> customer{};
  std::vector<Consent> consent{};
  std::vector<std::int32_t> touched{};
  std::vector<std::int64_t> time{};
  std::vector<data::Day> day{};
  std::vector<Channel> channel{};
  std::vector<Response> response{};

  void contact(std::int32_t of, Consent phone, Consent email) {
    customer.push_back(of);
    const std::vector<Consent> words{phone, email, Consent::unknown, Consent::unknown,
                                     Consent::unknown};
    consent.insert(consent.end(), words.begin(), words.end());
  }
  void touch(std::int32_t of, Channel by, Response answer, int times = 1) {
    for (int i = 0; i < times; ++i) {
      touched.push_back(of);
      day.push_back(static_cast<data::Day>(touched.size()));
      time.push_back(static_cast<std::int64_t>(touched.size()));
      channel.push_back(by);
      response.push_back(answer);
    }
  }
  [[nodiscard]] ContactChannelsView view(std::int32_t customers) const {
    return {{nullptr, {}, customer, consent}, {touched, time, day, channel, response}, customers};
  }
};

constexpr Consent kYes = Consent::given, kNo = Consent::refused, kOpen = Consent::unknown;

}  // namespace

TEST(ContactChannels, ConsentDecidesBeforeAnswersDo) {
  Book book;
  book.contact(0, kYes, kYes);
  book.contact(1, kNo, kYes);
  book.contact(2, kNo, kNo);
  book.contact(3, kOpen, kNo);
  // Everybody always answers the phone and nobody e-mail.
  for (std::int32_t c = 0; c < 4; ++c) {
    book.touch(c, Channel::phone, Response::yes, 5);
    book.touch(c, Channel::email, Response::no, 5);
  }
  const auto strict = contact_channels(book.view(4));
  EXPECT_EQ(strict.channel, (std::vector{RecommendedChannel::phone, RecommendedChannel::email,
                                         RecommendedChannel::none, RecommendedChannel::none}));
  EXPECT_EQ(strict.n_not_reachable, 2);
  EXPECT_EQ(strict.allowed[0], "phone, email");
  const auto open = contact_channels(book.view(4), {.channels = {Channel::phone, Channel::email},
                                                    .consent = ConsentRule::not_refused});
  EXPECT_EQ(open.channel[3], RecommendedChannel::phone);
  EXPECT_EQ(open.channel[2], RecommendedChannel::none);
}

TEST(ContactChannels, OneContactMayAllowWhatAnotherRefuses) {
  Book book;
  book.contact(0, kNo, kNo);
  book.contact(0, kNo, kYes);
  EXPECT_EQ(contact_channels(book.view(1)).channel[0], RecommendedChannel::email);
}

TEST(ContactChannels, OwnAnswersAreDrawnTowardsTheUsualShare) {
  Book book;
  for (std::int32_t c = 0; c < 40; ++c) {
    book.contact(c, kYes, kYes);
    // Half the customers always answer the phone, half never; a third of all e-mails are answered.
    book.touch(c, Channel::phone, c % 2 == 0 ? Response::yes : Response::no, 8);
    book.touch(c, Channel::email, Response::yes, 1);
    book.touch(c, Channel::email, Response::no, 2);
  }
  book.contact(40, kYes, kYes);
  const auto found = contact_channels(book.view(41));
  EXPECT_EQ(found.channel[0], RecommendedChannel::phone);
  EXPECT_EQ(found.channel[1], RecommendedChannel::email);
  EXPECT_GT(found.response[0], 0.7);
  EXPECT_LT(found.response[0], 1);
  EXPECT_EQ(found.n[0], 8);
  // Of a stranger only the usual shares are known: about a half and a third.
  EXPECT_EQ(found.channel[40], RecommendedChannel::phone);
  EXPECT_NEAR(found.response[40], 0.5, 0.01);
  EXPECT_EQ(found.n[40], 0);
  for (std::size_t i = 0; i < found.response.size(); ++i) {
    EXPECT_LT(found.response_low[i], found.response[i]);
    EXPECT_GT(found.response_high[i], found.response[i]);
  }
  // E-mails are answered by all alike: the spread is at its bound, and no own share moves far.
  EXPECT_NEAR(found.usual_response[1], 1.0 / 3, 0.01);
}

TEST(ContactChannels, WithoutKnownResponsesTheOrderOfChannelsDecides) {
  Book book;
  book.contact(0, kYes, kYes);
  book.touch(0, Channel::phone, Response::unknown, 3);
  const auto found = contact_channels(book.view(1), {.channels = {Channel::email, Channel::phone}});
  EXPECT_EQ(found.channel[0], RecommendedChannel::email);
  EXPECT_EQ(found.status[0], Status::not_enough_data);
  EXPECT_TRUE(std::isnan(found.response[0]));
  EXPECT_EQ(found.last_contact[0], 3);
}

// Customers with shares from a beta law, a few tries each: the intervals hold the true shares.
TEST(ContactChannelsSimulation, IntervalsOfResponses) {
  int held = 0, all = 0;
  for (std::uint64_t run = 0; run < 20; ++run) {
    core::Random random(11, run);
    Book book;
    std::vector<double> truth;
    for (std::int32_t c = 0; c < 300; ++c) {
      const double a = random.gamma(1.5), b = random.gamma(3.5);
      truth.push_back(a / (a + b));
      book.contact(c, kYes, kNo);
      for (int i = 0; i < 4; ++i)
        book.touch(c, Channel::phone,
                   random.uniform() < truth.back() ? Response::yes : Response::no);
    }
    const auto found = contact_channels(book.view(300));
    for (std::size_t c = 0; c < truth.size(); ++c) {
      held += truth[c] >= found.response_low[c] && truth[c] <= found.response_high[c];
      ++all;
    }
  }
  const double coverage = held / static_cast<double>(all);
  EXPECT_GT(coverage, 0.93);
  EXPECT_LT(coverage, 0.97);
}

TEST(ContactChannels, FromASales) {
  data::Tables tables;
  tables.orders =
      data::parse_csv("customer,date,amount\n1,2024-01-01,5\n2,2024-06-30,6\n", "o.csv");
  tables.contacts = data::parse_csv(
      "customer,contact,email_consent,phone_consent,opted_out_at\n"
      "1,a,yes,yes,2024-03-01\n1,b,yes,no,\n2,c,yes,yes,2024-05-01\n",
      "c.csv");
  const data::Sales sales(tables);
  const auto now = contact_channels(sales);
  ASSERT_EQ(now.customer.size(), 2u);
  EXPECT_EQ(now.contact[0], "b");
  EXPECT_EQ(now.channel[0], RecommendedChannel::email);
  EXPECT_EQ(now.channel[1], RecommendedChannel::none);
  const auto before = contact_channels(sales.as_of_day(data::parse_date("2024-02-01")));
  EXPECT_EQ(before.channel[0], RecommendedChannel::phone);
  EXPECT_EQ(before.contact[0], "a");
  EXPECT_EQ(before.channel[1], RecommendedChannel::phone);
}

TEST(ContactChannels, BadOptionsAreTold) {
  const auto message = [](const auto& call) -> std::string {
    try {
      call();
    } catch (const InvalidArgument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message([] { contact_channels(ContactChannelsView{}, {.channels = {}}); }),
            "contact_channels: channels is empty; name one, as channels=['email']");
  EXPECT_EQ(message([] { contact_channels(ContactChannelsView{}, {.level = 1}); }),
            "contact_channels: level must lie between 0 and 1");
  EXPECT_NE(message([] { parse_channel("emial"); }).find("did you mean 'email'?"),
            std::string::npos);
  EXPECT_NE(message([] { parse_consent_rule("any"); }).find("is none of"), std::string::npos);
}

}  // namespace emptor::customers
