#include "emptor/data/contacts.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace emptor::data {
namespace {

const std::string kOrders = "customer,date,amount\n1,2024-01-01,5\n2,2024-06-30,6\n";

Sales with(const std::string& contacts, const std::string& touchpoints = "") {
  Tables tables;
  tables.orders = parse_csv(kOrders, "orders.csv");
  if (!contacts.empty()) tables.contacts = parse_csv(contacts, "contacts.csv");
  if (!touchpoints.empty()) tables.touchpoints = parse_csv(touchpoints, "touchpoints.csv");
  return Sales(tables);
}

/// "1: phone+ email-" per contact: the channels with a word on record.
std::string told(const Sales& sales) {
  const Contacts& contacts = sales.contacts();
  std::string out;
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    out += sales.customers().ids->to_string(contacts.customer[i]) + ':';
    for (std::size_t c = 0; c < kChannels; ++c) {
      const Consent consent = contacts.of(i, static_cast<Channel>(c));
      if (consent == Consent::unknown) continue;
      out += ' ' + std::string(kChannelLabels[c]) + (consent == Consent::given ? '+' : '-');
    }
    out += '\n';
  }
  return out;
}

TEST(Contacts, ConsentSaidEitherWay) {
  EXPECT_EQ(told(with("customer_id,Accepts Email Marketing,DoNotCall,sms_consent\n"
                      "1,yes,1,\n2,no,0,TRUE\n3,,,\n")),
            "1: phone- email+\n2: phone+ email- sms+\n3:\n");
}

TEST(Contacts, ANoOutweighsAYesAndWhatCannotBeReadIsANo) {
  const Sales sales = with("customer,email,no_email,phone\n1,yes,yes,perhaps\n2,yes,no,y\n");
  EXPECT_EQ(told(sales), "1: phone- email-\n2: phone+ email+\n");
  EXPECT_EQ(message_of(sales.quality(), "unreadable_flag"),
            "1 value is neither yes nor no and taken as refused. [line 2]");
}

TEST(Contacts, AnOptOutCountsFromItsTime) {
  const Sales sales = with("customer,email_consent,opted_out_at\n1,yes,2024-03-01\n2,yes,\n");
  EXPECT_EQ(told(sales), "1: phone- email- sms- post- survey-\n2: email+\n");
  EXPECT_EQ(told(sales.as_of_day(parse_date("2024-02-28"))), "1: email+\n2: email+\n");
}

TEST(Contacts, AnOptOutWithADateNobodyCanReadCounts) {
  const Sales sales =
      with("customer,email_consent,opted_out_at\n1,yes,2024-03-01\n2,yes,2024-13-77\n");
  EXPECT_EQ(told(sales.as_of_day(parse_date("2024-01-10"))),
            "1: email+\n2: phone- email- sms- post- survey-\n");
  EXPECT_EQ(count_of(sales.quality(), "unreadable_date"), 1);
}

TEST(Contacts, SeveralContactsOfACustomerStandInOrder) {
  const Sales sales = with("customer,contact_id,email_consent\n2,b,yes\n1,c,no\n2,a,no\n,d,yes\n");
  EXPECT_EQ(told(sales), "1: email-\n2: email-\n2: email+\n");
  const Contacts& contacts = sales.contacts();
  EXPECT_EQ(contacts.ids->to_string(contacts.contact[1]), "a");
  EXPECT_EQ(message_of(sales.quality(), "unreadable_id"),
            "1 row has no readable customer and is left out. [line 5]");
}

TEST(Contacts, TouchpointsByTimeAndKnownAtTheMoment) {
  const Sales sales = with("",
                           "customer,occurred_at,channel,answered\n"
                           "2,2024-05-01,E-mail,no\n1,2024-01-05,Call,yes\n1,2024-02-01,NPS,\n"
                           "1,2024-01-06,web visit,yes\n1,never,call,yes\n9,2024-07-01,sms,no\n");
  const Touchpoints& all = sales.touchpoints();
  ASSERT_EQ(all.size(), 3u);  // that of July lies after the data
  EXPECT_EQ(all.channel[0], Channel::phone);
  EXPECT_EQ(all.channel[1], Channel::survey);
  EXPECT_EQ(all.channel[2], Channel::email);
  EXPECT_EQ(all.response[0], Response::yes);
  EXPECT_EQ(all.response[1], Response::unknown);
  EXPECT_EQ(all.response[2], Response::no);
  EXPECT_EQ(iso_date(all.day[1]), "2024-02-01");
  EXPECT_EQ(sales.as_of_day(parse_date("2024-01-31")).touchpoints().size(), 1u);
  EXPECT_EQ(sales.as_of_day(parse_date("2024-07-01")).touchpoints().size(), 4u);
  EXPECT_EQ(message_of(sales.quality(), "other_channel"),
            "1 row is of no channel a customer is reached by (phone, email, sms, post, survey) and "
            "not used. [line 5: 'web visit']");
  EXPECT_EQ(message_of(sales.quality(), "missing_date"),
            "1 row has no readable time and is left out. [line 6]");
}

TEST(Contacts, WithoutTheTablesThereIsNothing) {
  const Sales sales = with("");
  EXPECT_EQ(sales.contacts().size(), 0u);
  EXPECT_EQ(sales.touchpoints().size(), 0u);
}

TEST(Contacts, AMissingColumnIsNamed) {
  EXPECT_NE(
      error_of("customer,date,amount\n1,2024-01-01,5\n", {.columns = {{"contacts.email", "mail"}}})
          .find("contacts, which was not given"),
      std::string::npos);
}

}  // namespace
}  // namespace emptor::data
