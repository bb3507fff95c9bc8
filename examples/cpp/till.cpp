// Offers for a basket at the till. At night:  till orders.csv offers.emptor
// At the till:  till offers.emptor ITEM...   (ids as in the orders)
#include "emptor/data/csv.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/offers.hpp"

#include <array>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace mining = emptor::mining;

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: till orders.csv offers.emptor | till offers.emptor ITEM...\n";
    return 2;
  }
  try {
    if (std::string_view(argv[1]).ends_with(".csv")) {
      const emptor::data::Sales sales({.orders = emptor::data::read_csv(argv[1])});
      const mining::OfferTable table = mining::offer_table(sales);
      table.save(argv[2]);
      std::cout << table.pairs() << " pairs of " << table.items().size() << " items\n";
      return 0;
    }
    const mining::OfferTable table = mining::OfferTable::load(argv[1]);
    std::vector<std::int32_t> basket;
    for (int i = 2; i < argc; ++i) basket.push_back(table.items().find(std::string_view(argv[i])));
    std::array<mining::Offer, 5> offers;  // a look-up fills it and allocates nothing
    const std::size_t n = table.recommend(basket, offers, mining::OfferValue::amount);
    for (std::size_t i = 0; i < n; ++i)
      std::cout << table.name(offers[i].item) << ": taken by at least "
                << 100 * offers[i].probability_low << " of 100 with "
                << table.name(offers[i].because) << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "till: " << error.what() << '\n';
    return 2;
  }
}
