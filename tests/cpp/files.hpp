#pragma once

#include <string>

namespace emptor::testing {

// Defined in files.cpp alone, so that the tests' objects hold no path and a compiler cache serves
// every checkout.

/// Where a file of the shared data would be; it need not be there.
std::string shared_data(const std::string& name);

/// Where a file of tests/golden is.
std::string golden(const std::string& name);

}  // namespace emptor::testing
