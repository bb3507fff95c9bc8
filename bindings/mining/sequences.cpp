#include "emptor/mining/sequences.hpp"

#include "detail/analysis.hpp"
#include "detail/event_lists.hpp"
#include "detail/integers.hpp"
#include "detail/names.hpp"
#include "mining/mining.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace emptor::bindings {
namespace {

/// A limit of time: nothing, a number of days (or whatever times count), or a span as text.
using Limit = std::optional<std::variant<int, std::string>>;

std::optional<data::Span> span_of(const Limit& limit, const char* argument) {
  if (!limit) return std::nullopt;
  if (const int* days = std::get_if<int>(&*limit)) return data::Span{*days, data::Span::Unit::days};
  return mining::parse_limit(std::get<std::string>(*limit), argument);
}

/// What both ways to ask have in common.
struct Asked {
  std::optional<std::int64_t> min_count{};
  std::optional<double> min_support{};
  Limit max_gap{}, min_gap{}, max_span{};
  std::string kind{};
  int min_length = 1;
  std::optional<int> max_length{}, max_items{};
  bool repeats = true;
  std::int64_t top = 0;
  Names must_contain{}, exclude{};
  double level = 0;

  [[nodiscard]] mining::SequencesOptions options() const {
    mining::SequencesOptions o;
    if (min_count && *min_count == 0)
      throw InvalidArgument("sequences: min_count must be at least 1, got 0");
    o.min_count = min_count.value_or(0);
    o.min_support = min_support.value_or(0);
    o.max_gap = span_of(max_gap, "max_gap");
    o.min_gap = span_of(min_gap, "min_gap");
    o.max_span = span_of(max_span, "max_span");
    o.kind = mining::parse_sequence_kind(kind);
    o.min_length = min_length;
    o.max_length = max_length.value_or(0);
    o.max_items = max_items.value_or(0);
    o.repeats = repeats;
    o.top = top;
    o.must_contain = texts_of(must_contain);
    o.exclude = texts_of(exclude);
    o.level = level;
    return o;
  }
};

std::shared_ptr<const Dictionary> ids_of(const py::object& ids) {
  if (py::isinstance<py::array>(ids)) {
    const Integers<std::int64_t> whole(ids, "sequences_in", "item");
    return Dictionary::from_integers({whole.view().begin(), whole.view().end()});
  }
  return Dictionary::from_texts(ids.cast<std::vector<std::string>>());
}

FrameObject found_in(const Call& call, const mining::PurchasesView& view,
                     const std::shared_ptr<const Dictionary>& ids,
                     const mining::SequencesOptions& options) {
  return frame(run(call, [&](const Context& context) {
    return mining::sequences(view, ids, options, context);
  }));
}

}  // namespace

void bind_sequences(py::module_& m) {
  const mining::SequencesOptions defaults;
  analysis(
      m, "sequences", doc::mining_sequences,
      [](const Call& call, const data::Sales& sales, std::optional<std::int64_t> min_count,
         std::optional<double> min_support, const Limit& max_gap, const Limit& min_gap,
         const Limit& max_span, const std::string& kind, int min_length,
         std::optional<int> max_length, std::optional<int> max_items, bool repeats,
         std::int64_t top, const std::optional<std::string>& item, const Names& must_contain,
         const Names& exclude, double level) {
        auto options =
            Asked{min_count,  min_support, max_gap, min_gap, max_span,     kind,    min_length,
                  max_length, max_items,   repeats, top,     must_contain, exclude, level}
                .options();
        options.item = item.value_or("");
        return frame(run(call, [&](const Context& context) {
          return mining::sequences(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("min_count") = py::none(),
      py::arg("min_support") = py::none(), py::arg("max_gap") = data::to_string(*defaults.max_gap),
      py::arg("min_gap") = py::none(), py::arg("max_span") = data::to_string(*defaults.max_span),
      py::arg("kind") = "all", py::arg("min_length") = defaults.min_length,
      py::arg("max_length") = py::none(), py::arg("max_items") = defaults.max_items,
      py::arg("repeats") = defaults.repeats, py::arg("top") = defaults.top,
      py::arg("item") = py::none(), py::arg("must_contain") = py::none(),
      py::arg("exclude") = py::none(), py::arg("level") = defaults.level);
  // What python/emptor/mining.py calls; the defaults of plain sequences are there.
  analysis(
      m, "sequences_in_lists", doc::mining_sequences,
      [](const Call& call, const py::object& lists, std::optional<std::int64_t> min_count,
         std::optional<double> min_support, const Limit& max_gap, const Limit& min_gap,
         const Limit& max_span, const std::string& kind, int min_length,
         std::optional<int> max_length, std::optional<int> max_items, bool repeats,
         std::int64_t top, const Names& must_contain, const Names& exclude, double level,
         bool days) {
        auto options =
            Asked{min_count,  min_support, max_gap, min_gap, max_span,     kind,    min_length,
                  max_length, max_items,   repeats, top,     must_contain, exclude, level}
                .options();
        options.days = days;
        const EventLists events = read_event_lists(lists);
        return found_in(call, events.view(), events.ids, options);
      },
      py::arg("lists"), py::kw_only(), py::arg("min_count"), py::arg("min_support"),
      py::arg("max_gap"), py::arg("min_gap"), py::arg("max_span"), py::arg("kind"),
      py::arg("min_length"), py::arg("max_length"), py::arg("max_items"), py::arg("repeats"),
      py::arg("top"), py::arg("must_contain"), py::arg("exclude"), py::arg("level"),
      py::arg("days"));
  analysis(
      m, "sequences_in_events", doc::mining_sequences,
      [](const Call& call, const py::array& customer, const py::array& time, const py::array& item,
         const py::object& ids, std::optional<std::int64_t> min_count,
         std::optional<double> min_support, const Limit& max_gap, const Limit& min_gap,
         const Limit& max_span, const std::string& kind, int min_length,
         std::optional<int> max_length, std::optional<int> max_items, bool repeats,
         std::int64_t top, const Names& must_contain, const Names& exclude, double level,
         bool days) {
        auto options =
            Asked{min_count,  min_support, max_gap, min_gap, max_span,     kind,    min_length,
                  max_length, max_items,   repeats, top,     must_contain, exclude, level}
                .options();
        options.days = days;
        const Integers<std::int32_t> customers(customer, "sequences_in", "customer");
        const Integers<std::int32_t> times(time, "sequences_in", "time");
        const Integers<std::int32_t> items(item, "sequences_in", "item");
        const auto known = ids_of(ids);
        const mining::PurchasesView view{
            customers.view(), times.view(), items.view(), known->size(),
            data::kNoDay,     data::kNoDay, {},           {}};
        return found_in(call, view, known, options);
      },
      py::arg("customer"), py::arg("time"), py::arg("item"), py::arg("ids"), py::kw_only(),
      py::arg("min_count"), py::arg("min_support"), py::arg("max_gap"), py::arg("min_gap"),
      py::arg("max_span"), py::arg("kind"), py::arg("min_length"), py::arg("max_length"),
      py::arg("max_items"), py::arg("repeats"), py::arg("top"), py::arg("must_contain"),
      py::arg("exclude"), py::arg("level"), py::arg("days"));
}

}  // namespace emptor::bindings
