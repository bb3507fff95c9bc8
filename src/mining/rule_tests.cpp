#include "mining/rule_tests.hpp"

#include <algorithm>

namespace emptor::mining {
namespace {

using Position = RuleData::Position;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

void intersect(std::span<const Position> x, std::span<const Position> y,
               std::vector<Position>& both) {
  if (x.size() > y.size()) std::swap(x, y);
  both.clear();
  if (y.size() > 16 * x.size()) {
    auto from = y.begin();
    for (const Position b : x) {
      from = std::lower_bound(from, y.end(), b);
      if (from == y.end()) break;
      if (*from == b) both.push_back(b);
    }
    return;
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < x.size() && j < y.size()) {
    const Position a = x[i];
    const Position b = y[j];
    if (a == b) both.push_back(a);
    i += a <= b ? 1 : 0;
    j += b <= a ? 1 : 0;
  }
}

double square(double x) { return x * x; }

// Sum over baskets of squared scores ((1{a} - p)(1{b} - q))^2 in one stratum.
double squared_scores(double n, double a, double b, double x) {
  const double p = a / n;
  const double q = b / n;
  return x * square((1 - p) * (1 - q)) + (a - x) * square((1 - p) * q) +
         (b - x) * square(p * (1 - q)) + (n - a - b + x) * square(p * q);
}

double p_of(double n, const Usual& usual, double squares, double scores) {
  const double effect = scores > 0 ? std::max(1.0, squares / scores) : 1.0;
  return stretched_upper_tail(n, usual.expected, usual.variance * effect);
}

}  // namespace

ClusterSums::ClusterSums(const RuleData& data) {
  if (!data.clustered) return;
  const std::size_t strata = data.strata.count();
  squares.assign(strata * strata, 0);
  std::vector<double> n(strata, 0);
  std::vector<std::size_t> touched;
  for (std::size_t c = 0; c < data.clusters(); ++c) {
    touched.clear();
    for (std::size_t b = data.cluster_begin[c]; b < data.cluster_begin[c + 1]; ++b) {
      if (data.stratum[b] < 0) continue;
      const std::size_t h = index(data.stratum[b]);
      if (n[h] == 0) touched.push_back(h);
      n[h] += 1;
    }
    for (const std::size_t g : touched) {
      for (const std::size_t h : touched) squares[g * strata + h] += n[g] * n[h];
    }
    for (const std::size_t h : touched) n[h] = 0;
  }
}

RuleTester::RuleTester(const RuleData& data, const ClusterSums& sums)
    : data_(data), sums_(sums), strata_(data.strata.count()), mark_(data.baskets(), 0) {
  for (auto* column : {&n_, &a_, &b_, &x_, &p_, &q_, &own_, &all_}) column->assign(strata_, 0);
}

void RuleTester::take(std::int32_t consequent) {
  if (consequent_ >= 0) {
    for (const Position b : data_.with(consequent_)) mark_[b] = 0;
  }
  consequent_ = consequent;
  for (const Position b : data_.with(consequent)) mark_[b] = 1;
  const double* const count = data_.count.data() + index(consequent) * strata_;
  for (std::size_t h = 0; h < strata_; ++h) q_[h] = count[h] / data_.strata.n[h];
  if (!data_.clustered) return;
  // v_c[h] = baskets of c in h with the consequent, less q_h times all of them: the sum of v v' is
  // taken apart into what all clusters and what those with the consequent contribute.
  quadratic_.resize(strata_ * strata_);
  for (std::size_t g = 0; g < strata_; ++g) {
    for (std::size_t h = 0; h < strata_; ++h) {
      quadratic_[g * strata_ + h] = q_[g] * q_[h] * sums_.squares[g * strata_ + h];
    }
  }
  std::vector<std::size_t> touched;
  const List with = data_.with(consequent);
  for (std::size_t k = 0; k < with.size();) {
    const std::size_t c = data_.cluster[with[k]];
    while (k < with.size() && data_.cluster[with[k]] == c) ++k;
    touched.clear();
    for (std::size_t b = data_.cluster_begin[c]; b < data_.cluster_begin[c + 1]; ++b) {
      if (data_.stratum[b] < 0) continue;
      const std::size_t h = index(data_.stratum[b]);
      if (all_[h] == 0) touched.push_back(h);
      all_[h] += 1;
      own_[h] += mark_[b];
    }
    for (const std::size_t g : touched) {
      for (const std::size_t h : touched) {
        quadratic_[g * strata_ + h] +=
            own_[g] * own_[h] - own_[g] * all_[h] * q_[h] - own_[h] * all_[g] * q_[g];
      }
    }
    for (const std::size_t h : touched) own_[h] = all_[h] = 0;
  }
}

std::span<const Position> RuleTester::baskets_with(std::span<const std::int32_t> items) {
  List found = data_.with(items[0]);
  for (std::size_t i = 1; i < items.size(); ++i) {
    intersect(found, data_.with(items[i]), common_[i % 2]);
    found = common_[i % 2];
  }
  return found;
}

double RuleTester::part_confidence(std::span<const std::int32_t> antecedent) {
  list_parts(antecedent);
  double largest = static_cast<double>(data_.with(consequent_).size()) /
                   static_cast<double>(std::max<std::size_t>(1, data_.baskets()));
  for (std::size_t mask = 1; mask + 1 < lists_.size(); ++mask) {
    double with = 0;
    for (const Position b : lists_[mask]) with += mark_[b];
    if (!lists_[mask].empty()) {
      largest = std::max(largest, with / static_cast<double>(lists_[mask].size()));
    }
  }
  if (data_.tree.empty()) return largest;
  for_each_general(data_.tree, antecedent, {&consequent_, 1}, true, [&](auto general, auto) {
    const List list = baskets_with(general);
    double with = 0;
    for (const Position b : list) with += mark_[b];
    if (!list.empty()) largest = std::max(largest, with / static_cast<double>(list.size()));
  });
  return largest;
}

// The baskets of every part of the antecedent: those of the part without its first item, and of
// that item.
void RuleTester::list_parts(std::span<const std::int32_t> antecedent) {
  const std::size_t parts = std::size_t{1} << antecedent.size();
  lists_.assign(parts, {});
  if (stored_.size() < parts) stored_.resize(parts);
  for (std::size_t mask = 1; mask < parts; ++mask) {
    const std::size_t rest = mask & (mask - 1);
    const List one = data_.with(antecedent[index(std::countr_zero(mask))]);
    if (rest == 0) {
      lists_[mask] = one;
      continue;
    }
    intersect(one, lists_[rest], stored_[mask]);
    lists_[mask] = stored_[mask];
  }
}

// Sum over clusters of the squared sum of (1{X} - p)(1{y} - q): clusters without X give p'vv'p, and
// so do those with X but for the baskets with X.
double RuleTester::cluster_squares(List x) const {
  double sum = 0;
  for (std::size_t g = 0; g < strata_; ++g) {
    if (p_[g] == 0) continue;
    double row = 0;
    for (std::size_t h = 0; h < strata_; ++h) row += quadratic_[g * strata_ + h] * p_[h];
    sum += p_[g] * row;
  }
  for (std::size_t k = 0; k < x.size();) {
    const std::size_t c = data_.cluster[x[k]];
    double with = 0;  // sum of 1{y} - q over the baskets with X
    for (; k < x.size() && data_.cluster[x[k]] == c; ++k) {
      if (data_.stratum[x[k]] >= 0) with += mark_[x[k]] - q_[index(data_.stratum[x[k]])];
    }
    double usual = 0;  // p times the same over all baskets
    for (std::size_t b = data_.cluster_begin[c]; b < data_.cluster_begin[c + 1]; ++b) {
      if (data_.stratum[b] < 0) continue;
      const std::size_t h = index(data_.stratum[b]);
      usual += p_[h] * (mark_[b] - q_[h]);
    }
    sum += with * with - 2 * with * usual;
  }
  return sum;
}

double RuleTester::association(List x, std::span<const std::int32_t> antecedent, Result& result) {
  const double* const b = data_.count.data() + index(consequent_) * strata_;
  Usual usual;
  double scores = 0;
  for (std::size_t h = 0; h < strata_; ++h) {
    p_[h] = a_[h] / data_.strata.n[h];
    if (a_[h] == 0) continue;
    usual.add(data_.strata.n[h], a_[h], b[h], data_.taken(antecedent, {&consequent_, 1}, {}, h),
              data_.strata.size_factor[h]);
    scores += squared_scores(data_.strata.n[h], a_[h], b[h], x_[h]);
  }
  result.expected = usual.expected;
  const double squares = data_.clustered ? cluster_squares(x) : 0;
  return p_of(static_cast<double>(result.n), usual, squares, scores);
}

template <typename Taken>
double RuleTester::part(List w, List x, const std::vector<double>& a, double n, Taken taken) {
  std::fill(n_.begin(), n_.end(), 0);
  std::fill(b_.begin(), b_.end(), 0);
  for (const Position basket : w) {
    if (data_.stratum[basket] < 0) continue;
    n_[index(data_.stratum[basket])] += 1;
    b_[index(data_.stratum[basket])] += mark_[basket];
  }
  Usual usual;
  double scores = 0;
  for (std::size_t h = 0; h < strata_; ++h) {
    if (n_[h] == 0) continue;
    usual.add(n_[h], a[h], b_[h], taken(h), data_.strata.size_factor[h]);
    scores += squared_scores(n_[h], a[h], b_[h], x_[h]);
  }
  double squares = 0;
  if (data_.clustered) {
    std::size_t j = 0;
    for (std::size_t k = 0; k < w.size();) {
      const Position c = data_.cluster[w[k]];
      double sum = 0;
      for (; k < w.size() && data_.cluster[w[k]] == c; ++k) {
        const Position basket = w[k];
        if (data_.stratum[basket] < 0) continue;
        const std::size_t h = index(data_.stratum[basket]);
        while (j < x.size() && x[j] < basket) ++j;
        const double in_x = j < x.size() && x[j] == basket ? 1 : 0;
        sum += (in_x - a[h] / n_[h]) * (mark_[basket] - b_[h] / n_[h]);
      }
      squares += sum * sum;
    }
  }
  return p_of(n, usual, squares, scores);
}

RuleTester::Result RuleTester::test(std::span<const std::int32_t> antecedent, bool parts) {
  list_parts(antecedent);
  const List x = lists_.back();
  std::fill(a_.begin(), a_.end(), 0);
  std::fill(x_.begin(), x_.end(), 0);
  Result result;
  for (const Position b : x) {
    if (data_.stratum[b] < 0) continue;
    a_[index(data_.stratum[b])] += 1;
    x_[index(data_.stratum[b])] += mark_[b];
    result.n += mark_[b];
  }
  result.p_association = association(x, antecedent, result);
  result.p_value = result.p_association;
  if (!parts) return result;
  const auto n = static_cast<double>(result.n);
  for (std::size_t mask = 1; mask + 1 < lists_.size(); ++mask) {
    added_.clear();
    given_.clear();
    for (std::size_t i = 0; i < antecedent.size(); ++i) {
      ((mask >> i & 1U) != 0 ? given_ : added_).push_back(antecedent[i]);
    }
    const auto taken = [&](std::size_t h) {
      return data_.taken(added_, {&consequent_, 1}, given_, h);
    };
    result.p_value = std::max(result.p_value, part(lists_[mask], x, a_, n, taken));
  }
  if (!data_.tree.empty()) {
    result.p_value = std::max(result.p_value, general_parts(x, n, antecedent));
  }
  return result;
}

// Of what an item takes its ancestor has taken a part already: if X leaves y the share L(X) of its
// baskets and W, which X implies, the share L(W), then y is in L(X) / L(W) times as many of the
// baskets with X as of those with W.
double RuleTester::general_parts(List x, double n, std::span<const std::int32_t> antecedent) {
  const std::span<const std::int32_t> y{&consequent_, 1};
  const auto share = [&](double of, double in, const std::vector<double>& a, std::size_t h) {
    const double most = n_[h] / std::max(1.0, std::max(a[h], b_[h]));  // all of the rarer one
    return 1 - std::min(most, of / std::max(1e-9, in));
  };
  double largest = 0;
  for_each_general(data_.tree, antecedent, y, true, [&](auto general, auto left_out) {
    added_.clear();
    for (const std::int32_t r : antecedent) {
      if (std::find(left_out.begin(), left_out.end(), r) == left_out.end()) added_.push_back(r);
    }
    const auto taken = [&](std::size_t h) {
      const double left = 1 - data_.taken(left_out, y, general, h);
      return share(left * data_.left_by(added_, y, h), data_.left_by(general, y, h), a_, h);
    };
    largest = std::max(largest, part(baskets_with(general), x, a_, n, taken));
  });
  for (std::int32_t up = data_.tree.parent(consequent_);
       up >= 0 && !data_.tree.related(antecedent, up); up = data_.tree.parent(up)) {
    intersect(x, data_.with(up), both_);
    std::vector<double> a(strata_, 0);
    for (const Position b : both_) {
      if (data_.stratum[b] >= 0) a[index(data_.stratum[b])] += 1;
    }
    const auto taken = [&](std::size_t h) {
      return share(data_.left_by(antecedent, y, h), data_.left_by(antecedent, {&up, 1}, h), a, h);
    };
    largest = std::max(largest, part(data_.with(up), both_, a, n, taken));
  }
  return largest;
}

}  // namespace emptor::mining
