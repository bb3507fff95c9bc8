#include "mining/measure_formulas.hpp"

#include <array>
#include <limits>

namespace emptor::mining {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::string_view kWilson = "Wilson (1927), on the effective number of baskets";
constexpr std::string_view kDelta = "delta method for the multinomial law of the four cells";
constexpr std::string_view kFisherDelta = "delta method on Fisher's scale (atanh)";
constexpr std::string_view kLogDelta = "delta method on the log scale";

template <typename F>
void fill(const RuleCountsView& counts, std::size_t begin, std::size_t end, double* out) {
  for (std::size_t i = begin; i < end; ++i) out[i - begin] = F{}(cells(counts, i));
}

template <typename F>
Dual gradient_of(const Cells<double>& c) {
  return F{}(dual_cells(c));
}

template <typename F>
double denominator_of(const Cells<double>& c) {
  return F{}(c);
}

// Of measures with no interval.
template <typename F>
constexpr MeasureEntry plain(std::string_view name, std::string_view formula,
                             std::string_view meaning, double lowest, double highest, F) {
  return {{name, formula, meaning, {}, lowest, highest},
          Scale::none,
          &fill<F>,
          nullptr,
          nullptr,
          false};
}

template <typename F>
constexpr MeasureEntry delta(std::string_view name, std::string_view formula,
                             std::string_view meaning, double lowest, double highest, F) {
  return {{name, formula, meaning, kDelta, lowest, highest},
          Scale::plain,
          &fill<F>,
          &gradient_of<F>,
          nullptr,
          false};
}

constexpr MeasureEntry on_scale(Scale scale, MeasureEntry entry) {
  entry.scale = scale;
  if (scale == Scale::logarithm) entry.measure.interval = kLogDelta;
  if (scale == Scale::fisher) entry.measure.interval = kFisherDelta;
  return entry;
}

template <typename F>
constexpr MeasureEntry ratio(std::string_view name, std::string_view formula,
                             std::string_view meaning, F) {
  return {{name, formula, meaning, kLogDelta, 0, kInfinity},
          Scale::logarithm,
          &fill<F>,
          &gradient_of<F>,
          nullptr,
          false};
}

template <typename F, typename D>
constexpr MeasureEntry share(std::string_view name, std::string_view formula,
                             std::string_view meaning, F, D) {
  return {{name, formula, meaning, kWilson, 0, 1},
          Scale::wilson,
          &fill<F>,
          &gradient_of<F>,
          &denominator_of<D>,
          false};
}

template <typename T>
T odds_ratio(const Cells<T>& c) {
  return c.x * c.neither() / (c.x_only() * c.y_only());
}

// Linkage disequilibrium, in baskets: how many more hold both than independence gives.
template <typename T>
T beyond_chance(const Cells<T>& c) {
  return c.x - c.a * c.b / c.n;
}

double entropy_term(double share) { return share > 0 ? share * std::log(share) : 0.0; }

double mutual_information(const Cells<double>& c) {
  const auto term = [&](double both, double row, double column) {
    return both > 0 ? both / c.n * std::log(both * c.n / (row * column)) : 0.0;
  };
  const double not_a = c.n - c.a;
  const double not_b = c.n - c.b;
  const double sum = term(c.x, c.a, c.b) + term(c.x_only(), c.a, not_b) +
                     term(c.y_only(), not_a, c.b) + term(c.neither(), not_a, not_b);
  const double of_x = -entropy_term(c.a / c.n) - entropy_term(not_a / c.n);
  const double of_y = -entropy_term(c.b / c.n) - entropy_term(not_b / c.n);
  return sum / std::min(of_x, of_y);
}

double j_measure(const Cells<double>& c) {
  const auto term = [&](double both, double column) {
    return both > 0 ? both / c.n * std::log(both * c.n / (c.a * column)) : 0.0;
  };
  return term(c.x, c.b) + term(c.x_only(), c.n - c.b);
}

double gini(const Cells<double>& c) {
  const auto purity = [](double part, double all) {
    const double p = part / all;
    return all > 0 ? all * (p * p + (1 - p) * (1 - p)) : 0.0;
  };
  return (purity(c.x, c.a) + purity(c.y_only(), c.n - c.a) - purity(c.b, c.n)) / c.n;
}

double chi_squared(const Cells<double>& c) {
  const double d = c.x * c.neither() - c.x_only() * c.y_only();
  return c.n * d * d / (c.a * c.b * (c.n - c.a) * (c.n - c.b));
}

// McNicholas and others (2008): where x lies between what the margins, and one basket, allow.
double standardized_lift(const Cells<double>& c) {
  const double least = std::max(c.a + c.b - c.n, 1.0);
  const double most = std::min(c.a, c.b);
  return (c.x - least) / (most - least);
}

double linkage(const Cells<double>& c) {
  const double d = (c.x * c.neither() - c.x_only() * c.y_only()) / c.n;
  return d > 0 ? d / (d + std::min(c.y_only(), c.x_only())) : d / (d - std::min(c.x, c.neither()));
}

constexpr MeasureEntry special(std::string_view name, std::string_view formula,
                               std::string_view meaning, double lowest, double highest,
                               void (*values)(const RuleCountsView&, std::size_t, std::size_t,
                                              double*),
                               bool needs_parts = false) {
  return {{name, formula, meaning, {}, lowest, highest},
          Scale::none,
          values,
          nullptr,
          nullptr,
          needs_parts};
}

void improvement(const RuleCountsView& counts, std::size_t begin, std::size_t end, double* out) {
  for (std::size_t i = begin; i < end; ++i) {
    const auto c = cells(counts, i);
    out[i - begin] = c.x / c.a - counts.part_confidence[i];
  }
}

void boost(const RuleCountsView& counts, std::size_t begin, std::size_t end, double* out) {
  for (std::size_t i = begin; i < end; ++i) {
    const auto c = cells(counts, i);
    out[i - begin] = c.x / c.a / counts.part_confidence[i];
  }
}

constexpr auto all_baskets = [](const auto& c) { return c.n; };

// The one table of measures, in the order people meet them.
const std::array kEntries{
    share(
        "support", "x / n", "share of all baskets with X and Y",
        [](const auto& c) { return c.x / c.n; }, all_baskets),
    share(
        "confidence", "x / a", "share of the baskets with X that hold Y",
        [](const auto& c) { return c.x / c.a; }, [](const auto& c) { return c.a; }),
    delta("lift", "x n / (a b)", "baskets with both over what independence gives; 1 is usual", 0,
          kInfinity, [](const auto& c) { return c.x * c.n / (c.a * c.b); }),
    share(
        "antecedent_support", "a / n", "share of all baskets with X (coverage)",
        [](const auto& c) { return c.a / c.n; }, all_baskets),
    share(
        "consequent_support", "b / n", "share of all baskets with Y",
        [](const auto& c) { return c.b / c.n; }, all_baskets),
    delta("leverage", "x / n - a b / n^2", "share of baskets with both beyond independence", -0.25,
          0.25, [](const auto& c) { return c.x / c.n - c.a * c.b / (c.n * c.n); }),
    delta("added_value", "x / a - b / n", "confidence beyond the share of Y (centred confidence)",
          -1, 1, [](const auto& c) { return c.x / c.a - c.b / c.n; }),
    ratio("conviction", "a (n - b) / (n (a - x))",
          "how many more baskets with X but not Y independence gives (Brin and others 1997)",
          [](const auto& c) { return c.a * (c.n - c.b) / (c.n * c.x_only()); }),
    on_scale(
        Scale::certainty,
        delta("certainty", "(x/a - b/n) / (1 - b/n) where positive, else (x/a - b/n) / (b/n)",
              "certainty factor: share of the possible change of belief in Y (Shortliffe 1975)", -1,
              1,
              [](const auto& c) {
                const auto gain = c.x / c.a - c.b / c.n;
                return gain > 0.0 ? gain / (1.0 - c.b / c.n) : gain / (c.b / c.n);
              })),
    on_scale(Scale::fisher, delta("zhangs_metric", "leverage / max(x/n (1 - a/n), a/n (b/n - x/n))",
                                  "1 always together, 0 independent, -1 never (Zhang 2000)", -1, 1,
                                  [](const auto& c) {
                                    return beyond_chance(c) /
                                           larger(c.x * (c.n - c.a) / c.n, c.a * c.y_only() / c.n);
                                  })),
    delta("cosine", "x / sqrt(a b)", "cosine of X and Y over baskets (Ochiai 1957)", 0, 1,
          [](const auto& c) { return c.x / root(c.a * c.b); }),
    share(
        "jaccard", "x / (a + b - x)", "share of the baskets with X or Y that hold both",
        [](const auto& c) { return c.x / (c.a + c.b - c.x); },
        [](const auto& c) { return c.a + c.b - c.x; }),
    delta("kulczynski", "(x / a + x / b) / 2", "mean of the confidences both ways", 0, 1,
          [](const auto& c) { return 0.5 * (c.x / c.a + c.x / c.b); }),
    plain("max_confidence", "max(x / a, x / b)", "larger of the confidences both ways", 0, 1,
          [](const auto& c) { return c.x / std::min(c.a, c.b); }),
    plain("imbalance_ratio", "|a - b| / (a + b - x)", "0: X and Y as frequent as each other", 0, 1,
          [](const auto& c) { return std::abs(c.a - c.b) / (c.a + c.b - c.x); }),
    delta("phi", "(n x - a b) / sqrt(a b (n - a) (n - b))", "correlation of X and Y over baskets",
          -1, 1,
          [](const auto& c) {
            return (c.n * c.x - c.a * c.b) / root(c.a * c.b * (c.n - c.a) * (c.n - c.b));
          }),
    plain("chi_squared", "sum (observed - expected)^2 / expected over the four cells",
          "Pearson's statistic, no continuity correction; assumes equal baskets", 0, kInfinity,
          [](const auto& c) { return chi_squared(c); }),
    MeasureEntry{{"odds_ratio", "x (n - a - b + x) / ((a - x) (b - x))",
                  "odds of Y with X over its odds without X",
                  "Woolf (1955), Gart (1966) or exact; by customer: delta method on the log scale",
                  0, kInfinity},
                 Scale::odds_ratio,
                 [](const RuleCountsView& counts, std::size_t begin, std::size_t end, double* out) {
                   for (std::size_t i = begin; i < end; ++i) {
                     out[i - begin] = odds_ratio(cells(counts, i));
                   }
                 },
                 [](const Cells<double>& c) { return odds_ratio(dual_cells(c)); },
                 nullptr,
                 false},
    on_scale(Scale::fisher, delta("yules_q", "(odds_ratio - 1) / (odds_ratio + 1)",
                                  "odds ratio brought to -1 .. 1", -1, 1,
                                  [](const auto& c) {
                                    const auto same = c.x * c.neither();
                                    const auto apart = c.x_only() * c.y_only();
                                    return (same - apart) / (same + apart);
                                  })),
    delta("yules_y", "(sqrt(odds_ratio) - 1) / (sqrt(odds_ratio) + 1)",
          "coefficient of colligation", -1, 1,
          [](const auto& c) {
            const auto same = root(c.x * c.neither());
            const auto apart = root(c.x_only() * c.y_only());
            return (same - apart) / (same + apart);
          }),
    ratio("relative_risk", "(x / a) / ((b - x) / (n - a))",
          "confidence over the share of Y in baskets without X",
          [](const auto& c) { return (c.x / c.a) / (c.y_only() / (c.n - c.a)); }),
    delta("difference_of_confidence", "x / a - (b - x) / (n - a)",
          "confidence less the share of Y in baskets without X", -1, 1,
          [](const auto& c) { return c.x / c.a - c.y_only() / (c.n - c.a); }),
    delta("kappa", "(observed - expected) / (1 - expected) agreement", "Cohen's (1960) agreement",
          -1, 1,
          [](const auto& c) {
            const auto chance = c.a * c.b + (c.n - c.a) * (c.n - c.b);
            return (c.n * (c.x + c.neither()) - chance) / (c.n * c.n - chance);
          }),
    plain("gini", "purity of Y given X less purity of Y", "gain of Gini's index", 0, 1,
          [](const auto& c) { return gini(c); }),
    plain("lambda", "(max(x, a-x) + max(b-x, n-a-b+x) - max(b, n-b)) / (n - max(b, n-b))",
          "share of errors saved when Y is guessed by X (Goodman and Kruskal 1954)", 0, 1,
          [](const auto& c) {
            const double guess = std::max(c.b, c.n - c.b);
            return (std::max(c.x, c.x_only()) + std::max(c.y_only(), c.neither()) - guess) /
                   (c.n - guess);
          }),
    plain("mutual_information", "sum p_ij ln(p_ij / (p_i p_j)) / min(H(X), H(Y))",
          "share of the smaller entropy that both have in common", 0, 1,
          [](const auto& c) { return mutual_information(c); }),
    plain("j_measure", "x/n ln(x n / (a b)) + (a-x)/n ln((a-x) n / (a (n-b)))",
          "information the rule gives on Y, in nats (Smyth and Goodman 1991)", 0, kInfinity,
          [](const auto& c) { return j_measure(c); }),
    plain("laplace", "(x + 1) / (a + 2)", "confidence drawn towards one half", 0, 1,
          [](const auto& c) { return (c.x + 1) / (c.a + 2); }),
    plain("importance", "log10((x+1)(n-a+2) / ((b-x+1)(a+2)))",
          "log of the ratio of Laplace's confidences with and without X", -kInfinity, kInfinity,
          [](const auto& c) {
            return std::log10((c.x + 1) * (c.n - c.a + 2) / ((c.y_only() + 1) * (c.a + 2)));
          }),
    on_scale(Scale::logarithm,
             delta("rule_power_factor", "(x / n) (x / a)", "support times confidence", 0, 1,
                   [](const auto& c) { return c.x * c.x / (c.n * c.a); })),
    ratio("sebag", "x / (a - x)", "baskets for the rule over baskets against it",
          [](const auto& c) { return c.x / c.x_only(); }),
    delta("counterexample_rate", "(x - (a - x)) / x", "1 less baskets against over for the rule",
          -kInfinity, 1, [](const auto& c) { return (c.x - c.x_only()) / c.x; }),
    delta("confirmed_confidence", "(x - (a - x)) / a", "confidence of Y less that of not Y", -1, 1,
          [](const auto& c) { return (c.x - c.x_only()) / c.a; }),
    delta("least_contradiction", "(x - (a - x)) / b",
          "baskets for less baskets against the rule, by those with Y (Aze and Kodratoff 2002)",
          -kInfinity, 1, [](const auto& c) { return (c.x - c.x_only()) / c.b; }),
    share(
        "ralambondrainy", "(a - x) / n", "share of all baskets against the rule",
        [](const auto& c) { return c.x_only() / c.n; }, all_baskets),
    delta("varying_rates_liaison", "lift - 1", "lift as a surplus (Bernard and Charron 1996)", -1,
          kInfinity, [](const auto& c) { return c.x * c.n / (c.a * c.b) - 1.0; }),
    plain("lerman", "(x - a b / n) / sqrt(a b / n)", "standardised surplus of baskets with both",
          -kInfinity, kInfinity,
          [](const auto& c) { return beyond_chance(c) / std::sqrt(c.a * c.b / c.n); }),
    plain("implication_index", "(a - x - a (n - b) / n) / sqrt(a (n - b) / n)",
          "standardised surplus of baskets against the rule (Gras 1996)", -kInfinity, kInfinity,
          [](const auto& c) {
            const double expected = c.a * (c.n - c.b) / c.n;
            return (c.x_only() - expected) / std::sqrt(expected);
          }),
    plain("relative_linkage_disequilibrium",
          "D / (D + min(b-x, a-x)), D = (x n - a b) / n; D < 0: "
          "D / (D - min(x, n-a-b+x))",
          "share of the possible linkage (Kenett and Salini 2008)", 0, 1,
          [](const auto& c) { return linkage(c); }),
    plain("standardized_lift", "(lift - least) / (most - least) lift that a, b and n allow",
          "lift brought to 0 .. 1 (McNicholas and others 2008)", -kInfinity, 1,
          [](const auto& c) { return standardized_lift(c); }),
    delta("casual_support", "(x + (n - a - b + x)) / n", "share of baskets with both or neither", 0,
          1, [](const auto& c) { return (c.x + c.neither()) / c.n; }),
    delta("casual_confidence", "(x / a + (n - a - b + x) / (n - a)) / 2",
          "mean of the confidences of Y after X and of not Y after not X", 0, 1,
          [](const auto& c) { return 0.5 * (c.x / c.a + c.neither() / (c.n - c.a)); }),
    ratio("collective_strength",
          "o (1 - e) / (e (1 - o)), o = share with both or neither, e = "
          "what independence gives",
          "odds of agreement over chance (Aggarwal and Yu 1998)",
          [](const auto& c) {
            const auto agree = c.n * (c.x + c.neither());
            const auto chance = c.a * c.b + (c.n - c.a) * (c.n - c.b);
            return agree * (c.n * c.n - chance) / (chance * (c.n * c.n - agree));
          }),
    special("hyper_lift", "x / 99 % point of the hypergeometric law of x given a, b, n",
            "lift over what chance gives in 99 of 100 cases (Hahsler and Hornik 2007)", 0,
            kInfinity, nullptr),
    special("hyper_confidence", "P(fewer than x | a, b, n)",
            "chance of fewer baskets with both, were X and Y independent", 0, 1, nullptr),
    special("fisher_p", "P(x or more | a, b, n)",
            "Fisher's exact test, one-sided; takes baskets of unequal size as equal and is mostly "
            "wrong on shops' data",
            0, 1, nullptr),
    special("substitution_p", "P(x or fewer | a, b, n)",
            "Fisher's exact test of bought instead of each other; with the same warning", 0, 1,
            nullptr),
    special("improvement", "x / a - largest confidence of Y after a part of X",
            "what the whole of X adds (Bayardo and others 2000)", -1, 1, &improvement, true),
    special("boost", "(x / a) / largest confidence of Y after a part of X",
            "the same as a ratio (Balcazar 2013); the least increase of lift too", 0, kInfinity,
            &boost, true),
};

}  // namespace

std::span<const MeasureEntry> measure_entries() noexcept { return kEntries; }

}  // namespace emptor::mining
