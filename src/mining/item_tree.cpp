#include "mining/item_tree.hpp"

#include "emptor/core/error.hpp"

#include <string>
#include <utility>

namespace emptor::mining {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// The basket in which each item was seen last, from 1 on.
class Seen {
 public:
  explicit Seen(std::size_t items) : last_(items, 0) {}
  void put(std::int32_t item, std::size_t basket) { last_[index(item)] = basket + 1; }
  [[nodiscard]] bool in(std::int32_t item, std::size_t basket) const {
    return last_[index(item)] == basket + 1;
  }

 private:
  std::vector<std::size_t> last_;
};

}  // namespace

ItemTree::ItemTree(std::vector<std::int32_t> parent)
    : parent_(std::move(parent)), begin_(parent_.size(), 0), end_(parent_.size(), 0) {
  const std::size_t n = parent_.size();
  std::vector<std::vector<std::size_t>> by_depth;
  for (std::size_t i = 0; i < n; ++i) {
    std::uint32_t d = 0;
    for (std::int32_t up = parent_[i]; up >= 0; up = parent_[at(up)]) ++d;
    if (by_depth.size() <= d) by_depth.resize(d + 1);
    by_depth[d].push_back(i);
  }
  depth_ = static_cast<std::uint32_t>(by_depth.size());
  // Sizes from the leaves up, then places from the roots down.
  std::vector<std::uint32_t> size(n, 1);
  for (std::size_t d = by_depth.size(); d-- > 1;) {
    for (const std::size_t i : by_depth[d]) size[at(parent_[i])] += size[i];
  }
  std::vector<std::uint32_t> next(n, 0);  // the first place left for a child
  std::uint32_t roots = 0;
  for (const auto& items : by_depth) {
    for (const std::size_t i : items) {
      std::uint32_t& place = parent_[i] < 0 ? roots : next[at(parent_[i])];
      begin_[i] = place;
      end_[i] = place += size[i];
      next[i] = begin_[i] + 1;
    }
  }
}

void check_parents(const char* function, const data::BasketsView& view) {
  if (view.parent.empty()) return;
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  if (view.parent.size() != index(view.n_items)) {
    fail("parent has " + std::to_string(view.parent.size()) + " entries for " +
         std::to_string(view.n_items) + " items; write one per item, -1 for none");
  }
  for (std::size_t i = 0; i < view.parent.size(); ++i) {
    std::size_t steps = 0;
    for (std::int32_t up = view.parent[i]; up != -1; up = view.parent[index(up)]) {
      if (up < 0 || up >= view.n_items) {
        fail("a parent is " + std::to_string(up) +
             "; items are 0 to n_items - 1 = " + std::to_string(view.n_items - 1) + ", -1 is none");
      }
      if (++steps > view.parent.size()) {
        fail("item " + std::to_string(up) + " is its own ancestor");
      }
    }
  }
  Seen seen(view.parent.size());
  for (std::size_t b = 0; b < view.size(); ++b) {
    const auto items =
        view.item.subspan(index(view.offset[b]), index(view.offset[b + 1] - view.offset[b]));
    for (const std::int32_t i : items) seen.put(i, b);
    for (const std::int32_t i : items) {
      const std::int32_t up = view.parent[index(i)];
      if (up >= 0 && !seen.in(up, b)) {
        fail("basket " + std::to_string(b) + " holds item " + std::to_string(i) +
             " but not its parent " + std::to_string(up) + "; make baskets by with_ancestors()");
      }
    }
  }
}

std::vector<std::uint32_t> basket_sizes(const data::BasketsView& view) {
  std::vector<std::uint32_t> sizes(view.size());
  Seen seen(view.parent.size());
  for (std::size_t b = 0; b < view.size(); ++b) {
    sizes[b] = static_cast<std::uint32_t>(view.offset[b + 1] - view.offset[b]);
    if (view.parent.empty()) continue;
    for (std::int64_t k = view.offset[b]; k < view.offset[b + 1]; ++k) {
      const std::int32_t up = view.parent[index(view.item[index(k)])];
      if (up < 0 || seen.in(up, b)) continue;
      seen.put(up, b);
      --sizes[b];
    }
  }
  return sizes;
}

}  // namespace emptor::mining
