#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/baskets.hpp"
#include "emptor/data/input.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

// Baskets of those who have no orders with times and amounts: lists, long tables, files with a
// basket a line. An item counts once in a basket however often it is named there; repeated and
// missing items are counted in the result. A basket without items stays, and counts as a basket.

/// Baskets as lists of ids: basket b holds the values offset[b] .. offset[b + 1) of `item`. Ids are
/// whole numbers or text, as everywhere (see data::Sales).
/// @throws InvalidArgument for offsets that do not ascend from 0 to the number of values, DataError
/// for a value that is no id.
EMPTOR_EXPORT Baskets make_baskets(std::span<const std::int64_t> offset, const InputColumn& item,
                                   const Context& context = {});

/// The same where all ids are small whole numbers and none is missing; takes both lists over.
EMPTOR_EXPORT Baskets make_baskets(std::vector<std::int64_t>&& offset,
                                   std::vector<std::int32_t>&& ids, const Context& context = {});

/// The same from codes into `items`; a code below 0 is missing.
/// @throws InvalidArgument for codes beyond the dictionary
EMPTOR_EXPORT Baskets make_baskets(std::span<const std::int64_t> offset,
                                   std::span<const std::int32_t> codes,
                                   std::shared_ptr<const Dictionary> items,
                                   const Context& context = {});

/// Which columns of a long table say what; empty ones are recognised by their names, as those of
/// orders are. In a table of two columns the first one is the basket's and the second one the item.
struct BasketColumns {
  std::string order{};
  std::string item{};
  std::string customer{};  ///< if there is none, each basket is a customer of its own
};

/// Baskets of a long table, one row per item of a basket. Baskets are sorted by their ids; rows
/// without a basket or an item are counted as missing.
/// @throws DataError for a column that is not there (with the nearest name), or a value that is no
/// id
EMPTOR_EXPORT Baskets make_baskets(const InputTable& rows, const BasketColumns& columns = {},
                                   const Context& context = {});

/// Baskets of a file, one a line. Items stand between `delimiter`s, spaces around them do not
/// count; a delimiter of ' ' is any number of spaces or tabs, as in the FIMI files (*.dat), and 0
/// takes ',' ';' or a tab if there is one in the first lines, else spaces. Items may be quoted as
/// in CSV. A blank line is a basket without items.
/// @throws DataError if the file cannot be read, FormatError for a quote that never closes
EMPTOR_EXPORT Baskets read_baskets(const std::string& path, char delimiter = 0,
                                   const Context& context = {});
/// The same from text in memory.
EMPTOR_EXPORT Baskets parse_baskets(std::string_view text, char delimiter = 0,
                                    const Context& context = {});

}  // namespace emptor::data
