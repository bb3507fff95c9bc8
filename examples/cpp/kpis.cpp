// Revenue, orders, customers and their ratios by month, from a file of orders:  kpis orders.csv
// [--csv]
#include "emptor/metrics/kpis.hpp"

#include "emptor/core/columns.hpp"
#include "emptor/data/csv.hpp"
#include "emptor/data/sales.hpp"

#include <exception>
#include <iostream>
#include <string_view>

int main(int argc, char** argv) {
  namespace data = emptor::data;
  namespace metrics = emptor::metrics;
  if (argc < 2) {
    std::cerr << "usage: kpis orders.csv [--csv]\n";
    return 2;
  }
  try {
    const data::Sales sales({.orders = data::read_csv(argv[1])});
    metrics::KpisOptions options;
    options.period = data::Period::month;

    const metrics::Kpis result = metrics::kpis(sales, options);
    if (argc > 2 && std::string_view(argv[2]) == "--csv") {
      emptor::write_csv(std::cout, result.columns());
    } else {
      emptor::print(std::cout, result.columns(), 20);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "kpis: " << error.what() << '\n';
    return 2;
  }
}
