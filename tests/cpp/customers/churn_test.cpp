#include "emptor/customers/churn.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/csv.hpp"

#include "core/bytes.hpp"
#include "core/random.hpp"
#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

/// 600 customers who buy every 10 to 30 days over 500 days; a third of them stop at some day.
/// Lines after day `until` are drawn anew by `future`.
data::Sales shop(int until = 1000, std::uint64_t future = 0) {
  std::string csv = "customer,order,product,date,quantity,price\n";
  const data::Day start = data::parse_date("2023-01-01", "start");
  int order = 0;
  for (int c = 0; c < 600; ++c) {
    core::Random random(5, static_cast<std::uint64_t>(c));
    core::Random later(100 + future, static_cast<std::uint64_t>(c));
    const double gap = 10 + 20 * random.uniform();
    double stop = random.uniform() < 0.33 ? 500 * random.uniform() : 1e9;
    double day = 30 * random.uniform();
    for (bool drawn = false; day < 500 && day < stop;) {
      csv += "c" + std::to_string(1000 + c) + "," + std::to_string(++order) + ",tea," +
             data::iso_date(start + static_cast<data::Day>(day)) + ",1,10\n";
      if (future > 0 && day > until && !drawn) {
        stop = day + 100 * later.uniform();
        drawn = true;
      }
      day += gap * (future > 0 && day > until ? later : random).gamma(4) / 4;
    }
  }
  // The last day of the data is the same whatever the future.
  csv += "last,999999,tea," + data::iso_date(start + 499) + ",1,10\n";
  return data::sales_from(std::move(csv));
}

