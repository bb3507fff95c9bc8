// Who buys less than before and what that costs, from a file of orders:  declining orders.csv
// [--csv]
#include "emptor/customers/declining.hpp"

#include "emptor/core/columns.hpp"
#include "emptor/data/csv.hpp"
#include "emptor/data/sales.hpp"

#include <exception>
#include <iostream>
#include <string_view>

int main(int argc, char** argv) {
  namespace data = emptor::data;
  namespace customers = emptor::customers;
  if (argc < 2) {
    std::cerr << "usage: declining orders.csv [--csv]\n";
    return 2;
  }
  try {
    const data::Sales sales({.orders = data::read_csv(argv[1])});
    customers::DecliningOptions options;
    options.window = data::parse_span("90 days", "window");
    options.baseline = data::parse_span("180 days", "baseline");

    const customers::DecliningResult result = customers::declining(sales, options);
    if (argc > 2 && std::string_view(argv[2]) == "--csv") {
      emptor::write_csv(std::cout, result.columns());
    } else {
      emptor::print(std::cout, result.columns(), 20);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "declining: " << error.what() << '\n';
    return 2;
  }
}
