#include "mining/occasions.hpp"

#include "core/parallel.hpp"
#include "mining/random_table.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::size_t kCustomers = 64;  // a block
constexpr double kNoChance = 1e-6;      // variance below which the margins decide

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

// First days of the periods, and the day after the last one.
std::vector<data::Day> period_begins(const data::Span& period, data::Day first, data::Day last) {
  std::vector<data::Day> begins{first};
  while (begins.back() <= last) {
    const auto k = static_cast<std::int64_t>(begins.size()) * period.count;
    const auto count = static_cast<int>(std::min<std::int64_t>(k, 4'000'000));
    begins.push_back(std::max(data::add(first, {count, period.unit}), begins.back() + 1));
  }
  return begins;
}

// The purchases of one customer within one period, and room to work in.
class Builder {
 public:
  Builder(const PurchasesView& purchases, const Availability& availability)
      : p_(purchases), availability_(availability) {
    out_.unavailable.assign(at(p_.n_items), 0);
  }

  void add(std::size_t begin, std::size_t end) {
    std::int32_t visits = 0;
    entries_.clear();
    for (std::size_t i = begin; i < end; ++i) {
      if (i == begin || p_.day[i] != p_.day[i - 1]) ++visits;
      entries_.emplace_back(p_.item[i], visits - 1);
    }
    out_.n_visits += visits;
    if (visits < 2) return;
    out_.n_visits_compared += visits;
    std::sort(entries_.begin(), entries_.end());
    keep_on_sale(p_.day[begin], p_.day[end - 1]);
    sizes_.assign(at(visits), 0);
    for (const auto& [item, visit] : entries_) ++sizes_[at(visit)];
    classify();
    append(p_.customer[begin], visits);
  }

  Occasions take() { return std::move(out_); }

 private:
  // The table holds only what was on sale throughout: what was not is no measure of how much a
  // visit takes.
  void keep_on_sale(data::Day from, data::Day to) {
    std::int32_t last = -1;
    bool on_sale = false;
    std::erase_if(entries_, [&](const auto& entry) {
      if (entry.first != last) {
        last = entry.first;
        on_sale = availability_.on_sale(last, from, to);
        if (!on_sale) out_.unavailable[at(last)] = 1;
      }
      return !on_sale;
    });
  }

  // Classes of equally frequent items and of visits of equal size.
  void classify() {
    frequency_.clear();
    for (std::size_t i = 0; i < entries_.size();) {
      std::size_t end = i;
      while (end < entries_.size() && entries_[end].first == entries_[i].first) ++end;
      frequency_.push_back(static_cast<int>(end - i));
      i = end;
    }
    std::sort(frequency_.begin(), frequency_.end());
    kinds_.clear();
    for (const int f : frequency_) {
      if (kinds_.empty() || kinds_.back().visits != f) kinds_.push_back({f, 0});
      ++kinds_.back().count;
    }
    sorted_sizes_ = sizes_;
    std::sort(sorted_sizes_.begin(), sorted_sizes_.end());
    visits_.clear();
    for (const int s : sorted_sizes_) {
      if (visits_.empty() || visits_.back().size != s) visits_.push_back({s, 0});
      ++visits_.back().count;
    }
  }

