#include "emptor/learn/features.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace emptor::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Table {
  std::vector<double> age{30, 40, kNaN};
  std::shared_ptr<const Dictionary> plans = Dictionary::from_texts({"annual", "monthly", "unused"});
  std::vector<std::int32_t> plan{0, 1, -1};
  [[nodiscard]] Feature number(std::string_view name) const { return {name, age, {}, nullptr}; }
  [[nodiscard]] Feature category(std::string_view name) const {
    return {name, {}, plan, plans.get()};
  }
};

template <typename Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Features, RemembersCategoriesThatOccur) {
  const Table table;
  const std::vector<Feature> columns{table.number("age"), table.category("plan")};
  const auto fitted = remember(columns);
  ASSERT_EQ(fitted.size(), 2U);
  EXPECT_FALSE(fitted[0].category);
  EXPECT_EQ(fitted[1].levels, (std::vector<std::string>{"annual", "monthly"}));
}

TEST(Features, MatchGoesByNameAndTellsTheDifference) {
  const Table table;
  const auto fitted = remember(std::vector<Feature>{table.number("age"), table.category("plan")});
  Table later;
  later.plans = Dictionary::from_texts({"monthly", "weekly"});
  later.plan = {1, 0, -1};
  const auto found = match(
      fitted, std::vector<Feature>{later.category("plan"), later.number("age"), later.number("x")},
      "predict");
  EXPECT_EQ(found.features[0].name, "age");
  EXPECT_EQ(found.level_of(1, 0), -1);  // weekly was not seen
  EXPECT_EQ(found.level_of(1, 1), 1);   // monthly
  EXPECT_EQ(found.level_of(1, 2), -1);
  EXPECT_EQ(found.diff.to_string(),
            "1 unseen categories in 'plan', taken as missing; not used 'x'; "
            "columns in another order, taken by name");
  EXPECT_TRUE(found.diff.usable());
}

TEST(Features, MatchRefusesMissingAndOtherTypes) {
  const Table table;
  const auto fitted = remember(
      std::vector<Feature>{table.number("age"), table.category("plan"), table.number("visits")});
  EXPECT_EQ(
      message_of([&] {
        match(fitted, std::vector<Feature>{table.number("plan"), table.number("age")}, "predict");
      }),
      "predict: the table does not fit the model: missing 'visits'; of another type 'plan'; "
      "columns in another order, taken by name");
}

TEST(Features, RefuseWhatCannotBe) {
  Table table;
  const auto of = [&](std::vector<Feature> columns) {
    return message_of([&] { check(columns, "fit"); });
  };
  EXPECT_EQ(of({table.number("a"), table.number("a")}), "fit: two columns are named 'a'");
  EXPECT_EQ(of({table.number("")}), "fit: a column has no name");
  const std::vector<double> shorter{1};
  EXPECT_EQ(of({table.number("a"), Feature{"b", shorter, {}, nullptr}}),
            "fit: column 'b' has 1 rows, the first 3");
  table.age[1] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(of({table.number("a")}),
            "fit: column 'a': row 1 is infinite; write NaN where a number is missing");
  table.plan[2] = 3;
  EXPECT_EQ(of({table.category("p")}),
            "fit: column 'p': row 2 has a code outside of its dictionary");
  table.age[1] = 0;
  const std::vector<Feature> columns{table.number("a")};
  const std::vector<std::uint8_t> y{0, 1, 0}, two{0, 1}, wrong{0, 1, 7};
  const std::vector<double> weight{1, 0, 1};
  const auto train = [&](const TrainingView& view) {
    return message_of([&] { check(view, "fit"); });
  };
  EXPECT_EQ(train({columns, two, {}, {}}), "fit: the table has 3 rows, outcome 2");
  EXPECT_EQ(train({columns, wrong, {}, {}}), "fit: outcome must be 0 or 1; row 2 has 7");
  EXPECT_EQ(train({columns, y, weight, {}}),
            "fit: weight must be above 0 and finite; row 1 is not");
  EXPECT_EQ(train({columns, y, {}, {}}), "no error");
}

}  // namespace
}  // namespace emptor::learn
