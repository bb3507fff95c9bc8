#include "customers/saved_fit.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {
namespace {

const std::vector<std::string> kNames{"a", "b"};
const std::vector<double> kValues{1.5, -2};
const std::vector<double> kCovariance{4, 1, 1, 9};

std::string bytes(std::string_view kind = "some_fit") {
  return fit_bytes(kind, {{"parameter", kNames}, {"value", kValues}},
                   {{"n", std::int64_t{7}}, {"state", std::string("good")}}, kCovariance);
}

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const FormatError& e) {
    return e.what();
  }
  return "no error";
}

TEST(SavedFit, GivesBackWhatWasWritten) {
  const std::string all = bytes();
  const SavedFit fit(all, "some_fit", "some fit");
  EXPECT_EQ(fit.rows(), 2u);
  EXPECT_EQ(fit.numbers("value"), kValues);
  EXPECT_EQ(fit.column<std::string>("parameter", ColumnKind::text), kNames);
  EXPECT_EQ(fit.covariance(), kCovariance);
  EXPECT_EQ(fit.scalar<std::int64_t>("n"), 7);
  constexpr std::array<std::string_view, 2> states{"bad", "good"};
  EXPECT_EQ(fit.word("state", states), 1u);
  EXPECT_TRUE(fit.has("value"));
  EXPECT_FALSE(fit.has("values"));
}

TEST(SavedFit, SaysWhatIsMissingOrOfAnotherKind) {
  const std::string all = bytes();
  const SavedFit fit(all, "some_fit", "some fit");
  EXPECT_EQ(message([&] { SavedFit(bytes("other"), "some_fit", "some fit"); }),
            "some fit: the bytes hold something else");
  EXPECT_EQ(message([&] { (void)fit.scalar<double>("n"); }),
            "some fit: 'n' is missing or of another type");
  EXPECT_EQ(message([&] { (void)fit.numbers("parameter"); }),
            "some fit: column 'parameter' is missing");
  constexpr std::array<std::string_view, 1> states{"bad"};
  EXPECT_EQ(message([&] { (void)fit.word("state", states); }), "some fit: unknown state 'good'");
  EXPECT_NE(message([&] { SavedFit("nothing", "some_fit", "some fit"); }), "no error");
}

}  // namespace
}  // namespace emptor::customers
