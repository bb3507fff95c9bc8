// Net revenue of the next weeks with what it may become, from a file of orders:  forecast
// orders.csv [--csv]
#include "emptor/forecasting/forecast.hpp"

#include "emptor/core/columns.hpp"
#include "emptor/data/csv.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/data/series.hpp"

#include <exception>
#include <iostream>
#include <string_view>

int main(int argc, char** argv) {
  namespace data = emptor::data;
  namespace forecasting = emptor::forecasting;
  if (argc < 2) {
    std::cerr << "usage: forecast orders.csv [--csv]\n";
    return 2;
  }
  try {
    const data::Sales sales({.orders = data::read_csv(argv[1])});
    const data::Series weeks = data::series(sales, {.period = data::Period::week});
    forecasting::ForecastOptions options;
    options.horizon = 8;

    const forecasting::Forecast result = forecasting::forecast(weeks, options);
    if (argc > 2 && std::string_view(argv[2]) == "--csv") {
      emptor::write_csv(std::cout, result.columns());
    } else {
      emptor::print(std::cout, result.columns(), 20);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "forecast: " << error.what() << '\n';
    return 2;
  }
}
