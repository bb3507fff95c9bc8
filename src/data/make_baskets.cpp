#include "emptor/data/make_baskets.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "data/ids.hpp"
#include "data/reader.hpp"
#include "data/schema.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace emptor::data {
namespace {

constexpr std::size_t kBaskets = 16384;  // per block of work

void check_offsets(std::span<const std::int64_t> offset, std::size_t values) {
  if (offset.empty() || offset.front() != 0) {
    throw InvalidArgument("baskets: offset must begin with 0 and have one entry more than baskets");
  }
  for (std::size_t b = 0; b + 1 < offset.size(); ++b) {
    if (offset[b + 1] < offset[b]) {
      throw InvalidArgument("baskets: offset must not fall; entry " + std::to_string(b + 1) +
                            " is " + std::to_string(offset[b + 1]) + " after " +
                            std::to_string(offset[b]));
    }
  }
  if (offset.back() != static_cast<std::int64_t>(values)) {
    throw InvalidArgument("baskets: offset ends with " + std::to_string(offset.back()) +
                          ", but there are " + std::to_string(values) + " items");
  }
}

/// Items of one basket: sorted, each once, without missing ones. Returns how many there are.
std::size_t tidy(std::span<std::int32_t> items, std::int64_t& repeated, std::int64_t& missing) {
  std::int32_t last = -1;
  bool ascends = true;  // and none is missing: nothing is left to do
  for (const std::int32_t item : items) {
    ascends = ascends && item > last;
    last = item;
  }
  if (ascends) return items.size();
  if (!std::is_sorted(items.begin(), items.end())) std::sort(items.begin(), items.end());
  const auto known = std::lower_bound(items.begin(), items.end(), 0);
  const auto end = std::unique(known, items.end());
  const auto distinct = end - known;
  missing += known - items.begin();
  repeated += items.end() - known - distinct;
  if (known != items.begin()) std::copy(known, end, items.begin());
  return static_cast<std::size_t>(distinct);
}

/// Whole numbers on their way to codes: number x becomes code[x - low].
struct Recoding {
  std::int32_t low = 0;
  std::vector<std::int32_t> code{};

  void apply(std::span<std::int32_t> numbers) const noexcept {
    for (std::int32_t& x : numbers) x = code[static_cast<std::size_t>(x - low)];
  }
};

/// Baskets of codes, or of numbers with what makes codes of them.
Baskets tidy_baskets(std::vector<std::int64_t> offset, std::vector<std::int32_t> codes,
                     const Recoding* recoding, std::shared_ptr<const Dictionary> items,
                     const Context& context) {
  struct Counts {
    std::int64_t repeated = 0, missing = 0;
    std::vector<std::int64_t> removed{};  // entries of each basket of the block, if any are
  };
  const std::size_t n = offset.size() - 1;
  const auto parts = core::parallel_map<
      Counts>(context, n, kBaskets, [&](std::size_t begin, std::size_t end) {
    Counts counts;
    for (std::size_t b = begin; b < end; ++b) {
      const auto first = static_cast<std::size_t>(offset[b]);
      const std::span basket{codes.data() + first, static_cast<std::size_t>(offset[b + 1]) - first};
      if (recoding != nullptr) recoding->apply(basket);
      const std::size_t left = tidy(basket, counts.repeated, counts.missing);
      if (left == basket.size()) continue;
      counts.removed.resize(end - begin);
      counts.removed[b - begin] = static_cast<std::int64_t>(basket.size() - left);
    }
    return counts;
  });
  Baskets result;
  for (const Counts& part : parts) {
    result.repeated += part.repeated;
    result.missing += part.missing;
  }
  if (result.repeated + result.missing > 0) {
    std::int64_t at = 0;
    std::int64_t first = 0;
    for (std::size_t b = 0; b < n; ++b) {
      const auto& removed = parts[b / kBaskets].removed;
      const std::int64_t size =
          offset[b + 1] - first - (removed.empty() ? 0 : removed[b % kBaskets]);
      std::copy_n(codes.begin() + first, size, codes.begin() + at);
      at += size;
      first = std::exchange(offset[b + 1], at);
    }
    codes.resize(static_cast<std::size_t>(at));
  }
  result.offset = std::move(offset);
  result.item = std::move(codes);
  result.items = std::move(items);
  result.level = "item";
  return result;
}

/// How the numbers become codes, and the dictionary of these; none if they lie too far apart for a
/// table.
std::optional<std::pair<Recoding, std::shared_ptr<const Dictionary>>> recoding_of(
    std::span<const std::int32_t> numbers) {
  constexpr std::size_t kSmall = std::size_t{1} << 16;
  std::int32_t low = std::numeric_limits<std::int32_t>::max();
  std::int32_t high = std::numeric_limits<std::int32_t>::min();
  for (const std::int32_t x : numbers) {
    low = std::min(low, x);
    high = std::max(high, x);
  }
  if (low > high) return std::pair{Recoding{}, Dictionary::from_integers({})};
  const std::int64_t range = std::int64_t{high} - low + 1;
  if (static_cast<std::size_t>(range) > std::max(kSmall, 4 * numbers.size())) return std::nullopt;
  Recoding recoding{low, std::vector<std::int32_t>(static_cast<std::size_t>(range), -1)};
  for (const std::int32_t x : numbers) recoding.code[static_cast<std::size_t>(x - low)] = 0;
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < recoding.code.size(); ++i) {
    if (recoding.code[i] < 0) continue;
    recoding.code[i] = static_cast<std::int32_t>(ids.size());
    ids.push_back(low + static_cast<std::int64_t>(i));
  }
  return std::pair{std::move(recoding), Dictionary::from_integers(std::move(ids))};
}

