// A churn model as bytes and back: one list of fields, walked by a writer and by a reader.
#include "emptor/customers/churn.hpp"

#include "core/bytes.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

namespace emptor::customers {
namespace {

constexpr std::string_view kWhat = "churn";
constexpr std::uint32_t kVersion = 1;
constexpr const char* kModel = "the model";
constexpr std::size_t kPairCells = 256;

class Writer {
 public:
  template <typename T>
  void operator()(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      out_.number(static_cast<std::uint8_t>(value));
    } else if constexpr (std::is_enum_v<T>) {
      out_.number(static_cast<std::underlying_type_t<T>>(value));
    } else {
      out_.number(value);
    }
  }
  void operator()(const std::string& value) { out_.text(value); }
  template <typename T>
  void operator()(const std::vector<T>& values) {
    out_.number<std::uint64_t>(values.size());
    for (const T& value : values) each(*this, value);
  }
  template <typename T>
  static void each(Writer& self, const T& value);
  std::string take() && { return std::move(out_).take(); }

 private:
  core::ByteWriter out_{};
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}
  template <typename T>
  void operator()(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = in_.number<std::uint8_t>(kModel) != 0;
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(in_.number<std::underlying_type_t<T>>(kModel));
    } else {
      value = in_.number<T>(kModel);
    }
  }
  void operator()(std::string& value) { value = in_.text(kModel); }
  template <typename T>
  void operator()(std::vector<T>& values) {
    // No count can ask for much more memory than there are bytes: texts and structs take 8 or more.
    constexpr std::size_t kLeast = std::is_arithmetic_v<T> || std::is_enum_v<T> ? sizeof(T) : 8;
    values.resize(in_.length(kLeast, kModel));
    for (T& value : values) each(*this, value);
  }
  template <typename T>
  static void each(Reader& self, T& value);
  void end() const { in_.end(); }

 private:
  core::ByteReader in_;
};

template <typename A, typename E>
void fields(A& a, E& e) requires std::is_same_v<std::remove_const_t<E>, Estimate> {
  a(e.value), a(e.low), a(e.high), a(e.level), a(e.n), a(e.status);
}
template <typename A, typename P>
void fields(A& a,
            P& p) requires std::is_same_v<std::remove_const_t<P>, std::pair<std::string, int>> {
  a(p.first), a(p.second);
}
template <typename A, typename F>
void fields(A& a, F& f) requires std::is_same_v<std::remove_const_t<F>, learn::FeatureInfo> {
  a(f.name), a(f.category), a(f.levels);
}
template <typename A, typename F>
void fields(A& a, F& f) requires std::is_same_v<std::remove_const_t<F>, learn::FeatureBins> {
  fields(a, f.info), a(f.cuts), a(f.cell);
}
template <typename A, typename T>
void fields(A& a, T& t) requires std::is_same_v<std::remove_const_t<T>, learn::AdditiveTerm> {
  a(t.first), a(t.second), a(t.score), a(t.weight), a(t.importance);
}
template <typename A, typename C>
void fields(A& a, C& c) requires std::is_same_v<std::remove_const_t<C>, learn::DesignColumn> {
  a(c.feature), a(c.kind), a(c.level), a(c.centre), a(c.scale), a(c.coefficient);
}
template <typename A, typename S>
void fields(A& a, S& s) requires std::is_same_v<std::remove_const_t<S>, data::Span> {
  a(s.count), a(s.unit);
}

