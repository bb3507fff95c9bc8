#pragma once

#include "emptor/mining/purchases.hpp"

namespace emptor::mining {

/// Checks the purchases of a caller; days outside [first_day, last_day] are wrong, kNoDay leaves an
/// end open. Messages begin with the name of `function`. @throws InvalidArgument naming the row.
void check_purchases(const PurchasesView& purchases, data::Day first_day, data::Day last_day,
                     const char* function);

}  // namespace emptor::mining
