#include "emptor/metrics/kpis.hpp"

#include <array>
#include <string>

namespace emptor::metrics {
namespace {

// The names and sentences of the columns of one figure, kept for as long as columns point to them.
struct Names {
  std::string low, high, n, status, doc;
  struct Change {
    std::string change, low, high, n, status, doc;
  } previous, year;
};

Names::Change change_names(const std::string& stem, const std::string& what) {
  return {stem,
          stem + "_low",
          stem + "_high",
          stem + "_n",
          stem + "_status",
          "change against " + what + " on equal trading days, .1 is 10 % more"};
}

const std::array<Names, kKpis>& names() {
  static const std::array<Names, kKpis> made = [] {
    std::array<Names, kKpis> all;
    for (std::size_t k = 0; k < kKpis; ++k) {
      const std::string name(kpi_names()[k]);
      const std::string text = explain(name);
      all[k] = {name + "_low",
                name + "_high",
                name + "_n",
                name + "_status",
                text.substr(name.size() + 3, text.find('\n') - name.size() - 3),
                change_names(name + "_change", "the period before"),
                change_names(name + "_year_change", "the same period a year before")};
    }
    return all;
  }();
  return made;
}

bool shown(Kpi kpi) {
  return kpi == Kpi::revenue || kpi == Kpi::orders || kpi == Kpi::customers ||
         kpi == Kpi::new_customers || kpi == Kpi::average_order_value || kpi == Kpi::repeat_rate ||
         kpi == Kpi::return_share || kpi == Kpi::top_tenth_share;
}

void add(std::vector<Column>& out, Column column, bool is_shown) {
  column.shown = is_shown;
  out.push_back(column);
}

void add_change(std::vector<Column>& out, const KpiChange& change, const Names::Change& name,
                bool is_shown) {
  add(out, {name.change, change.change, name.doc}, is_shown);
  add(out, {name.low, change.low, "lower end of its interval"}, false);
  add(out, {name.high, change.high, "upper end of its interval"}, false);
  add(out, {name.n, change.n, "customers and orders without one, in either period"}, false);
  add(out, {name.status, change.status, status_labels()}, false);
}

}  // namespace

std::vector<Column> Kpis::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.push_back({by, group, *groups, "the group"});
  out.push_back(Column::dates("start", start, "first day of the period"));
  out.push_back({"complete", complete, "whether the data cover the whole period"});
  add(out, {"trading_days", trading_days, "days with at least one order"}, false);
  add(out, {"n", n, "order lines"}, false);
  for (std::size_t k = 0; k < kKpis; ++k) {
    const auto kpi = static_cast<Kpi>(k);
    const KpiColumn& figure = figures[k];
    const Names& name = names()[k];
    if (figure.count.empty() &&
        !(start.empty() && kpi >= Kpi::orders && kpi <= Kpi::returning_customers)) {
      add(out, {kpi_names()[k], figure.value, name.doc}, shown(kpi));
    } else {
      add(out, {kpi_names()[k], figure.count, name.doc}, shown(kpi));
    }
    const bool has_interval = kpi >= Kpi::average_order_value;
    if (has_interval) {
      add(out, {name.low, figure.low, "lower end of its interval"}, false);
      add(out, {name.high, figure.high, "upper end of its interval"}, false);
      add(out, {name.n, figure.n, "orders or customers it rests on"}, false);
    }
    if (has_interval || kpi == Kpi::new_customers || kpi == Kpi::returning_customers) {
      add(out, {name.status, figure.status, status_labels()}, false);
    }
    add_change(out, figure.previous, name.previous, kpi == Kpi::revenue);
    add_change(out, figure.year, name.year, false);
  }
  add(out, {"change_days", change_days, "trading days compared with the period before"}, false);
  add(out, {"year_change_days", year_change_days, "trading days compared with the year before"},
      false);
  return out;
}

std::vector<Scalar> Kpis::info() const {
  return {
      {"period", data::to_string(period), "the length of a row's period"},
      {"by", by, "the column the rows are split by"},
      {"first_day", data::iso_date(first_day), "first day observed"},
      {"last_day", data::iso_date(last_day), "last day observed"},
      {"new_from", data::iso_date(new_from), "first day from which it is known who is new"},
      {"coverage", coverage.share(), "share of net revenue with a known customer"},
      {"lines", coverage.lines, "order lines known at the moment"},
      {"lines_used", coverage.lines_used, "order lines with a known customer"},
  };
}

}  // namespace emptor::metrics
