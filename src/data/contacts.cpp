#include "emptor/data/contacts.hpp"

#include "data/facts.hpp"
#include "data/ids.hpp"
#include "data/ingest.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace emptor::data {

namespace {

enum class Flag : std::uint8_t { missing, no, yes, unreadable };

Flag flag_of(const Batch& batch, std::size_t i) {
  if (batch.kind == Batch::Kind::nothing || !batch.has(i)) return Flag::missing;
  const auto number = [](double value) {
    return value == 0 ? Flag::no : value == 1 ? Flag::yes : Flag::unreadable;
  };
  if (batch.kind == Batch::Kind::integers) return number(static_cast<double>(batch.integers[i]));
  if (batch.kind == Batch::Kind::reals) return number(batch.reals[i]);
  constexpr std::array<std::string_view, 9> kYes{"1",  "yes",   "y",       "true",      "t",
                                                 "on", "optin", "allowed", "subscribed"};
  constexpr std::array<std::string_view, 10> kNo{
      "0", "no", "n", "false", "f", "off", "optout", "refused", "unsubscribed", "never"};
  if (batch.texts[i].data() == nullptr || batch.texts[i].empty()) return Flag::missing;
  const std::string word = normalised(batch.texts[i]);
  if (std::find(kYes.begin(), kYes.end(), word) != kYes.end()) return Flag::yes;
  if (std::find(kNo.begin(), kNo.end(), word) != kNo.end()) return Flag::no;
  return Flag::unreadable;
}

/// The words of a column of yes and no. What is neither is reported with what it is taken as.
std::vector<Flag> read_flags(Ingestion& in, const PlannedTable& table, std::string_view role,
                             std::string_view taken_as) {
  const InputColumn* source = table.column(role);
  if (source == nullptr) return {};
  const ColumnReader reader(*source);
  std::vector<Flag> out(reader.rows());
  Tally unreadable;
  Batch batch;
  for_batches(reader, 0, reader.rows(), batch, [&](std::size_t row, const Batch& values) {
    for (std::size_t i = 0; i < values.rows; ++i) {
      out[row + i] = flag_of(values, i);
      if (out[row + i] == Flag::unreadable) unreadable.add(row + i);
    }
  });
  in.recognised(table, role, *source, "yes or no");
  if (unreadable.n > 0) {
    add_finding(in.facts->quality, Finding::suspicious, table.schema->name, role, "unreadable_flag",
                counted(unreadable.n, "value is", "values are") +
                    " neither yes nor no and taken as " + std::string(taken_as) + ".",
                unreadable.n, examples_of(unreadable, table.positions));
  }
  return out;
}

/// The channel a word stands for, kChannels for none.
std::size_t channel_of(std::string_view text) {
  constexpr std::array<std::string_view, kChannels> kWords{
      " phone call calls telephone mobile voicemail outboundcall ",
      " email mail emailsent newsletter emailcampaign ", " sms text textmessage whatsapp ",
      " post letter postal directmail mailing catalog catalogue ", " survey nps questionnaire "};
  const std::string word = ' ' + normalised(text) + ' ';
  std::size_t c = 0;
  while (c < kChannels && kWords[c].find(word) == std::string_view::npos) ++c;
  return word.size() > 2 ? c : kChannels;
}

/// Rows by key, ties by row.
template <typename Key>
std::vector<std::size_t> ordered(std::vector<std::size_t> rows, Key key) {
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  return rows;
}

/// Rows with a customer; the others are reported and left out.
std::vector<std::size_t> rows_of_customers(Ingestion& in, const PlannedTable& table,
                                           const Rows<std::int32_t>& customers) {
  std::vector<std::size_t> rows;
  Tally missing;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    if (customers[i] >= 0)
      rows.push_back(i);
    else
      missing.add(i);
  }
  if (missing.n > 0) {
    add_finding(in.facts->quality, Finding::rejected, table.schema->name, "customer",
                "unreadable_id",
                counted(missing.n, "row has", "rows have") + " no readable customer and " +
                    (missing.n == 1 ? "is" : "are") + " left out.",
                missing.n, examples_of(missing, table.positions));
  }
  return rows;
}

