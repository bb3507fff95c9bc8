#pragma once

#include "emptor/customers/fit_bgbb.hpp"

#include "files.hpp"

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace emptor::customers::testing {

/// Customers of occasions that come one by one.
struct Donors {
  std::vector<std::int64_t> x{}, last{}, n{}, count{};
  void add(std::int64_t frequency, std::int64_t recency, std::int64_t occasions,
           std::int64_t customers) {
    x.push_back(frequency);
    last.push_back(recency);
    n.push_back(occasions);
    count.push_back(customers);
  }
  [[nodiscard]] BgbbView view() const { return {x, last, n, count}; }
};

/// The 11,104 donors of Fader, Hardie and Shang (2010); empty if the file is missing.
inline Donors donations() {
  Donors all;
  std::ifstream in(emptor::testing::shared_data("btyd/donations.csv"));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::int64_t x = 0, last = 0, n = 0, count = 0;
    char comma = 0;
    std::istringstream row(line);
    if (row >> x >> comma >> last >> comma >> n >> comma >> count) all.add(x, last, n, count);
  }
  return all;
}

}  // namespace emptor::customers::testing
