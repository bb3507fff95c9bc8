#include "customers/gaps.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace emptor::customers {

double median_gap(const OccasionsView& occasions, std::size_t customer, data::Day until) {
  std::vector<int> gaps;
  const auto end = static_cast<std::size_t>(occasions.customer_begin[customer + 1]);
  for (auto i = static_cast<std::size_t>(occasions.customer_begin[customer]) + 1;
       i < end && occasions.day[i] <= until; ++i)
    gaps.push_back(occasions.day[i] - occasions.day[i - 1]);
  if (gaps.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  if (gaps.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(gaps.begin(), middle)) / 2.0;
}

}  // namespace emptor::customers
