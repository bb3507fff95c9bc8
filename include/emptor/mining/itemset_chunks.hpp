#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/mining/itemsets.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace emptor::mining {

/// Writes down the sets of groups a part at a time, whenever the caller asks for one: as many sets
/// as there are, in the memory of the groups and one part. (for_each_chunk() gives the parts
/// instead of being asked.)
class EMPTOR_EXPORT ItemsetChunks {
 public:
  ItemsetChunks() = default;
  explicit ItemsetChunks(ItemsetGroups groups);

  /// The next sets, `rows` of them unless fewer are left; none at the end. They come in the order
  /// of the groups, those of a group by size. @throws Cancelled, as if it had not been asked
  Itemsets next(std::size_t rows, const Context& context = {});
  [[nodiscard]] const ItemsetGroups& groups() const noexcept { return groups_; }

 private:
  void begin_group();
  bool step();
  void write(Itemsets& to) const;

  ItemsetGroups groups_{};
  std::size_t group_ = 0;                // at hand
  bool begun_ = false;                   // whether `choice_` is a set of it to be written
  std::vector<std::size_t> choice_{};    // free items of the set, ascending
  std::vector<std::int32_t> name_of_{};  // per code; empty without names
  std::shared_ptr<const Dictionary> names_{};
};

}  // namespace emptor::mining
