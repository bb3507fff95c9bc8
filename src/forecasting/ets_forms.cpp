#include "emptor/core/error.hpp"

#include "core/shortest.hpp"
#include "forecasting/ets_fit.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace emptor::forecasting {
namespace smoothing {
namespace {

constexpr auto kAdd = EtsTrend::additive;
constexpr auto kTimes = EtsTrend::multiplicative;

[[noreturn]] void fail(const std::string& what) { throw InvalidArgument("fit_ets: " + what); }

[[noreturn]] void fail_model(const std::string& model) {
  fail("model '" + model.substr(0, 40) +
       "' is not a form; write error, trend and season as N, A, M or Z, as 'ZZZ' or 'MAdM'");
}

/// 0 for N, 1 for A, 2 for M, nothing for Z.
std::optional<int> letter(char c, const std::string& model) {
  switch (c) {
    case 'N':
      return 0;
    case 'A':
      return 1;
    case 'M':
      return 2;
    case 'Z':
      return std::nullopt;
    default:
      fail_model(model);
  }
}

void check_weight(const std::optional<double>& value, const char* name, double low, double high) {
  if (value && !(*value >= low && *value <= high)) {
    fail(std::string(name) + " is " + core::shortest(*value) + "; write a number from " +
         core::shortest(low) + " to " + core::shortest(high));
  }
}

bool positive_only(const EtsModel& m) {
  return m.error == EtsError::multiplicative || m.trend == kTimes ||
         m.season == EtsSeason::multiplicative;
}

/// The combinations R's automatic choice leaves out: their variances are infinite, or they are
/// hardly ever chosen.
bool standard(const EtsModel& m) {
  if (m.trend == kTimes) return false;
  return m.error == EtsError::multiplicative || m.season != EtsSeason::multiplicative;
}

}  // namespace

Pattern checked(const EtsOptions& o) {
  std::string letters = o.model;
  Pattern p;
  p.damped = o.damped;
  if (letters.size() == 4 && letters[2] == 'd') {
    if (o.damped == false) fail("model '" + o.model + "' is damped, damped is false; write one");
    p.damped = true;
    letters.erase(2, 1);
  }
  if (letters.size() != 3) fail_model(o.model);
  const auto error = letter(letters[0], o.model);
  const auto trend = letter(letters[1], o.model);
  const auto season = letter(letters[2], o.model);
  if (error == 0) fail_model(o.model);
  if (error) p.error = *error == 1 ? EtsError::additive : EtsError::multiplicative;
  if (trend) p.trend = static_cast<EtsTrend>(*trend);
  if (season) p.season = static_cast<EtsSeason>(*season);
  if (p.trend == EtsTrend::none) {
    if (p.damped == true) fail("model '" + o.model + "' has no trend that could be damped");
    p.damped = false;
  }
  if (error && trend && season && !p.damped) p.damped = false;
  if (o.season_length < 1) {
    fail("season_length is " + std::to_string(o.season_length) +
         "; write 1 for no season, 12 for months of a year");
  }
  if (season && *season > 0 && o.season_length == 1) {
    fail("model '" + o.model + "' has a season, season_length is 1; write 12 for months of a year");
  }
  const bool usual = o.bounds == EtsBounds::usual;
  check_weight(o.alpha, "alpha", 1e-8, usual ? 0.9999 : 2);
  check_weight(o.beta, "beta", 0, usual ? 1 : 4);
  check_weight(o.gamma, "gamma", 0, usual ? 1 : 2);
  check_weight(o.phi, "phi", 0.5, 1);
  if (!(o.prior.beta_rate >= 0)) {
    fail("prior.beta_rate is " + core::shortest(o.prior.beta_rate) + "; write 0 or above");
  }
  if (!std::isfinite(o.prior.phi_rate)) fail("prior.phi_rate is not a number");
  return p;
}

void check_parameters(const EtsParameters& p) {
  const std::string name = "evaluate_ets: " + to_string(p.model);
  const auto wrong = [&](const std::string& what) { throw InvalidArgument(name + ": " + what); };
  const std::size_t places =
      p.model.season == EtsSeason::none ? 0 : static_cast<std::size_t>(p.season_length);
  if (p.season_length < 1) wrong("season_length is " + std::to_string(p.season_length));
  if (p.season.size() != places) {
    wrong("season has " + std::to_string(p.season.size()) + " states; write " +
          std::to_string(places));
  }
  for (const double v : {p.alpha, p.beta, p.gamma, p.phi, p.level, p.slope}) {
    if (!std::isfinite(v)) wrong("a parameter or state is not a number");
  }
}

std::vector<EtsModel> candidates(const Pattern& pattern, int season_length, bool positive) {
  std::vector<EtsModel> out;
  for (const auto error : {EtsError::additive, EtsError::multiplicative}) {
    for (const auto season : {EtsSeason::none, EtsSeason::additive, EtsSeason::multiplicative}) {
      for (const auto trend : {EtsTrend::none, kAdd, kTimes}) {
        for (const bool damped : {false, true}) {
          const EtsModel m{error, trend, damped, season};
          if (damped && trend == EtsTrend::none) continue;
          if (season != EtsSeason::none && season_length == 1) continue;
          if (positive_only(m) && !positive) continue;
          if (pattern.error.value_or(error) != error) continue;
          if (pattern.trend.value_or(trend) != trend) continue;
          if (pattern.season.value_or(season) != season) continue;
          if (pattern.damped.value_or(damped) != damped && trend != EtsTrend::none) continue;
          const bool asked_for = pattern.trend == kTimes && trend == kTimes;
          if (!pattern.is_one_form() && !standard(m) &&
              !(asked_for && error == EtsError::multiplicative)) {
            continue;
          }
          out.push_back(m);
        }
      }
    }
  }
  return out;
}

std::vector<EtsModel> fallbacks(const Pattern& pattern, bool positive) {
  EtsModel m;
  m.error = pattern.error.value_or(EtsError::additive);
  m.trend = pattern.trend.value_or(EtsTrend::none);
  m.season = pattern.season.value_or(EtsSeason::none);
  m.damped = pattern.damped.value_or(false) && m.trend != EtsTrend::none;
  if (!positive) {
    m.error = EtsError::additive;
    if (m.trend == kTimes) m.trend = kAdd;
    if (m.season == EtsSeason::multiplicative) m.season = EtsSeason::additive;
  }
  std::vector<EtsModel> out{m};
  const auto less = [&] { out.push_back(m); };
  if (m.damped) {
    m.damped = false;
    less();
  }
  if (m.season != EtsSeason::none) {
    m.season = EtsSeason::none;
    less();
  }
  if (m.trend != EtsTrend::none) {
    m.trend = EtsTrend::none;
    less();
  }
  return out;
}

std::vector<EtsModel> within(const EtsModel& model) {
  std::vector<EtsModel> out;
  for (const auto error : {EtsError::additive, EtsError::multiplicative}) {
    for (const auto trend : {EtsTrend::none, model.trend}) {
      const EtsModel m{error, trend, false, model.season};
      const bool listed = std::find(out.begin(), out.end(), m) != out.end();
      if (m == model || listed) continue;
      if (error == EtsError::multiplicative && model.error == EtsError::additive) continue;
      out.push_back(m);
    }
  }
  return out;
}

}  // namespace smoothing

std::string to_string(const EtsModel& model) {
  constexpr char kLetters[] = {'N', 'A', 'M'};
  std::string out{model.error == EtsError::additive ? 'A' : 'M',
                  kLetters[static_cast<int>(model.trend)]};
  if (model.damped) out += 'd';
  return out + kLetters[static_cast<int>(model.season)];
}

}  // namespace emptor::forecasting