template <typename A, typename M>
void additive(A& a, M& m) {
  a(m.features), a(m.terms), a(m.intercept), a(m.n), a(m.n_events), a(m.bags), a(m.rounds);
  a(m.pair_rounds), a(m.validation_log_loss), a(m.status), a(m.term), a(m.importance);
}
template <typename A, typename M>
void logistic(A& a, M& m) {
  a(m.features), a(m.design), a(m.intercept), a(m.log_likelihood), a(m.n), a(m.n_events);
  a(m.iterations), a(m.converged), a(m.level), a(m.status), a(m.term), a(m.coefficient);
  a(m.low), a(m.high), a(m.standard_error), a(m.p_value), a(m.per_deviation), a(m.term_status);
}
template <typename A, typename M>
void back_end(A& a, M& m) {
  a(m.name), a(m.features), a(m.bytes), a(m.intercept), a(m.term), a(m.importance), a(m.n),
      a(m.n_events);
  a(m.status);
}
template <typename A, typename M>
void metrics(A& a, M& m) {
  fields(a, m.auc), fields(a, m.average_precision), fields(a, m.brier), fields(a, m.log_loss);
  fields(a, m.lift), a(m.brier_reliability), a(m.brier_resolution), a(m.brier_uncertainty);
  a(m.brier_within), a(m.share), a(m.n), a(m.n_events), a(m.top), a(m.metric), a(m.value);
  a(m.low), a(m.high), a(m.value_n), a(m.status);
}
template <typename A, typename C>
void classifier(A& a, C& c) {
  a(c.model), additive(a, c.additive), logistic(a, c.logistic), back_end(a, c.other);
  a(c.calibration.kind), a(c.calibration.a), a(c.calibration.b), a(c.calibration.c);
  a(c.calibration.at), a(c.calibration.probability), a(c.calibration.n);
  a(c.calibration.n_events), a(c.calibration.status);
  a(c.venn_abers.score), a(c.venn_abers.low), a(c.venn_abers.high), a(c.venn_abers.n);
  metrics(a, c.metrics);
  auto& r = c.reliability;
  a(r.bin), a(r.probability), a(r.share), a(r.share_low), a(r.share_high), a(r.n), a(r.status);
  auto& l = c.lift;
  a(l.top), a(l.caught), a(l.caught_low), a(l.caught_high), a(l.n), a(l.status), a(l.lift);
  a(l.lift_low), a(l.lift_high), a(l.share), a(l.probability), a(l.n_events), a(l.level);
  a(r.level), a(c.profit.expected), a(c.profit.expected_fraction), a(c.profit.at_mean);
  a(c.profit.at_mean_fraction), a(c.folds), a(c.n), a(c.n_events), a(c.status);
}
template <typename A, typename F>
void whole(A& a, F& f) {
  classifier(a, f.classifier);
  auto& o = f.options;
  a(o.model), a(o.calibration), a(o.folds), a(o.level), a(o.seed), a(o.max_pairs), a(o.penalty);
  a(o.monotone), a(o.value), a(o.customer_value), a(o.incentive_cost), a(o.contact_cost);
  a(o.target), a(o.event), a(o.id), a(o.exclude);
  fields(a, o.horizon), fields(a, o.step), a(o.max_snapshots);
  a(f.of_sales), a(f.snapshot), a(f.snapshot_customers), a(f.snapshot_share), a(f.snapshot_tried);
}

template <typename T>
constexpr bool kPlain =
    std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::string>;

template <typename T>
void Writer::each(Writer& self, const T& value) {
  if constexpr (kPlain<T>) {
    self(value);
  } else {
    fields(self, value);
  }
}
template <typename T>
void Reader::each(Reader& self, T& value) {
  if constexpr (kPlain<T>) {
    self(value);
  } else {
    fields(self, value);
  }
}

void need(bool holds) {
  if (!holds) core::ByteReader::fail(kModel);
}

template <typename First, typename... Rest>
void need_equal_sizes(const First& first, const Rest&... rest) {
  need(((rest.size() == first.size()) && ...));
}

void check(const Status& status) { need(status <= Status::undefined); }
void check(const std::vector<Status>& all) {
  for (const Status& status : all) check(status);
}

void check(const learn::AdditiveModel& m) {
  check(m.status);
  for (const learn::FeatureBins& f : m.features) {
    need(f.bins() <= kPairCells && f.cell.size() == f.bins());
    need(std::is_sorted(f.cuts.begin(), f.cuts.end()));
    need(std::is_sorted(f.info.levels.begin(), f.info.levels.end()));
    for (const std::uint8_t cell : f.cell) need(cell < 16);
  }
  const auto columns = static_cast<std::int32_t>(m.features.size());
  need(m.terms.size() >= m.features.size());
  for (std::size_t t = 0; t < m.terms.size(); ++t) {
    const learn::AdditiveTerm& term = m.terms[t];
    need(term.first >= 0 && term.first < columns && term.second >= -1 && term.second < columns);
    if (t < m.features.size()) need(term.first == static_cast<std::int32_t>(t) && term.second < 0);
    need(term.score.size() ==
         (term.second < 0 ? m.features[static_cast<std::size_t>(term.first)].bins() : kPairCells));
    need_equal_sizes(term.score, term.weight);
  }
  need_equal_sizes(m.terms, m.term, m.importance);
}

