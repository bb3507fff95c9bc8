// Which items share baskets more often than chance, from a file of orders:  bought_together
// orders.csv [--csv]
#include "emptor/mining/bought_together.hpp"

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
    std::cerr << "usage: bought_together orders.csv [--csv]\n";
    return 2;
  }
  try {
    const data::Sales sales({.orders = data::read_csv(argv[1])});
    mining::BoughtTogetherOptions options;
    options.min_count = 20;  // baskets with both

    const mining::BoughtTogether result = mining::bought_together(sales, options);
    if (argc > 2 && std::string_view(argv[2]) == "--csv") {
      emptor::write_csv(std::cout, result.columns());
    } else {
      emptor::print(std::cout, result.columns(), 20);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bought_together: " << error.what() << '\n';
    return 2;
  }
}
