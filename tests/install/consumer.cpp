#include "emptor/emptor.hpp"

#include <cstdio>

int main() {
  const auto orders = emptor::data::parse_csv(
      "order_id,customer_id,product_id,date,quantity,unit_price\n"
      "1,7,apple,2024-01-05,2,1.50\n"
      "2,7,pear,2024-02-05,1,2.00\n",
      "orders.csv");
  const emptor::data::Sales sales({.orders = orders});
  const auto lines = sales.lines().size();
  std::printf("emptor %s: %zu lines\n", EMPTOR_VERSION, lines);
  return lines == 2 ? 0 : 1;
}