[[noreturn]] void refuse_value(const ColumnReader& reader, std::size_t row,
                               const std::string& where) {
  throw DataError("baskets: " + where + " is '" + reader.found(row).substr(0, 40) +
                  "', which is no id; items are whole numbers or text");
}

/// The codes of one column of ids. @throws DataError naming the first value that is none.
CodedColumns code_ids(const ColumnReader& reader, const Context& context,
                      const std::function<std::string(std::size_t)>& where) {
  const ColumnReader* const one = &reader;
  CodedColumns coded = code_columns({&one, 1}, IdUse::id, context);
  if (const CodedColumn& column = coded.columns[0]; column.unreadable > 0) {
    const auto bad = std::find(column.code.begin(), column.code.end(), CodedColumn::kUnreadable);
    const auto row = static_cast<std::size_t>(bad - column.code.begin());
    refuse_value(reader, row, where(row));
  }
  return coded;
}

std::string names_of(const InputTable& rows) {
  std::string names;
  for (const InputColumn& column : rows.columns) {
    names += (names.empty() ? "\"" : ", \"") + column.name + '"';
  }
  return names;
}

const InputColumn* named(const InputTable& rows, const std::string& name, const char* argument) {
  const int at = rows.find(name);
  if (at >= 0) return &rows.columns[static_cast<std::size_t>(at)];
  throw DataError("baskets: " + std::string(argument) + " names \"" + name.substr(0, 40) +
                  "\", but the columns are " + names_of(rows));
}

/// The columns of a long table that were asked for, or are recognised.
struct LongColumns {
  const InputColumn *order = nullptr, *item = nullptr, *customer = nullptr;
};

LongColumns find_columns(const InputTable& rows, const BasketColumns& columns) {
  LongColumns found;
  if (!columns.order.empty()) found.order = named(rows, columns.order, "order");
  if (!columns.item.empty()) found.item = named(rows, columns.item, "item");
  if (!columns.customer.empty()) found.customer = named(rows, columns.customer, "customer");
  if (found.order != nullptr && found.item != nullptr) return found;
  if (rows.columns.size() == 2 && found.order == nullptr && found.item == nullptr) {
    return {&rows.columns[0], &rows.columns[1], found.customer};
  }
  const Plan plan = plan_columns(rows, baskets_schema(), {});
  const auto take = [&](const InputColumn*& place, std::string_view role, const char* argument) {
    if (place == nullptr) place = plan.find(role);
    if (place != nullptr) return;
    throw DataError("baskets: no column is recognised as the " + std::string(argument) +
                    "; the columns are " + names_of(rows) + ". Write " + argument + "=\"...\"");
  };
  take(found.order, "order", "order");
  take(found.item, "product", "item");
  if (found.customer == nullptr) found.customer = plan.find("customer");
  return found;
}

/// Rows in the order of their baskets, as lists.
struct Listed {
  std::vector<std::int64_t> offset{};
  std::vector<std::int32_t> item{};
  std::vector<std::int32_t> customer{};
  std::int64_t without_basket = 0;
};

