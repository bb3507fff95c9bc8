#pragma once

#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <cstdint>
#include <span>

namespace emptor::mining::timed {

using next::Rates;
using next::Visits;

/// Whether visits after a set was complete have B more often than visits after only a part of it
/// was. `whole` and `part` are the index visits of both, one a customer, ascending.
///
/// Exposed are the visits in the windows of `whole`; compared with them are the visits in the
/// windows of `part` before the customer completed the set, and of those who never did. With
/// observed O and expected E (by size and season) of both, and w = E1 / (E1 + E0), the score is
/// U = O1 - w (O1 + O0): 0 on average if both have the same ratio to what is expected. Its variance
/// is the larger of the customers' own, sum of u_c^2, and Poisson's, (O1 + O0) w (1 - w). p is the
/// larger of the normal one and the exact binomial tail of O1 given O1 + O0; 1 if nothing can be
/// compared.
struct PartTest {
  double observed = 0, expected = 0;            ///< exposed
  double part_observed = 0, part_expected = 0;  ///< compared
  double p = 1;
};
PartTest test_part(const Visits& visits, const Rates& rates, std::size_t b, std::int32_t consequent,
                   std::span<const std::int32_t> whole, std::span<const std::int32_t> part);

}  // namespace emptor::mining::timed