std::string error_of(const std::string& csv, const ChurnOptions& options) {
  try {
    churn(data::parse_csv(csv, "t.csv"), options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Churn, OfSalesForetellsWhoStops) {
  const data::Sales sales = shop();
  const ChurnFit fit = churn(sales, {.folds = 2});
  ASSERT_GE(fit.snapshot.size(), 6U);
  EXPECT_EQ(fit.snapshot.back(), sales.last_day() - 90);
  EXPECT_GT(fit.classifier.metrics.auc.value, 0.9);
  EXPECT_LT(fit.classifier.metrics.brier_reliability, 0.01);
  // A snapshot can be tried once one before it has its outcome.
  for (std::size_t s = 0; s < fit.snapshot.size(); ++s)
    EXPECT_EQ(fit.snapshot_tried[s] == 1, fit.snapshot[s] - 90 >= fit.snapshot.front());
  const ChurnScores scores = churn_scores(fit, sales);
  ASSERT_EQ(scores.customer.size(), churn_features(sales).customer.size());
  for (std::size_t i = 0; i < scores.customer.size(); ++i) {
    ASSERT_LE(scores.probability_low[i], scores.probability[i]);
    ASSERT_GE(scores.probability_high[i], scores.probability[i]);
    ASSERT_FALSE(scores.reason_code[0][i].empty());
    ASSERT_GE(std::fabs(scores.reason_effect[0][i]), std::fabs(scores.reason_effect[1][i]));
  }
}

// Whatever is bought after a moment changes neither the model nor a score as of that moment.
TEST(Churn, TheFutureNeverMovesAScore) {
  const data::Day moment = data::parse_date("2023-01-01", "start") + 400;
  std::vector<double> first;
  for (const std::uint64_t future : {1U, 2U}) {
    const data::Sales sales = shop(400, future).as_of_day(moment);
    const ChurnFit fit = churn(sales, {.folds = 2, .max_snapshots = 4});
    const ChurnScores scores = churn_scores(fit, sales);
    std::vector<double> all = scores.probability;
    all.insert(all.end(), scores.probability_low.begin(), scores.probability_low.end());
    all.push_back(fit.classifier.metrics.auc.value);
    if (first.empty()) first = all;
    EXPECT_EQ(first, all);
  }
}

TEST(Churn, OfShortSalesIsNotEnoughData) {
  const auto sales = data::sales_from(
      "customer,order,product,date,quantity,price\na,1,tea,2024-01-01,1,10\n"
      "b,2,tea,2024-01-20,1,10\n");
  const ChurnFit fit = churn(sales);
  EXPECT_TRUE(fit.snapshot.empty());
  EXPECT_EQ(fit.classifier.status, Status::not_enough_data);
  const ChurnScores scores = churn_scores(fit, sales);
  ASSERT_EQ(scores.probability.size(), 2U);
  EXPECT_TRUE(std::isnan(scores.probability[0]));
  EXPECT_EQ(scores.status[0], Status::not_enough_data);
}

/// A table whose risk rises with calls and lies with monthly plans.
std::string table(std::size_t rows, std::uint64_t seed, const std::string& extra_plan = "") {
  core::Random random(seed);
  std::string csv = "id,calls,plan,left\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const auto calls = static_cast<int>(random.below(8));
    const bool monthly = random.uniform() < 0.5;
    const double z = -2 + 0.4 * calls + (monthly ? 1 : -1);
    const bool left = random.uniform() < 1 / (1 + std::exp(-z));
    const std::string plan = i == 0 && !extra_plan.empty() ? extra_plan
                             : monthly                     ? "monthly"
                                                           : "yearly";
    csv += std::to_string(5000 + i) + "," + std::to_string(calls) + "," + plan + "," +
           (left ? "Yes" : "No") + "\n";
  }
  return csv;
}

TEST(Churn, OfATableGivesProbabilitiesThatHold) {
  for (const auto model : {learn::ClassifierKind::additive, learn::ClassifierKind::logistic}) {
    ChurnOptions options{.model = model, .target = "left", .id = "id"};
    const ChurnFit fit = churn(data::parse_csv(table(3000, 1), "t.csv"), options);
    const auto later = data::parse_csv(table(3000, 2, "weekly"), "u.csv");
    const ChurnScores scores = churn_scores(fit, later);
    EXPECT_EQ(scores.ids->to_string(scores.customer[1]), "5001");
    EXPECT_EQ(scores.diff, "1 unseen categories in 'plan', taken as missing");
    double sum = 0;
    for (const double p : scores.probability) sum += p;
    EXPECT_NEAR(sum / 3000, fit.classifier.metrics.share, 0.03);
    EXPECT_FALSE(fit.of_sales);
  }
  const ChurnFit fit = churn(data::parse_csv(table(3000, 1), "t.csv"),
                             {.monotone = {{"calls", 1}}, .target = "left", .id = "id"});
  const ChurnTerm calls = churn_term(fit, "calls");
  EXPECT_TRUE(std::is_sorted(calls.effect.begin(), calls.effect.end()));
  EXPECT_EQ(calls.value.front(), "up to 0.5");
}

TEST(Churn, BytesGiveTheSameFitBack) {
  for (const auto model : {learn::ClassifierKind::additive, learn::ClassifierKind::logistic}) {
    const ChurnFit fit = churn(data::parse_csv(table(600, 1), "t.csv"),
                               {.model = model,
                                .calibration = learn::CalibrationKind::isotonic,
                                .target = "left",
                                .id = "id"});
    const std::string bytes = fit.to_bytes();
    const ChurnFit again = churn_fit_from(bytes);
    EXPECT_EQ(again.to_bytes(), bytes);
    const auto later = data::parse_csv(table(50, 2), "u.csv");
    EXPECT_EQ(churn_scores(again, later).probability, churn_scores(fit, later).probability);
  }
}

// Payloads changed at random under a good checksum: refused, or a fit that can be used.
TEST(Churn, DamagedBytesAreRefusedOrHarmless) {
  const ChurnFit fit =
      churn(data::parse_csv(table(400, 1), "t.csv"), {.target = "left", .id = "id"});
  const std::string bytes = fit.to_bytes();
  const auto later = data::parse_csv(table(20, 2), "u.csv");
  const std::string payload(core::unsealed(bytes, "churn", 1).payload);
  core::Random random(9);
  int refused = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string changed = payload;
    for (std::uint64_t k = 0; k <= random.below(3); ++k)
      changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    if (trial % 10 == 0) changed.resize(random.below(changed.size()));
    try {
      const ChurnFit again = churn_fit_from(core::sealed("churn", 1, changed));
      churn_scores(again, later);
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 300);
  EXPECT_THROW(churn_fit_from(bytes.substr(0, bytes.size() - 1)), FormatError);
  EXPECT_THROW(churn_fit_from("nothing"), FormatError);
}

TEST(Churn, ShowsHowATableDiffers) {
  const ChurnFit fit =
      churn(data::parse_csv(table(500, 1), "t.csv"), {.target = "left", .id = "id"});
  const auto message = [&](const std::string& csv) {
    try {
      churn_scores(fit, data::parse_csv(csv, "u.csv"));
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message("plan,phone\nmonthly,1\n"),
            "churn_scores: the table does not fit the model: missing 'calls'; not used 'phone'");
  EXPECT_EQ(message("plan,calls\nmonthly,many\n"),
            "churn_scores: the table does not fit the model: of another type 'calls'; "
            "columns in another order, taken by name");
  EXPECT_EQ(message("plan,calls\n7,\n"), "no error");  // numbers stand for a category as texts
}

TEST(Churn, RefusesWhatCannotBe) {
  const std::string csv = table(300, 1);
  EXPECT_EQ(error_of(csv, {}),
            "churn: of a table, write target= with the column that says who left");
  EXPECT_EQ(error_of(csv, {.target = "lefd"}),
            "churn: target names column 'lefd', which the table does not have; did you mean "
            "'left'?");
  EXPECT_EQ(error_of("x,out\n1,maybe\n2,no\n", {.target = "out"}),
            "churn: target 'out' has the values \"maybe\" and \"no\"; write event= with the one "
            "of those who left");
  EXPECT_EQ(error_of("x,out\n1,yes\n2,\n", {.target = "out"}),
            "churn: target 'out' is missing in row 1; leave such rows out, their risk can be "
            "asked for");
  EXPECT_EQ(error_of(csv, {.target = "left", .event = "Perhaps"}),
            "churn: target 'left' has no value 'Perhaps'; it has \"No\" and \"Yes\"");
  EXPECT_EQ(error_of(csv, {.monotone = {{"plan", 1}}, .target = "left"}),
            "churn: monotone names 'plan', which is not a column of numbers to learn from");
}

}  // namespace
}  // namespace emptor::customers