Listed by_basket(std::span<const std::int32_t> order, std::span<const std::int32_t> item,
                 std::span<const std::int32_t> customer, std::int32_t n) {
  Listed out;
  out.offset.assign(static_cast<std::size_t>(n) + 1, 0);
  for (const std::int32_t basket : order) {
    if (basket >= 0) ++out.offset[static_cast<std::size_t>(basket) + 1];
  }
  for (std::size_t b = 1; b < out.offset.size(); ++b) out.offset[b] += out.offset[b - 1];
  std::vector<std::int64_t> next(out.offset.begin(), out.offset.end() - 1);
  out.item.resize(static_cast<std::size_t>(out.offset.back()));
  if (!customer.empty()) out.customer.assign(static_cast<std::size_t>(n), -1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i] < 0) {
      ++out.without_basket;
      continue;
    }
    const auto b = static_cast<std::size_t>(order[i]);
    out.item[static_cast<std::size_t>(next[b]++)] = item[i];
    // The smallest code, so that the order of rows does not matter where a basket has two.
    if (!customer.empty() && customer[i] >= 0 &&
        (out.customer[b] < 0 || customer[i] < out.customer[b])) {
      out.customer[b] = customer[i];
    }
  }
  return out;
}

std::span<const std::int32_t> codes_of(const CodedColumns& coded) {
  const auto& codes = coded.columns[0].code;
  return {codes.data(), codes.size()};
}

}  // namespace

Baskets make_baskets(std::span<const std::int64_t> offset, const InputColumn& item,
                     const Context& context) {
  const ColumnReader reader(item);
  check_offsets(offset, reader.rows());
  const CodedColumns coded = code_ids(reader, context, [&](std::size_t row) {
    const auto after =
        std::upper_bound(offset.begin(), offset.end(), static_cast<std::int64_t>(row));
    return "an item of basket " + std::to_string(after - offset.begin() - 1);
  });
  const auto codes = codes_of(coded);
  return tidy_baskets({offset.begin(), offset.end()}, {codes.begin(), codes.end()}, nullptr,
                      coded.dictionary, context);
}

Baskets make_baskets(std::vector<std::int64_t>&& offset, std::vector<std::int32_t>&& ids,
                     const Context& context) {
  check_offsets(offset, ids.size());
  auto recoding = recoding_of(ids);
  if (!recoding) {
    const std::vector<std::int64_t> wide(ids.begin(), ids.end());
    return make_baskets(offset, column("item", wide), context);
  }
  return tidy_baskets(std::move(offset), std::move(ids), &recoding->first,
                      std::move(recoding->second), context);
}

Baskets make_baskets(std::span<const std::int64_t> offset, std::span<const std::int32_t> codes,
                     std::shared_ptr<const Dictionary> items, const Context& context) {
  check_offsets(offset, codes.size());
  const std::int32_t n = items ? items->size() : 0;
  if (const auto bad = std::find_if(codes.begin(), codes.end(), [&](auto c) { return c >= n; });
      bad != codes.end()) {
    throw InvalidArgument("baskets: item " + std::to_string(*bad) + " at place " +
                          std::to_string(bad - codes.begin()) + ", but there are " +
                          std::to_string(n) + " items");
  }
  return tidy_baskets({offset.begin(), offset.end()}, {codes.begin(), codes.end()}, nullptr,
                      std::move(items), context);
}

Baskets make_baskets(const InputTable& rows, const BasketColumns& columns, const Context& context) {
  const LongColumns found = find_columns(rows, columns);
  const auto where = [&](const InputColumn& column) {
    return [&](std::size_t row) {
      return "column \"" + column.name + "\", " + rows.row_word + ' ' +
             std::to_string(rows.first_row + static_cast<std::int64_t>(row)) + ',';
    };
  };
  const auto code = [&](const InputColumn& column) {
    return code_ids(ColumnReader(column), context, where(column));
  };
  const CodedColumns order = code(*found.order);
  const CodedColumns item = code(*found.item);
  CodedColumns customer;
  if (found.customer != nullptr) customer = code(*found.customer);
  Listed listed =
      by_basket(codes_of(order), codes_of(item),
                found.customer != nullptr ? codes_of(customer) : std::span<const std::int32_t>{},
                order.dictionary->size());
  Baskets result = tidy_baskets(std::move(listed.offset), std::move(listed.item), nullptr,
                                item.dictionary, context);
  result.customer = std::move(listed.customer);
  result.missing += listed.without_basket;
  result.level = found.item->name;
  return result;
}

}  // namespace emptor::data