TimeColumn times_of(Ingestion& in, const PlannedTable& table, std::string_view role,
                    const InputColumn& source) {
  const ColumnReader reader(source);
  TimeColumn time = read_times(reader, in.time_rules(), table.name_of(role, source),
                               table.positions, *in.context);
  in.recognised(table, role, source, time.as);
  return time;
}

/// What a row says of a channel: a no outweighs a yes.
Consent consent_of(Flag may, Flag may_not) {
  if (may == Flag::no || may == Flag::unreadable) return Consent::refused;
  if (may_not == Flag::yes || may_not == Flag::unreadable) return Consent::refused;
  return may == Flag::yes || may_not == Flag::no ? Consent::given : Consent::unknown;
}

std::vector<std::int64_t> read_opt_outs(Ingestion& in) {
  const InputColumn* source = in.contacts.column("opted_out_at");
  if (source == nullptr) return {};
  const TimeColumn time = times_of(in, in.contacts, "opted_out_at", *source);
  std::vector<std::int64_t> out(time.utc.begin(), time.utc.end());
  // A date nobody can read still says that the contact opted out: from the beginning.
  Batch batch;
  const ColumnReader reader(*source);
  for_batches(reader, 0, reader.rows(), batch, [&](std::size_t row, const Batch& values) {
    for (std::size_t i = 0; i < values.rows; ++i) {
      const bool said = values.kind != Batch::Kind::nothing && values.has(i) &&
                        (values.kind != Batch::Kind::texts || !values.texts[i].empty());
      if (said && out[row + i] == kNoTime) out[row + i] = kNoTime + 1;
    }
  });
  if (time.unreadable.n > 0) {
    add_finding(in.facts->quality, Finding::suspicious, "contacts", "opted_out_at",
                "unreadable_date",
                counted(time.unreadable.n, "date", "dates") +
                    " of opting out cannot be read and count from the beginning.",
                time.unreadable.n, examples_of(time.unreadable, in.contacts.positions));
  }
  return out;
}

}  // namespace

void ingest_contacts(Ingestion& in, const Rows<std::int32_t>& customers) {
  const PlannedTable& table = in.contacts;
  if (table.input == nullptr) return;
  ContactTable& out = in.facts->contacts;
  Rows<std::int32_t> contact;
  if (const InputColumn* source = table.column("contact")) {
    const ColumnReader reader(*source);
    const std::array<const ColumnReader*, 1> readers{&reader};
    CodedColumns coded = code_columns(readers, IdUse::id, *in.context);
    out.ids = coded.dictionary;
    contact = std::move(coded.columns[0].code);
    in.recognised(table, "contact", *source, id_words(*out.ids, coded.columns[0].made_whole));
  }
  std::array<std::vector<Flag>, kChannels> may, may_not;
  for (std::size_t c = 0; c < kChannels; ++c) {
    may[c] = read_flags(in, table, kChannelLabels[c], "refused");
    may_not[c] = read_flags(in, table, "no_" + std::string(kChannelLabels[c]), "refused");
  }
  const std::vector<std::int64_t> opted_out = read_opt_outs(in);
  const auto id = [&](std::size_t row) {
    return contact.empty() ? -1 : std::max(contact[row], -1);
  };
  for (const std::size_t row : ordered(rows_of_customers(in, table, customers), [&](std::size_t r) {
         return std::pair(customers[r], id(r));
       })) {
    out.customer.push_back(customers[row]);
    if (!contact.empty()) out.contact.push_back(id(row));
    out.opted_out.push_back(opted_out.empty() ? kNoTime : opted_out[row]);
    for (std::size_t c = 0; c < kChannels; ++c) {
      out.consent.push_back(consent_of(may[c].empty() ? Flag::missing : may[c][row],
                                       may_not[c].empty() ? Flag::missing : may_not[c][row]));
    }
  }
}