void check(const learn::LogisticModel& m) {
  check(m.status);
  check(m.term_status);
  for (const learn::FeatureInfo& f : m.features)
    need(std::is_sorted(f.levels.begin(), f.levels.end()));
  for (const learn::DesignColumn& c : m.design) {
    need(c.kind <= learn::DesignKind::level && c.feature >= 0 &&
         static_cast<std::size_t>(c.feature) < m.features.size());
    const learn::FeatureInfo& f = m.features[static_cast<std::size_t>(c.feature)];
    need(c.kind == learn::DesignKind::missing ||
         f.category == (c.kind == learn::DesignKind::level));
    need(c.level >= -1 && c.level < static_cast<std::int32_t>(f.levels.size()));
  }
  need_equal_sizes(m.term, m.coefficient, m.low, m.high, m.standard_error, m.p_value,
                   m.per_deviation, m.term_status);
}

void check(const learn::BackEndModel& m) {
  check(m.status);
  for (const learn::FeatureInfo& f : m.features)
    need(std::is_sorted(f.levels.begin(), f.levels.end()));
  need_equal_sizes(m.features, m.term, m.importance);
}

/// Whatever later code relies on: codes of enumerations, sizes, places of columns and bins.
void check(const ChurnFit& fit) {
  const learn::Classifier& c = fit.classifier;
  need(c.model <= learn::ClassifierKind::back_end && fit.options.model == c.model);
  check(c.status);
  check(c.additive);
  check(c.logistic);
  check(c.other);
  need(c.calibration.kind <= learn::CalibrationKind::isotonic);
  check(c.calibration.status);
  need(c.calibration.kind != learn::CalibrationKind::isotonic || !c.calibration.at.empty());
  need_equal_sizes(c.calibration.at, c.calibration.probability);
  need(std::is_sorted(c.calibration.at.begin(), c.calibration.at.end()));
  need_equal_sizes(c.venn_abers.score, c.venn_abers.low, c.venn_abers.high);
  need(std::is_sorted(c.venn_abers.score.begin(), c.venn_abers.score.end()));
  const learn::ClassificationMetrics& m = c.metrics;
  for (const Estimate* e : {&m.auc, &m.average_precision, &m.brier, &m.log_loss, &m.lift})
    check(e->status);
  check(m.status);
  need_equal_sizes(m.metric, m.value, m.low, m.high, m.value_n, m.status);
  const learn::Reliability& r = c.reliability;
  check(r.status);
  need_equal_sizes(r.bin, r.probability, r.share, r.share_low, r.share_high, r.n, r.status);
  const learn::LiftCurve& l = c.lift;
  check(l.status);
  need_equal_sizes(l.top, l.caught, l.caught_low, l.caught_high, l.n, l.status, l.lift, l.lift_low,
                   l.lift_high, l.share, l.probability);
  need(fit.options.calibration <= learn::CalibrationKind::isotonic);
  need(fit.options.horizon.unit <= data::Span::Unit::years &&
       fit.options.step.unit <= data::Span::Unit::years);
  need_equal_sizes(fit.snapshot, fit.snapshot_customers, fit.snapshot_share, fit.snapshot_tried);
}

}  // namespace

std::string ChurnFit::to_bytes() const {
  Writer out;
  whole(out, *this);
  return core::sealed(kWhat, kVersion, std::move(out).take());
}

ChurnFit churn_fit_from(std::string_view bytes) {
  Reader in(core::unsealed(bytes, kWhat, kVersion).payload);
  ChurnFit fit;
  whole(in, fit);
  in.end();
  check(fit);
  return fit;
}

}  // namespace emptor::customers
