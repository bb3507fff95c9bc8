#include "files.hpp"

namespace emptor::testing {

std::string shared_data(const std::string& name) { return EMPTOR_SHARED_DATA "/" + name; }
std::string golden(const std::string& name) { return EMPTOR_GOLDEN "/" + name; }

}  // namespace emptor::testing
