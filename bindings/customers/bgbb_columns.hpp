#pragma once

#include "emptor/customers/fit_bgbb.hpp"

#include "detail/arrays.hpp"

#include <cstdint>
#include <optional>

namespace emptor::bindings {

/// The caller's arrays as the core looks at them.
inline customers::BgbbView bgbb_view(const Array<std::int64_t>& frequency,
                                     const Array<std::int64_t>& recency,
                                     const Array<std::int64_t>& occasions,
                                     const std::optional<Array<std::int64_t>>& count) {
  return {view_of(frequency), view_of(recency), view_of(occasions), view_of(count)};
}

}  // namespace emptor::bindings
