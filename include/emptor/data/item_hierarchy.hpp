#pragma once

#include "emptor/core/export.hpp"
#include "emptor/data/baskets.hpp"

#include <string>
#include <vector>

namespace emptor::data {

/// What items belong to, one row per item: item[i] belongs to parent[i], which may itself be the
/// item of another row. Ids or names of items, as texts; an empty parent is none.
struct ItemHierarchy {
  std::vector<std::string> item{};
  std::vector<std::string> parent{};
};

/// The same baskets with the ancestors of every item in them, each once: whoever holds rye bread
/// holds bread. Baskets::parent then says what belongs to what, and what mines such baskets never
/// pairs an item with its own ancestor. Rows about items that are in no basket change nothing and
/// are counted in `unbought`; items without a row belong to nothing. Ids become texts unless all of
/// them, ancestors' too, are whole numbers. (Of Sales the columns of products say it all: see
/// BasketsOptions::levels.)
/// @throws DataError for an item with two parents, one that is its own ancestor, or if no row is
/// about an item of these baskets; InvalidArgument for baskets that have a hierarchy already
EMPTOR_EXPORT Baskets with_ancestors(const Baskets& baskets, const ItemHierarchy& hierarchy);

}  // namespace emptor::data
