#include "detail/result.hpp"
#include "detail/run.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace emptor::bindings {
namespace {

std::size_t width(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::boolean:
    case ColumnKind::label:
      return 1;
    case ColumnKind::code:
    case ColumnKind::date:
      return 4;
    case ColumnKind::text:
      return sizeof(std::string);
    default:
      return 8;
  }
}

}  // namespace

const Column& ResultColumns::column(std::size_t i) {
  if (i >= deferred.size() || !deferred[i].write) return described.at(i);
  const DeferredColumn that = deferred[i];
  WrittenRows written = run(Call{threads}, [&](const Context& context) {
    return (*that.write)(that.begin, that.begin + rows(), context);
  });
  if (!deferred[i].write) return described[i];  // another thread was faster
  owner =
      std::make_shared<const std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>>(
          std::move(owner), std::move(written.owner));
  for (std::size_t k = 0; k < described.size(); ++k) {
    Column& column = described[k];
    const auto values = std::find_if(written.columns.begin(), written.columns.end(),
                                     [&](const Column& c) { return c.name == column.name; });
    if (!deferred[k].write || values == written.columns.end() || values->size != column.size)
      continue;
    column.data = values->data;
    column.offset = values->offset;
    deferred[k].write = nullptr;
  }
  return described[i];
}

const std::vector<Column>& ResultColumns::columns() {
  for (std::size_t i = 0; i < deferred.size(); ++i) column(i);
  return described;
}

/// Rows [start, stop), sharing the memory. Deferred rows of a slice are written for it alone, which
/// is for a look at a few of them; whoever goes on slicing gets them from the whole.
ResultColumns ResultColumns::slice(std::size_t start, std::size_t stop) {
  if (start > stop || stop > rows()) throw py::index_error("rows out of range");
  constexpr int kLooks = 8;
  const bool most = stop - start > rows() / 2;
  if (!deferred.empty() && (most || ++slices_ > kLooks)) columns();
  ResultColumns result = *this;
  for (std::size_t i = 0; i < described.size(); ++i) {
    Column& column = result.described[i];
    column.size = stop - start;
    if (i < deferred.size() && deferred[i].write) {
      result.deferred[i].begin += start;
    } else if (column.kind == ColumnKind::list) {
      column.offset += start;
    } else {
      column.data = static_cast<const char*>(column.data) + start * width(column.kind);
    }
  }
  return result;
}

ResultColumns ResultColumns::select(const std::vector<std::size_t>& which) const {
  ResultColumns result(owner, {});
  result.threads = threads;
  for (const std::size_t i : which) {
    result.described.push_back(described.at(i));
    if (!deferred.empty()) result.deferred.push_back(deferred[i]);
  }
  return result;
}

void ResultColumns::insert(std::size_t at, const Column& column) {
  at = std::min(at, described.size());
  described.insert(described.begin() + static_cast<std::ptrdiff_t>(at), column);
  if (!deferred.empty())
    deferred.insert(deferred.begin() + static_cast<std::ptrdiff_t>(at), DeferredColumn{});
}

}  // namespace emptor::bindings
