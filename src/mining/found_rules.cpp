#include "mining/found_rules.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::size_t kRules = 4096;  // per block of work

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

std::int64_t size_of(const ItemsetCountsView& sets, std::int32_t row) {
  return sets.offset[index(row) + 1] - sets.offset[index(row)];
}

// The items of one side of the rules.
void write_side(const ItemsetCountsView& sets, std::span<const Split> splits,
                std::int32_t Split::*side, std::vector<std::int64_t>& offset,
                std::vector<std::int32_t>& item, const Context& context) {
  const std::size_t n = splits.size();
  offset.clear();
  core::resize_in_large_pages(offset, n + 1);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sum += size_of(sets, splits[i].*side);
    offset[i + 1] = sum;
  }
  core::resize_in_large_pages(item, index(sum));
  core::parallel_ranges(context, n, kRules, [&](std::size_t begin, std::size_t end) {
    std::int32_t* to = item.data() + offset[begin];
    for (std::size_t i = begin; i < end; ++i) {
      const std::int32_t row = splits[i].*side;
      const std::int32_t* from = sets.item.data() + sets.offset[index(row)];
      for (std::int64_t left = size_of(sets, row); left > 0; --left) *to++ = *from++;
    }
  });
}

void write_expected(const ItemsetCountsView& sets, std::span<const Split> splits,
                    AssociationRules& to, const Context& context) {
  const std::size_t n = splits.size();
  for (auto* column : {&to.expected, &to.excess}) core::resize_in_large_pages(*column, n);
  core::parallel_ranges(context, n, kRules, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      to.expected[i] = expected_of(sets, splits[i]);
      to.excess[i] = static_cast<double>(sets.count[index(splits[i].set)]) - to.expected[i];
    }
  });
}

void write_counts(const ItemsetCountsView& sets, std::span<const Split> splits,
                  AssociationRules& to, const Context& context) {
  const std::size_t n = splits.size();
  for (auto* column : {&to.n_baskets, &to.n_antecedent, &to.n_consequent})
    core::resize_in_large_pages(*column, n);
  core::parallel_ranges(context, n, kRules, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      to.n_baskets[i] = sets.count[index(splits[i].set)];
      to.n_antecedent[i] = sets.count[index(splits[i].antecedent)];
      to.n_consequent[i] = sets.count[index(splits[i].consequent)];
    }
  });
}

}  // namespace

FoundRules::FoundRules(const ItemsetCountsView& sets, std::int32_t n_items,
                       const RulesOfItemsetsOptions& options,
                       std::vector<std::vector<Split>> blocks, std::size_t found, std::size_t n)
    : offset_(sets.offset.begin(), sets.offset.end()),
      item_(sets.item.begin(), sets.item.end()),
      count_(sets.count.begin(), sets.count.end()),
      baskets_(sets.baskets),
      n_items_(n_items),
      options_(options),
      found_(found),
      n_(n),
      blocks_(std::move(blocks)) {
  std::vector<std::int64_t> ids(index(n_items));
  std::iota(ids.begin(), ids.end(), std::int64_t{0});
  items_ = Dictionary::from_integers(std::move(ids));
}

ItemsetCountsView FoundRules::view() const noexcept {
  return {offset_, item_, count_, {}, baskets_};
}

RuleMeasures FoundRules::measures_of(const AssociationRules& rules, const Context& context) const {
  return rule_measures(
      {rules.n_baskets, rules.n_antecedent, rules.n_consequent, baskets_, {}, {}},
      {.measures = options_.measures, .level = options_.level, .intervals = options_.intervals},
      context);
}

AssociationRules FoundRules::none() const {
  AssociationRules result;
  result.baskets = baskets_;
  result.single = options_.max_consequent == 1;
  result.n_found = static_cast<std::int64_t>(found_);
  result.truncated = n_ < found_;
  result.items = items_;
  result.measures = measures_of(result, {});
  return result;
}

void FoundRules::check() const {
  const auto some = std::find_if(blocks_.begin(), blocks_.end(),
                                 [](const auto& block) { return !block.empty(); });
  AssociationRules rule = none();
  if (some == blocks_.end()) return;
  write_counts(view(), std::span(*some).first(1), rule, {});
  static_cast<void>(measures_of(rule, {}));
}

// The first splits, up to `end` at least. A few of them are sorted by themselves.
FoundRules::Splits FoundRules::sorted(std::size_t end, const Context& context) const {
  const std::scoped_lock lock(mutex_);
  if (sorted_) return sorted_;
  const bool few = end < n_ / 2;
  auto splits = std::make_shared<const core::LargeArray<Split>>(
      first_splits(view(), n_items_, blocks_, few ? end : n_, context));
  if (!few) {
    sorted_ = splits;
    blocks_.clear();
    blocks_.shrink_to_fit();
  }
  return splits;
}

AssociationRules FoundRules::write(Columns which, std::size_t begin, std::size_t end,
                                   const Context& context) const {
  const Splits all = sorted(end, context);
  const auto splits = std::span<const Split>(all->data(), all->size()).subspan(begin, end - begin);
  const ItemsetCountsView sets = view();
  AssociationRules to = none();
  const bool every = which == Columns::all;
  if (every || which == Columns::antecedent) {
    write_side(sets, splits, &Split::antecedent, to.antecedent_offset, to.antecedent, context);
  }
  if (every || which == Columns::consequent) {
    write_side(sets, splits, &Split::consequent, to.consequent_offset, to.consequent, context);
  }
  if (every || which == Columns::expected) write_expected(sets, splits, to, context);
  if (every || which == Columns::counts || which == Columns::measures) {
    write_counts(sets, splits, to, context);
  }
  if (every || which == Columns::measures) to.measures = measures_of(to, context);
  return to;
}

std::size_t DeferredRules::size() const noexcept { return found->size(); }

std::vector<Scalar> DeferredRules::info() const { return found->none().info(); }

AssociationRules DeferredRules::none() const { return found->none(); }

DeferredRules::Write DeferredRules::writer(std::string_view column) const {
  using Columns = FoundRules::Columns;
  Columns which = Columns::measures;
  if (column == "antecedent") which = Columns::antecedent;
  if (column == "consequent") which = Columns::consequent;
  if (column == "expected" || column == "excess") which = Columns::expected;
  if (column == "n_baskets" || column == "n_antecedent" || column == "n_consequent")
    which = Columns::counts;
  return [rules = found, which](std::size_t begin, std::size_t end, const Context& context) {
    return rules->write(which, begin, end, context);
  };
}

AssociationRules DeferredRules::write(const Context& context) const {
  return found->write(FoundRules::Columns::all, 0, found->size(), context);
}

}  // namespace emptor::mining
