#pragma once

#include "emptor/core/error.hpp"

#include "data/findings.hpp"
#include "data/ingest.hpp"
#include "data/reader.hpp"
#include "data/times.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emptor::data {

/// The rows a check refuses, per reason, in row order.
struct Refusals {
  Tally tally{};
  std::string column{};
  const InputColumn* source = nullptr;
  std::string code{};
  std::string message{};
};

/// Orders on their way from incoming columns to the canonical table, one step per function.
class OrdersIngest {
 public:
  OrdersIngest(Ingestion& in, Rows<std::int32_t> customer, Rows<std::int32_t> product,
               Rows<std::int32_t> description)
      : in_(in),
        context_(*in.context),
        facts_(*in.facts),
        rows_(in.orders.input->rows),
        keep_(rows_, 1),
        customer_(std::move(customer)),
        product_(std::move(product)),
        description_(std::move(description)) {}

  void run() {
    if (rows_ == 0) refuse_empty();
    if (rows_ >= std::numeric_limits<std::uint32_t>::max()) {
      throw DataError("orders has more than 4,294,967,294 rows; split it by time");
    }
    facts_.has_orders = true;
    facts_.positions = in_.orders.positions;
    read_ids();
    read_time();
    read_money();
    read_attributes();
    fill_from_order();
    report_status();
    report_refusals();
    order();
    number_orders();
    set_flags();
    finish();
  }

 private:
  [[noreturn]] void refuse_empty() const;
  void read_ids();
  void read_time();
  void read_money();
  void read_currency(const std::vector<std::string>& marks);
  void read_discount(std::vector<NumberColumn>& numbers, std::size_t first, std::size_t count,
                     bool gross);
  std::string describe_amount(bool unit, bool gross) const;
  void spread_order_discounts(const Rows<double>& given, const Rows<double>* subtotal);
  void compute_amount(Rows<double>& money, bool unit, bool gross);
  void read_attributes();
  void fill_times(TimeColumn& time);
  void fill_from_order();
  void report_status();
  void report_refusals();
  void order();
  void number_orders();
  std::string go_by_names() const;
  void set_flags();
  void finish();

  /// Rejects the rows a column holds no usable value for.
  void refuse(std::string_view role, const InputColumn& source, std::string_view code,
              std::string message, const std::function<bool(std::size_t)>& bad) {
    Refusals refusals;
    refusals.column = role;
    refusals.source = &source;
    refusals.code = code;
    refusals.message = std::move(message);
    for (std::size_t i = 0; i < rows_; ++i) {
      if (!bad(i)) continue;
      refusals.tally.add(i);
      keep_[i] = 0;
    }
    if (refusals.tally.n > 0) refusals_.push_back(std::move(refusals));
  }
  void note(Finding finding, std::string_view column, std::string_view code, std::string message,
            const Tally& tally, const InputColumn* quote = nullptr) {
    if (tally.n == 0) return;
    add_finding(facts_.quality, finding, "orders", column, code, std::move(message), tally.n,
                examples(tally, quote));
  }
  std::string examples(const Tally& tally, const InputColumn* quote) const {
    if (quote == nullptr || is_private(quote->name))
      return examples_of(tally, in_.orders.positions);
    const ColumnReader reader(*quote, false);
    return examples_of(tally, in_.orders.positions, [&](std::int64_t row) {
      return reader.found(static_cast<std::size_t>(row));
    });
  }
  const InputColumn* column(std::string_view role) const { return in_.orders.column(role); }

  Ingestion& in_;
  const Context& context_;
  SalesFacts& facts_;
  std::size_t rows_;
  Rows<std::uint8_t> keep_;
  std::vector<Refusals> refusals_;
  Rows<std::int32_t> customer_, product_, order_, description_;
  TimeColumn time_;
  Rows<std::int64_t> recorded_;
  Rows<double> quantity_;
  Rows<Money> amount_, discount_;
  std::vector<OwnedAttribute> attributes_;
  bool dates_only_ = false;
};

}  // namespace emptor::data
