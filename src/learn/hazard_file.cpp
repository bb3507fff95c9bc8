// A hazard model as bytes and back.
#include "emptor/learn/hazard_regression.hpp"

#include "core/bytes.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace emptor::learn {
namespace {

constexpr std::string_view kWhat = "hazard";
constexpr std::uint32_t kVersion = 1;
constexpr const char* kModel = "the model";

void need(bool holds) {
  if (!holds) core::ByteReader::fail(kModel);
}

/// Walks the columns of numbers of a model, the same for writing and reading.
template <typename Model, typename Work>
void columns_of(Model& m, const Work& work) {
  for (auto* column : {&m.time, &m.hazard, &m.hazard_low, &m.hazard_high, &m.baseline})
    work(*column);
  for (auto* column : {&m.coefficient, &m.low, &m.high, &m.ratio, &m.standard_error, &m.p_value,
                       &m.per_deviation, &m.covariance})
    work(*column);
}

template <typename Model, typename Work>
void counts_of(Model& m, const Work& work) {
  for (auto* column : {&m.number, &m.n, &m.events}) work(*column);
}

void texts(core::ByteWriter& out, const std::vector<std::string>& all) {
  out.number<std::uint64_t>(all.size());
  for (const std::string& text : all) out.text(text);
}

std::vector<std::string> texts(core::ByteReader& in) {
  std::vector<std::string> all(in.length(8, kModel));
  for (std::string& text : all) text = in.text(kModel);
  return all;
}

void write_design(core::ByteWriter& out, const HazardModel& m) {
  out.number<std::uint64_t>(m.features.size());
  for (const FeatureInfo& f : m.features) {
    out.text(f.name);
    out.number<std::uint8_t>(f.category ? 1 : 0);
    texts(out, f.levels);
  }
  out.number<std::uint64_t>(m.design.size());
  for (const DesignColumn& c : m.design) {
    out.number(c.feature);
    out.number(static_cast<std::uint8_t>(c.kind));
    out.number(c.level);
    for (const double x : {c.centre, c.scale, c.coefficient}) out.number(x);
  }
}

void read_design(core::ByteReader& in, HazardModel& m) {
  m.features.resize(in.length(17, kModel));
  for (FeatureInfo& f : m.features) {
    f.name = in.text(kModel);
    f.category = in.number<std::uint8_t>(kModel) != 0;
    f.levels = texts(in);
    need(std::is_sorted(f.levels.begin(), f.levels.end()));
  }
  m.design.resize(in.length(33, kModel));
  for (DesignColumn& c : m.design) {
    c.feature = in.number<std::int32_t>(kModel);
    c.kind = static_cast<DesignKind>(in.number<std::uint8_t>(kModel));
    c.level = in.number<std::int32_t>(kModel);
    for (double* x : {&c.centre, &c.scale, &c.coefficient}) *x = in.number<double>(kModel);
    need(c.kind <= DesignKind::level && c.feature >= 0 &&
         static_cast<std::size_t>(c.feature) < m.features.size());
    const FeatureInfo& f = m.features[static_cast<std::size_t>(c.feature)];
    need(c.kind == DesignKind::missing || f.category == (c.kind == DesignKind::level));
    need(c.level >= -1 && c.level < static_cast<std::int32_t>(f.levels.size()));
  }
}

/// Whatever later code relies on: sizes of the columns that belong together.
void check(const HazardModel& m) {
  need(m.options.link <= HazardLink::cloglog && m.fit_status <= Status::undefined);
  for (const Status status : m.status) need(status <= Status::undefined);
  const std::size_t periods = m.number.size(), terms = m.term.size();
  need(m.status.size() == periods && m.n.size() == periods && m.events.size() == periods);
  for (const auto* column : {&m.time, &m.hazard, &m.hazard_low, &m.hazard_high, &m.baseline})
    need(column->size() == periods);
  for (const auto* column :
       {&m.coefficient, &m.low, &m.high, &m.ratio, &m.standard_error, &m.p_value, &m.per_deviation})
    need(column->size() == terms);
  need(m.design.size() == terms);
  const std::size_t size = periods + terms;
  need(m.covariance.size() == size * size);
}

}  // namespace

std::string HazardModel::to_bytes() const {
  core::ByteWriter out;
  const HazardOptions& o = options;
  for (const double x : {o.period, o.penalty, o.smoothness, o.level, o.tolerance}) out.number(x);
  out.number(static_cast<std::uint8_t>(o.link));
  out.number<std::int32_t>(o.max_periods);
  out.number<std::int32_t>(o.max_iterations);
  write_design(out, *this);
  columns_of(*this, [&](const std::vector<double>& column) { out.numbers(column); });
  counts_of(*this, [&](const std::vector<std::int64_t>& column) { out.numbers(column); });
  out.number<std::uint64_t>(status.size());
  for (const Status one : status) out.number(static_cast<std::uint8_t>(one));
  texts(out, term);
  out.number(log_likelihood);
  for (const std::int64_t x : {n_rows, n_events, left_out}) out.number(x);
  out.number<std::int32_t>(iterations);
  out.number<std::uint8_t>(converged ? 1 : 0);
  out.number(static_cast<std::uint8_t>(fit_status));
  return core::sealed(kWhat, kVersion, std::move(out).take());
}

HazardModel hazard_model_from(std::string_view bytes) {
  core::ByteReader in(core::unsealed(bytes, kWhat, kVersion).payload);
  HazardModel m;
  HazardOptions& o = m.options;
  for (double* x : {&o.period, &o.penalty, &o.smoothness, &o.level, &o.tolerance})
    *x = in.number<double>(kModel);
  o.link = static_cast<HazardLink>(in.number<std::uint8_t>(kModel));
  o.max_periods = in.number<std::int32_t>(kModel);
  o.max_iterations = in.number<std::int32_t>(kModel);
  need(o.level > 0 && o.level < 1);
  read_design(in, m);
  columns_of(m, [&](std::vector<double>& column) { column = in.numbers<double>(kModel); });
  counts_of(m,
            [&](std::vector<std::int64_t>& column) { column = in.numbers<std::int64_t>(kModel); });
  m.status.resize(in.length(1, kModel));
  for (Status& one : m.status) one = static_cast<Status>(in.number<std::uint8_t>(kModel));
  m.term = texts(in);
  m.log_likelihood = in.number<double>(kModel);
  for (std::int64_t* x : {&m.n_rows, &m.n_events, &m.left_out})
    *x = in.number<std::int64_t>(kModel);
  m.iterations = in.number<std::int32_t>(kModel);
  m.converged = in.number<std::uint8_t>(kModel) != 0;
  m.fit_status = static_cast<Status>(in.number<std::uint8_t>(kModel));
  in.end();
  check(m);
  return m;
}

}  // namespace emptor::learn
