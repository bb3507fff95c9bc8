#include "mining/mining.hpp"

#include "detail/analysis.hpp"

namespace emptor::bindings {

void bind_mining(py::module_& core) {
  py::module_ m = submodule(core, "mining");
  bind_association_rules(m);
  bind_bought_next(m);
  bind_bought_together(m);
  bind_itemset_chunks(m);
  bind_itemsets(m);
  bind_evaluate_next_basket(m);
  bind_next_basket(m);
  bind_substitutes(m);
  bind_offers(m);
  bind_measures(m);
  bind_sequence_rules(m);
  bind_sequences(m);
}

}  // namespace emptor::bindings
