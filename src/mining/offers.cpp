#include "emptor/mining/offers.hpp"

#include "emptor/core/error.hpp"

#include "core/bytes.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

namespace emptor::mining {
namespace {

using core::ByteReader;
using core::ByteWriter;

constexpr std::string_view kWhat = "offers";
constexpr std::uint32_t kVersion = 1;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Pairs by who they speak to, in compressed-row form.
struct Lists {
  std::vector<std::int64_t> begin{0};
  std::vector<std::int32_t> to{}, because{};
  std::vector<double> p{}, low{};
};

using Owned = std::pair<std::int32_t, OfferPair>;

Lists lists_of(std::vector<Owned> pairs, std::int32_t owners, int most) {
  std::sort(pairs.begin(), pairs.end(), [](const Owned& a, const Owned& b) {
    return std::tuple(a.first, -a.second.probability_low, a.second.to, a.second.from) <
           std::tuple(b.first, -b.second.probability_low, b.second.to, b.second.from);
  });
  Lists lists;
  std::size_t i = 0;
  for (std::int32_t owner = 0; owner < owners; ++owner) {
    for (int kept = 0; i < pairs.size() && pairs[i].first == owner; ++i, ++kept) {
      if (kept >= most) continue;
      const OfferPair& pair = pairs[i].second;
      lists.to.push_back(pair.to);
      lists.because.push_back(pair.from);
      lists.p.push_back(pair.probability);
      lists.low.push_back(pair.probability_low);
    }
    lists.begin.push_back(static_cast<std::int64_t>(lists.to.size()));
  }
  return lists;
}

bool is_share(double x) noexcept { return x >= 0 && x <= 1; }

/// What must hold of lists, whoever made them; "" or what does not.
const char* fault_of(const Lists& lists, std::int32_t owners, std::int32_t items) {
  const std::size_t n = lists.to.size();
  if (lists.begin.size() != at(owners) + 1 || lists.begin.front() != 0 ||
      lists.begin.back() != static_cast<std::int64_t>(n) ||
      !std::is_sorted(lists.begin.begin(), lists.begin.end()))
    return "where lists begin";
  if (lists.because.size() != n || lists.p.size() != n || lists.low.size() != n)
    return "the length of lists";
  const auto code = [items](std::int32_t i) { return i >= 0 && i < items; };
  if (!std::all_of(lists.to.begin(), lists.to.end(), code) ||
      !std::all_of(lists.because.begin(), lists.because.end(), code))
    return "an item";
  for (std::size_t i = 0; i < n; ++i)
    if (!is_share(lists.p[i]) || !is_share(lists.low[i])) return "a probability";
  return "";
}

void write_lists(const Lists& lists, ByteWriter& out) {
  out.numbers(lists.begin);
  out.numbers(lists.to);
  out.numbers(lists.because);
  out.numbers(lists.p);
  out.numbers(lists.low);
}

Lists read_lists(ByteReader& in, std::int32_t owners, std::int32_t items) {
  constexpr const char* kList = "a list of offers";
  Lists lists;
  lists.begin = in.numbers<std::int64_t>(kList);
  lists.to = in.numbers<std::int32_t>(kList);
  lists.because = in.numbers<std::int32_t>(kList);
  lists.p = in.numbers<double>(kList);
  lists.low = in.numbers<double>(kList);
  if (lists.begin.empty()) ByteReader::fail(kList);
  if (const char* fault = fault_of(lists, owners, items); *fault != '\0') ByteReader::fail(fault);
  return lists;
}

}  // namespace

OfferValue parse_offer_value(std::string_view text) {
  if (text == "none") return OfferValue::none;
  if (text == "amount") return OfferValue::amount;
  if (text == "margin") return OfferValue::margin;
  throw InvalidArgument("value: '" + std::string(text.substr(0, 40)) +
                        "' is not known; write \"amount\", \"margin\" or None");
}

std::span<const std::string_view> offer_source_labels() noexcept {
  static constexpr std::array<std::string_view, 2> labels{"basket", "customer"};
  return labels;
}

struct OfferTable::Table {
  std::shared_ptr<const Dictionary> items = std::make_shared<const Dictionary>();
  std::vector<std::int64_t> name_end{};  ///< per item, in name_bytes
  std::string name_bytes{};
  std::vector<double> amount{}, margin{};
  Lists together{};
  std::shared_ptr<const Dictionary> customers = std::make_shared<const Dictionary>();
  Lists of_customer{};
  std::int64_t moment = 0;
};

OfferTable::OfferTable() : table_(std::make_shared<const Table>()) {}

OfferTable::OfferTable(std::shared_ptr<const Table> table) noexcept : table_(std::move(table)) {}

OfferTable::OfferTable(const OfferParts& parts, int neighbors) {
  const auto need = [](bool good, const std::string& what) {
    if (!good) throw InvalidArgument("OfferTable: " + what);
  };
  need(neighbors >= 1, "neighbors is " + std::to_string(neighbors) + "; write 1 or more");
  need(parts.items != nullptr, "items is missing");
  const std::int32_t n = parts.items->size();
  const auto length = [&](std::size_t found, const char* what) {
    need(found == at(n), std::string(what) + " has " + std::to_string(found) + " entries for " +
                             std::to_string(n) + " items");
  };
  length(parts.names.size(), "names");
  length(parts.amount.size(), "amount");
  if (!parts.margin.empty()) length(parts.margin.size(), "margin");
  auto table = std::make_shared<Table>();
  table->items = parts.items;
  for (const std::string& name : parts.names) {
    table->name_bytes += name;
    table->name_end.push_back(static_cast<std::int64_t>(table->name_bytes.size()));
  }
  table->amount = parts.amount;
  table->margin = parts.margin;
  table->moment = parts.moment;
  if (parts.customers) table->customers = parts.customers;
  const std::int32_t n_customers = table->customers->size();
  const auto check = [&](const std::vector<Owned>& pairs, std::int32_t owners, const char* whose) {
    for (const auto& [owner, pair] : pairs) {
      need(owner >= 0 && owner < owners, std::string("a pair is of ") + whose + " " +
                                             std::to_string(owner) + " of " +
                                             std::to_string(owners));
      need(pair.to >= 0 && pair.to < n && pair.from >= 0 && pair.from < n,
           "a pair holds item " +
               std::to_string(pair.to >= 0 && pair.to < n ? pair.from : pair.to) + " of " +
               std::to_string(n));
      need(is_share(pair.probability) && is_share(pair.probability_low),
           "a probability is not between 0 and 1");
    }
  };
  std::vector<Owned> pairs;
  pairs.reserve(parts.pairs.size());
  for (const OfferPair& pair : parts.pairs) pairs.emplace_back(pair.from, pair);
  check(pairs, n, "item");
  check(parts.customer_pairs, n_customers, "customer");
  table->together = lists_of(std::move(pairs), n, neighbors);
  table->of_customer = lists_of(parts.customer_pairs, n_customers, neighbors);
  table_ = std::move(table);
}

std::size_t OfferTable::recommend(std::span<const std::int32_t> basket, std::span<Offer> out,
                                  OfferValue value, std::int32_t customer) const noexcept {
  const Table& t = *table_;
  std::size_t n = 0;
  const auto worse = [](const Offer& a, double score, std::int32_t item) {
    return a.score != score ? a.score < score : a.item > item;
  };
  // Keeps `out` sorted. A better reason for an item takes the place of its earlier one.
  const auto add = [&](const Lists& lists, std::int64_t k, OfferSource source) {
    const std::int32_t item = lists.to[at(k)];
    const double worth = value == OfferValue::none     ? 1.0
                         : value == OfferValue::amount ? t.amount[at(item)]
                         : t.margin.empty()            ? 0.0
                                                       : t.margin[at(item)];
    const double score = lists.low[at(k)] * worth;
    if (!(score > 0)) return;
    if (n == out.size() && !worse(out[n - 1], score, item)) return;
    for (const std::int32_t own : basket)
      if (own == item) return;
    std::size_t place = 0;
    while (place < n && out[place].item != item) ++place;
    if (place < n && out[place].score >= score) return;
    if (place == n) {
      if (n < out.size()) ++n;
      place = n - 1;
    }
    while (place > 0 && worse(out[place - 1], score, item)) {
      out[place] = out[place - 1];
      --place;
    }
    out[place] = {item, lists.because[at(k)], source, lists.p[at(k)], lists.low[at(k)], worth,
                  score};
  };
  if (out.empty()) return 0;
  for (const std::int32_t own : basket) {
    if (own < 0 || own >= t.items->size()) continue;
    for (auto k = t.together.begin[at(own)]; k < t.together.begin[at(own) + 1]; ++k)
      add(t.together, k, OfferSource::basket);
  }
  if (customer >= 0 && customer < t.customers->size())
    for (auto k = t.of_customer.begin[at(customer)]; k < t.of_customer.begin[at(customer) + 1]; ++k)
      add(t.of_customer, k, OfferSource::customer);
  return n;
}

const Dictionary& OfferTable::items() const noexcept { return *table_->items; }
const Dictionary& OfferTable::customers() const noexcept { return *table_->customers; }
bool OfferTable::has_margins() const noexcept { return !table_->margin.empty(); }
std::int64_t OfferTable::moment() const noexcept { return table_->moment; }

std::int64_t OfferTable::pairs() const noexcept {
  return static_cast<std::int64_t>(table_->together.to.size());
}

std::int64_t OfferTable::customer_pairs() const noexcept {
  return static_cast<std::int64_t>(table_->of_customer.to.size());
}

std::string_view OfferTable::name(std::int32_t item) const noexcept {
  const auto& end = table_->name_end;
  if (item < 0 || at(item) >= end.size()) return {};
  const std::int64_t from = item == 0 ? 0 : end[at(item) - 1];
  return std::string_view(table_->name_bytes).substr(at(from), at(end[at(item)] - from));
}

std::int32_t OfferTable::find(std::string_view text) const {
  const std::int32_t code = table_->items->find(text);
  if (code >= 0) return code;
  std::vector<std::string> names;
  for (std::int32_t i = 0; i < table_->items->size(); ++i) {
    names.emplace_back(name(i));
    if (names.back() == text) return i;
  }
  const std::string nearest = data::nearest(text, names);
  throw DataError("recommend: basket: '" + std::string(text.substr(0, 40)) +
                  "' is neither an id nor a name of an item of the table" +
                  (nearest.empty() ? "" : "; the nearest name is '" + nearest.substr(0, 60) + "'"));
}

std::string OfferTable::to_bytes() const {
  const Table& t = *table_;
  ByteWriter out;
  out.number(t.moment);
  core::write_dictionary(*t.items, out);
  out.numbers(t.name_end);
  out.text(t.name_bytes);
  out.numbers(t.amount);
  out.numbers(t.margin);
  write_lists(t.together, out);
  core::write_dictionary(*t.customers, out);
  write_lists(t.of_customer, out);
  return core::sealed(kWhat, kVersion, std::move(out).take());
}

OfferTable OfferTable::from_bytes(std::string_view bytes) {
  ByteReader in(core::unsealed(bytes, kWhat, kVersion).payload);
  auto table = std::make_shared<Table>();
  table->moment = in.number<std::int64_t>("the moment");
  table->items = core::read_dictionary(in);
  const std::int32_t n = table->items->size();
  table->name_end = in.numbers<std::int64_t>("the names");
  table->name_bytes = in.text("the names");
  const auto& end = table->name_end;
  if (end.size() != at(n) || !std::is_sorted(end.begin(), end.end()) ||
      (n > 0 &&
       (end.front() < 0 || end.back() != static_cast<std::int64_t>(table->name_bytes.size()))))
    ByteReader::fail("the names");
  table->amount = in.numbers<double>("the amounts");
  table->margin = in.numbers<double>("the margins");
  if (table->amount.size() != at(n)) ByteReader::fail("the amounts");
  if (!table->margin.empty() && table->margin.size() != at(n)) ByteReader::fail("the margins");
  table->together = read_lists(in, n, n);
  table->customers = core::read_dictionary(in);
  table->of_customer = read_lists(in, table->customers->size(), n);
  in.end();
  return OfferTable(std::move(table));
}

void OfferTable::save(const std::string& path) const { core::write_file(path, to_bytes()); }

OfferTable OfferTable::load(const std::string& path) {
  const std::string bytes = core::read_file(path);
  try {
    return from_bytes(bytes);
  } catch (const FormatError& error) {
    throw FormatError("'" + path + "': " + error.what());
  }
}

}  // namespace emptor::mining
