#pragma once

#include "emptor/customers/purchase_summary.hpp"

#include "files.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace emptor::customers::testing {

/// A summary of one's own.
struct Summary {
  std::vector<std::int64_t> x{};
  std::vector<double> last{}, T{}, money{}, gaps{};
  data::Span::Unit unit = data::Span::Unit::weeks;
  void add(std::int64_t frequency, double recency, double age) {
    x.push_back(frequency);
    last.push_back(recency);
    T.push_back(age);
  }
  [[nodiscard]] PurchaseSummaryView view() const { return {x, last, T, money, gaps, unit}; }
};

/// The 2,357 customers of CDNOW's 1/10 sample as published, weeks; empty if the file is missing.
inline Summary cdnow_sample() {
  Summary s;
  std::ifstream in(emptor::testing::shared_data("cdnow/cdnow_customers_summary.csv"));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream row(line);
    std::string id, x, last, T;
    std::getline(row, id, ',');
    std::getline(row, x, ',');
    std::getline(row, last, ',');
    std::getline(row, T, ',');
    s.add(std::stoll(x), std::stod(last), std::stod(T));
  }
  return s;
}

/// All 23,570 customers of CDNOW up to a day: a line of the master file an order.
inline Occasions cdnow_occasions(data::Day until) {
  std::map<std::string, std::map<data::Day, double>> days;
  std::ifstream in(emptor::testing::shared_data("cdnow/CDNOW_master.txt"));
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream row(line);
    std::string id, date;
    double units = 0, dollars = 0;
    if (!(row >> id >> date >> units >> dollars) || date.size() != 8) continue;
    const data::Day day = data::from_civil(
        std::stoi(date.substr(0, 4)), std::stoi(date.substr(4, 2)), std::stoi(date.substr(6, 2)));
    if (day <= until) days[id][day] += dollars;
  }
  Occasions all;
  for (const auto& [id, bought] : days) {
    for (const auto& [day, dollars] : bought) {
      all.day.push_back(day);
      all.spend.push_back(dollars > 0 ? dollars : 0.01);  // 80 free orders are occasions there
    }
    all.customer_begin.push_back(static_cast<std::int64_t>(all.day.size()));
  }
  return all;
}

}  // namespace emptor::customers::testing
