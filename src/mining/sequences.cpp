#include "emptor/mining/sequences.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/items.hpp"

#include "mining/purchase_groups.hpp"
#include "mining/sequence_list.hpp"

#include <string>
#include <vector>

namespace emptor::mining {

SequenceKind parse_sequence_kind(std::string_view text) {
  if (text == "all") return SequenceKind::all;
  if (text == "closed") return SequenceKind::closed;
  if (text == "maximal") return SequenceKind::maximal;
  throw InvalidArgument(
      "sequences: kind '" + std::string(text.substr(0, 40)) +
      "' is not known; write \"all\", \"closed\" (no longer sequence has the same "
      "customers) or \"maximal\" (no longer sequence has enough customers)");
}

std::optional<data::Span> parse_limit(std::string_view text, std::string_view argument) {
  if (text == "none") return std::nullopt;
  return data::parse_span(text, argument);
}

Sequences sequences(const PurchasesView& purchases, const SequencesOptions& options,
                    const Context& context) {
  if (!options.item.empty())
    throw InvalidArgument("sequences: item needs a Sales; purchases have item codes only");
  const seq::ItemFilter filter{
      choice_by_code(purchases.n_items, options.exclude, "sequences", "exclude"),
      choice_by_code(purchases.n_items, options.must_contain, "sequences", "must_contain")};
  return seq::list_sequences(purchases, filter, {}, options, context);
}

Sequences sequences(const PurchasesView& purchases, const std::shared_ptr<const Dictionary>& items,
                    const SequencesOptions& options, const Context& context) {
  if (!items || items->size() != purchases.n_items)
    throw InvalidArgument("sequences: items must have n_items (" +
                          std::to_string(purchases.n_items) + ") ids, found " +
                          std::to_string(items ? items->size() : 0));
  if (!options.item.empty())
    throw InvalidArgument("sequences: item needs a Sales; purchases have one kind of items");
  data::Items known;
  known.level = "item";
  known.ids = items;
  for (std::int32_t code = 0; code < items->size(); ++code)
    known.names.push_back(items->to_string(code));
  const seq::ItemFilter filter{
      choice_by_name(known, options.exclude, "sequences", "exclude"),
      choice_by_name(known, options.must_contain, "sequences", "must_contain")};
  Sequences result = seq::list_sequences(purchases, filter, known.names, options, context);
  result.items = items;
  return result;
}

Sequences sequences(const data::Sales& sales, const SequencesOptions& options,
                    const Context& context) {
  seq::check_options(options);
  const auto& lines = sales.lines("sequences");
  const auto items = data::items(sales, options.item, true, "sequences");
  const PurchaseGroups groups(sales, lines, items);
  const seq::ItemFilter filter{
      choice_by_name(items, options.exclude, "sequences", "exclude"),
      choice_by_name(items, options.must_contain, "sequences", "must_contain")};
  Sequences result =
      seq::list_sequences(groups.parts().front(), filter, items.names, options, context);
  result.items = items.ids;
  result.item_level = items.level;
  result.moment = sales.moment();
  result.coverage = groups.coverage();
  return result;
}

}  // namespace emptor::mining
