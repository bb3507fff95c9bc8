#pragma once

#include "emptor/data/csv.hpp"

#include <cstddef>

namespace emptor::data::csv {

/// parse_csv with the size of the blocks the bytes are cut into. Results do not depend on it beyond
/// the number of chunks: small blocks let tests put every construct on a cut.
InputTable parse_blocks(std::string bytes, std::string_view name, const CsvOptions& options,
                        const Context& context, std::size_t block);

}  // namespace emptor::data::csv
