#include "emptor/customers/customer_history.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"
#include "detail/names.hpp"

namespace emptor::bindings {
namespace {

using Id = std::variant<std::string, std::int64_t>;

std::string text_of(const Id& id) {
  return texts_of(std::visit([](auto v) -> Names { return v; }, id)).front();
}

}  // namespace

void bind_customer_history(py::module_& m) {
  const auto bind = [&](const char* name, const char* doc, auto compute) {
    analysis(
        m, name, doc,
        [compute](const Call& call, const data::Sales& sales, const Id& customer) {
          return frame(
              run(call, [&](const Context&) { return compute(sales, text_of(customer)); }));
        },
        py::arg("sales"), py::arg("customer"));
  };
  bind("customer_history", doc::customers_customer_history,
       [](const auto& sales, const auto& id) { return customers::customer_history(sales, id); });
  bind("customer_products", doc::customers_customer_products,
       [](const auto& sales, const auto& id) { return customers::customer_products(sales, id); });
}

}  // namespace emptor::bindings
