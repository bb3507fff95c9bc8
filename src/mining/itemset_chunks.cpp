#include "emptor/mining/itemset_chunks.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace emptor::mining {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

}  // namespace

ItemsetChunks::ItemsetChunks(ItemsetGroups groups) : groups_(std::move(groups)) {
  const std::vector<std::string>& names = groups_.about.names;
  bool tells_more = false;  // than the ids
  for (std::size_t i = 0; i < names.size() && groups_.about.items; ++i) {
    tells_more =
        tells_more || names[i] != groups_.about.items->to_string(static_cast<std::int32_t>(i));
  }
  if (!tells_more) return;
  names_ = Dictionary::from_texts(names);
  for (const std::string& name : names) name_of_.push_back(names_->find(std::string_view(name)));
}

Itemsets ItemsetChunks::next(std::size_t rows, const Context& context) {
  if (rows == 0) throw InvalidArgument("itemset_chunks: rows is 0; write how many sets a part has");
  Itemsets part;
  part.about = groups_.about;
  part.names = names_;
  const auto before = std::tuple(group_, begun_, choice_);
  while (part.size() < rows && group_ < groups_.size()) {
    if (!begun_) begin_group();
    if (begun_) write(part);
    if (!step()) ++group_;
    if (part.size() % 65536 != 0 || !context.stop.stop_requested()) continue;
    std::tie(group_, begun_, choice_) = before;
    throw Cancelled();
  }
  return part;
}

// The smallest sets of the group that are wanted, if any are.
void ItemsetChunks::begin_group() {
  const std::int64_t n_free = groups_.n_free[group_];
  const std::int64_t n_base = groups_.offset[group_ + 1] - groups_.offset[group_] - n_free;
  const std::int64_t least = std::max<std::int64_t>(1, groups_.about.min_items) - n_base;
  choice_.resize(at(std::clamp<std::int64_t>(least, 0, n_free)));
  for (std::size_t c = 0; c < choice_.size(); ++c) choice_[c] = c;
  const std::int64_t size = n_base + static_cast<std::int64_t>(choice_.size());
  begun_ = least <= n_free && (groups_.about.max_items == 0 || size <= groups_.about.max_items);
}

// To the next set of the group; false if there is none.
bool ItemsetChunks::step() {
  if (!begun_) return false;
  const auto n_free = static_cast<std::size_t>(groups_.n_free[group_]);
  std::size_t last = choice_.size();
  while (last > 0 && choice_[last - 1] == n_free - choice_.size() + last - 1) --last;
  if (last > 0) {
    ++choice_[last - 1];
    for (std::size_t c = last; c < choice_.size(); ++c) choice_[c] = choice_[c - 1] + 1;
    return true;
  }
  const std::int64_t size = groups_.offset[group_ + 1] - groups_.offset[group_] -
                            groups_.n_free[group_] + static_cast<std::int64_t>(choice_.size());
  begun_ =
      choice_.size() < n_free && (groups_.about.max_items == 0 || size < groups_.about.max_items);
  if (!begun_) return false;
  choice_.push_back(0);
  for (std::size_t c = 0; c < choice_.size(); ++c) choice_[c] = c;
  return true;
}

void ItemsetChunks::write(Itemsets& to) const {
  const auto first = groups_.item.begin() + groups_.offset[group_];
  const auto free = groups_.item.begin() + groups_.offset[group_ + 1] - groups_.n_free[group_];
  const auto begin = static_cast<std::ptrdiff_t>(to.item.size());
  to.item.insert(to.item.end(), first, free);
  for (const std::size_t c : choice_) to.item.push_back(free[static_cast<std::ptrdiff_t>(c)]);
  std::sort(to.item.begin() + begin, to.item.end());
  if (!name_of_.empty()) {
    for (auto i = at(begin); i < to.item.size(); ++i) to.name.push_back(name_of_[at(to.item[i])]);
  }
  to.offset.push_back(static_cast<std::int64_t>(to.item.size()));
  to.size_of.push_back(static_cast<std::int64_t>(to.item.size()) - begin);
  to.count.push_back(groups_.count[group_]);
  to.support.push_back(static_cast<double>(groups_.count[group_]) /
                       static_cast<double>(groups_.about.baskets));
}

}  // namespace emptor::mining
