#pragma once

#include "emptor/customers/purchase_summary.hpp"
#include "emptor/data/plain_columns.hpp"

#include "detail/result.hpp"

#include <pybind11/numpy.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emptor::bindings {

/// A summary of purchases as arrays of the caller, looked at where they are, and whose rows they
/// are.
class PurchaseColumns {
 public:
  /// `customer` holds one column, which results begin with.
  PurchaseColumns(const py::array& frequency, const py::array& recency, const py::array& T,
                  const std::optional<py::array>& monetary_value,
                  const std::optional<py::array>& log_gaps, const std::string& unit,
                  std::optional<ResultColumns> customer,
                  const std::optional<data::InputTable>& covariates);
  [[nodiscard]] const customers::PurchaseSummaryView& view() const noexcept { return view_; }

  /// A frame over a result with a row per row of the summary, which says whose each is.
  template <typename Result>
  [[nodiscard]] FrameObject frame(Result&& result) const {
    using Held = std::pair<std::decay_t<Result>, std::shared_ptr<const void>>;
    auto owner = std::make_shared<const Held>(std::forward<Result>(result),
                                              customer_ ? customer_->owner : nullptr);
    auto columns = owner->first.columns();
    if (customer_) columns.insert(columns.begin(), customer_->described.front());
    const auto info = owner->first.info();
    return make_frame(std::move(owner), std::move(columns), info);
  }

 private:
  template <typename T>
  using Array = py::array_t<T, py::array::c_style | py::array::forcecast>;
  Array<std::int64_t> frequency_{};
  std::vector<Array<double>> held_{};
  std::optional<ResultColumns> customer_{};
  std::vector<data::PlainColumn> covariates_{};
  std::vector<learn::Feature> features_{};
  customers::PurchaseSummaryView view_{};
};

/// The class, as Python's emptor._purchases makes it.
void bind_purchase_columns(py::module_& m);

}  // namespace emptor::bindings