void ingest_touchpoints(Ingestion& in, const Rows<std::int32_t>& customers) {
  const PlannedTable& table = in.touchpoints;
  if (table.input == nullptr) return;
  Quality& quality = in.facts->quality;
  const TimeColumn time = times_of(in, table, "time", *table.column("time"));
  const InputColumn& words = *table.column("channel");
  const ColumnReader reader(words, false);
  const std::array<const ColumnReader*, 1> readers{&reader};
  const CodedColumns channels = code_columns(readers, IdUse::attribute, *in.context);
  in.recognised(table, "channel", words, "phone, email, sms, post or survey");
  std::vector<std::size_t> channel_of_code;
  for (std::int32_t code = 0; code < channels.dictionary->size(); ++code)
    channel_of_code.push_back(channel_of(channels.dictionary->to_string(code)));
  const std::vector<Flag> response = read_flags(in, table, "response", "not known");

  const auto channel = [&](std::size_t row) {
    const std::int32_t code = channels.columns[0].code[row];
    return code < 0 ? kChannels : channel_of_code[static_cast<std::size_t>(code)];
  };
  std::vector<std::size_t> rows;
  Tally undated, elsewhere;
  for (const std::size_t row : rows_of_customers(in, table, customers)) {
    if (time.utc[row] == kNoTime)
      undated.add(row);
    else if (channel(row) == kChannels)
      elsewhere.add(row);
    else
      rows.push_back(row);
  }
  if (undated.n > 0) {
    add_finding(quality, Finding::rejected, "touchpoints", "time", "missing_date",
                counted(undated.n, "row has", "rows have") + " no readable time and " +
                    (undated.n == 1 ? "is" : "are") + " left out.",
                undated.n, examples_of(undated, table.positions));
  }
  if (elsewhere.n > 0) {
    add_finding(quality, Finding::note, "touchpoints", "channel", "other_channel",
                counted(elsewhere.n, "row is", "rows are") +
                    " of no channel a customer is reached by (phone, email, sms, post, survey) "
                    "and not used.",
                elsewhere.n, examples_of(elsewhere, table.positions, [&](std::int64_t row) {
                  return reader.found(static_cast<std::size_t>(row));
                }));
  }
  TouchpointTable& out = in.facts->touchpoints;
  for (const std::size_t row : ordered(std::move(rows), [&](std::size_t r) {
         return std::tuple(time.utc[r], customers[r], channel(r));
       })) {
    out.customer.push_back(customers[row]);
    out.time.push_back(time.utc[row]);
    out.day.push_back(time.day[row]);
    out.channel.push_back(static_cast<Channel>(channel(row)));
    const Flag said = response.empty() ? Flag::missing : response[row];
    out.response.push_back(said == Flag::yes  ? Response::yes
                           : said == Flag::no ? Response::no
                                              : Response::unknown);
  }
}

void resolve_contacts(const SalesFacts& facts, std::int64_t moment, ResolvedSales& out) {
  const ContactTable& contacts = facts.contacts;
  out.consent = contacts.consent;
  for (std::size_t i = 0; i < contacts.customer.size(); ++i) {
    if (contacts.opted_out[i] == kNoTime || contacts.opted_out[i] > moment) continue;
    std::fill_n(out.consent.begin() + static_cast<std::ptrdiff_t>(i * kChannels), kChannels,
                Consent::refused);
  }
  out.contacts = {contacts.ids, contacts.contact, contacts.customer, out.consent};
  const TouchpointTable& touched = facts.touchpoints;
  const auto known = static_cast<std::size_t>(
      std::upper_bound(touched.time.begin(), touched.time.end(), moment) - touched.time.begin());
  const auto first = [&](const auto& column) { return std::span(column).first(known); };
  out.touchpoints = {first(touched.customer), first(touched.time), first(touched.day),
                     first(touched.channel), first(touched.response)};
}

}  // namespace emptor::data
