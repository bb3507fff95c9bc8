#include "emptor/core/error.hpp"
#include "emptor/mining/offers.hpp"

#include "core/bytes.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

// Any bytes are either a table that can be looked up and saved to the same bytes, or refused by a
// FormatError. Most inputs get a right header, so that the payload is reached.

namespace {

using emptor::mining::Offer;
using emptor::mining::OfferTable;

void use(const OfferTable& table, const std::string& bytes) {
  if (table.to_bytes() != bytes) std::abort();
  std::array<Offer, 5> out{};
  for (std::int32_t item = -1; item <= std::min(table.items().size(), 50); ++item) {
    const std::array<std::int32_t, 2> basket{item, item + 1};
    const auto n = table.recommend(basket, out, emptor::mining::OfferValue::margin, item);
    for (std::size_t i = 0; i < n; ++i)
      if (out[i].item < 0 || out[i].item >= table.items().size()) std::abort();
    if (table.name(item).size() > bytes.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] != 0) bytes = emptor::core::sealed("offers", 1, bytes);
  try {
    use(OfferTable::from_bytes(bytes), bytes);
  } catch (const emptor::FormatError& error) {
    if (*error.what() == '\0') std::abort();
  }
  return 0;
}