  void append(std::int32_t customer, std::int32_t n) {
    const RandomTable chance(kinds_, visits_);
    Occasions::Stratum s;
    s.customer = customer;
    s.visits = n;
    s.first = out_.item.size();
    s.words = (n + 63) / 64;
    s.mask = out_.mask.size();
    s.table = out_.table.size();
    s.classes = static_cast<std::int32_t>(kinds_.size());
    for (std::size_t i = 0; i < entries_.size();) {
      const std::int32_t code = entries_[i].first;
      std::size_t end = i;
      while (end < entries_.size() && entries_[end].first == code) ++end;
      const auto visits = static_cast<std::int32_t>(end - i);
      if (visits < n) add_item(s, code, i, end);
      i = end;
    }
    s.items = static_cast<std::int32_t>(out_.item.size() - s.first);
    if (s.items < 2) {
      out_.item.resize(s.first);
      out_.mask.resize(s.mask);
      return;
    }
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      for (std::size_t j = 0; j < kinds_.size(); ++j) {
        const bool open = chance.variance(i, j) > kNoChance;
        out_.table.push_back({open ? chance.expected(i, j) : 0, open ? chance.variance(i, j) : 0});
      }
    }
    out_.stratum.push_back(s);
  }

  void add_item(const Occasions::Stratum& s, std::int32_t code, std::size_t begin,
                std::size_t end) {
    const auto visits = static_cast<int>(end - begin);
    const auto kind = std::lower_bound(kinds_.begin(), kinds_.end(), visits,
                                       [](const auto& k, int f) { return k.visits < f; });
    out_.item.push_back({code, static_cast<std::int32_t>(kind - kinds_.begin()), visits});
    const std::size_t mask = out_.mask.size();
    out_.mask.resize(mask + at(s.words), 0);
    for (std::size_t i = begin; i < end; ++i) {
      const auto v = at(entries_[i].second);
      out_.mask[mask + v / 64] |= std::uint64_t{1} << (v % 64);
    }
  }

  const PurchasesView& p_;
  const Availability& availability_;
  std::vector<int> sizes_, sorted_sizes_, frequency_;
  std::vector<std::pair<std::int32_t, std::int32_t>> entries_;  // (item, visit)
  std::vector<RandomTable::Items> kinds_;
  std::vector<RandomTable::Visits> visits_;
  Occasions out_;
};

void append(Occasions& all, const Occasions& part) {
  for (Occasions::Stratum s : part.stratum) {
    s.first += all.item.size();
    s.mask += all.mask.size();
    s.table += all.table.size();
    all.stratum.push_back(s);
  }
  all.item.insert(all.item.end(), part.item.begin(), part.item.end());
  all.mask.insert(all.mask.end(), part.mask.begin(), part.mask.end());
  all.table.insert(all.table.end(), part.table.begin(), part.table.end());
  all.n_visits += part.n_visits;
  all.n_visits_compared += part.n_visits_compared;
  if (all.unavailable.size() < part.unavailable.size()) {
    all.unavailable.resize(part.unavailable.size(), 0);
  }
  for (std::size_t i = 0; i < part.unavailable.size(); ++i) {
    all.unavailable[i] |= part.unavailable[i];
  }
}

}  // namespace

Occasions make_occasions(std::span<const PurchasesView> parts,
                         std::span<const Availability> availability, const data::Span& period,
                         const Context& context) {
  Occasions all;
  std::vector<std::int32_t> customers;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const PurchasesView& p = parts[k];
    if (p.customer.empty()) continue;
    const auto [low, high] = std::minmax_element(p.day.begin(), p.day.end());
    // The same periods in all parts where the days observed are given.
    const data::Day first = p.first_day == data::kNoDay ? *low : p.first_day;
    const auto begins = period_begins(period, first, *high);
    std::vector<std::size_t> begin;  // per customer
    for (std::size_t i = 0; i < p.customer.size(); ++i) {
      if (i > 0 && p.customer[i] == p.customer[i - 1]) continue;
      begin.push_back(i);
      customers.push_back(p.customer[i]);
    }
    begin.push_back(p.customer.size());
    const auto blocks = core::parallel_map<Occasions>(
        context, begin.size() - 1, kCustomers, [&](std::size_t from, std::size_t to) {
          Builder builder(p, availability[k]);
          for (std::size_t i = begin[from]; i < begin[to];) {
            const auto period_end = *std::upper_bound(begins.begin(), begins.end(), p.day[i]);
            std::size_t end = i;
            while (end < begin[to] && p.customer[end] == p.customer[i] && p.day[end] < period_end) {
              ++end;
            }
            builder.add(i, end);
            i = end;
          }
          return builder.take();
        });
    for (const Occasions& block : blocks) append(all, block);
  }
  std::sort(customers.begin(), customers.end());
  customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
  all.n_customers = static_cast<std::int64_t>(customers.size());
  std::stable_sort(all.stratum.begin(), all.stratum.end(),
                   [](const auto& x, const auto& y) { return x.customer < y.customer; });
  return all;
}

}  // namespace emptor::mining
