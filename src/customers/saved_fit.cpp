#include "customers/saved_fit.hpp"

namespace emptor::customers {
namespace {

std::string covariance_name(std::size_t i) { return "log_covariance_" + std::to_string(i + 1); }

}  // namespace

std::string fit_bytes(std::string_view kind, std::vector<Column> table, std::vector<Scalar> info,
                      std::span<const double> covariance) {
  const std::size_t p = table.empty() ? 0 : table.front().size;
  std::vector<std::vector<double>> rows(p);
  std::vector<std::string> names(p);
  for (std::size_t i = 0; i < p; ++i) {
    names[i] = covariance_name(i);
    const auto row = covariance.subspan(i * p, p);
    rows[i].assign(row.begin(), row.end());
    table.push_back(Column(names[i], rows[i]).hidden());
  }
  info.push_back({"kind", std::string(kind)});
  return save_columns_bytes(table, info);
}

SavedFit::SavedFit(std::string_view bytes, std::string_view kind, std::string what)
    : loaded_(load_columns_bytes(bytes)), what_(std::move(what)) {
  const auto named = std::find_if(loaded_.info.begin(), loaded_.info.end(),
                                  [](const Scalar& one) { return one.name == "kind"; });
  if (named == loaded_.info.end() || scalar<std::string>("kind") != kind)
    fail("the bytes hold something else");
}

bool SavedFit::has(std::string_view name) const {
  return std::any_of(loaded_.columns.begin(), loaded_.columns.end(),
                     [&](const Column& one) { return one.name == name; });
}

std::size_t SavedFit::rows() const {
  return loaded_.columns.empty() ? 0 : loaded_.columns.front().size;
}

std::size_t SavedFit::word(std::string_view name, std::span<const std::string_view> words) const {
  const auto text = scalar<std::string>(name);
  const auto at = std::find(words.begin(), words.end(), text);
  if (at == words.end()) fail("unknown " + std::string(name) + " '" + text.substr(0, 40) + "'");
  return static_cast<std::size_t>(at - words.begin());
}

std::vector<double> SavedFit::covariance() const {
  std::vector<double> out;
  for (std::size_t i = 0; i < rows(); ++i) {
    const auto row = numbers(covariance_name(i));
    out.insert(out.end(), row.begin(), row.end());
  }
  return out;
}

void SavedFit::fail(const std::string& why) const { throw FormatError(what_ + ": " + why); }

}  // namespace emptor::customers
