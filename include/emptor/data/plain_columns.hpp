#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/input.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace emptor::data {

/// A column of any table as numbers, or as categories.
struct PlainColumn {
  std::string name{};
  std::vector<double> number{};                ///< NaN where missing; empty for categories
  std::vector<std::int32_t> code{};            ///< -1 where missing; empty for numbers
  std::shared_ptr<const Dictionary> values{};  ///< of code
  [[nodiscard]] bool is_category() const noexcept { return values != nullptr; }
};

/// How texts are to be read.
enum class ReadAs : std::uint8_t {
  either,    ///< numbers if every text is one ("29.85"; blanks and "NA" are missing)
  category,  ///< categories, whatever they look like; columns of numbers stay numbers
};

/// One column as numbers or categories. True and false are 1 and 0, times days since 1970-01-01.
EMPTOR_EXPORT PlainColumn plain_column(const InputColumn& column, ReadAs read_as = ReadAs::either,
                                       const Context& context = {});

}  // namespace emptor::data
