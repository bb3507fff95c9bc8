// What is bought after what, from a file of orders:  bought_next orders.csv [window [--csv]]
#include "emptor/mining/bought_next.hpp"

#include "emptor/core/columns.hpp"
#include "emptor/data/csv.hpp"
#include "emptor/data/sales.hpp"

#include <exception>
#include <iostream>
#include <string_view>

int main(int argc, char** argv) {
  namespace data = emptor::data;
  namespace mining = emptor::mining;
  if (argc < 2) {
    std::cerr << "usage: bought_next orders.csv [\"90 days\" [--csv]]\n";
    return 2;
  }
  try {
    const data::Sales sales({.orders = data::read_csv(argv[1])});
    mining::BoughtNextOptions options;
    if (argc > 2) options.window = data::parse_span(argv[2], "window");

    const mining::BoughtNext pairs = mining::bought_next(sales, options);
    if (argc > 3 && std::string_view(argv[3]) == "--csv") {
      emptor::write_csv(std::cout, pairs.columns());
    } else {
      emptor::print(std::cout, pairs.columns(), 20);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bought_next: " << error.what() << '\n';
    return 2;
  }
}
