#include "emptor/customers/discount_rate.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace emptor::customers {

using Unit = data::Span::Unit;

TEST(DiscountRate, ReadAndWritten) {
  EXPECT_EQ(parse_discount_rate("10 % a year").rate, .1);
  EXPECT_EQ(parse_discount_rate(" 1.5% per month").per, Unit::months);
  EXPECT_EQ(to_string(parse_discount_rate("0.15 % a week")), "0.15 % a week");
  EXPECT_NEAR(parse_discount_rate("15 % a year").continuous(Unit::weeks), .0026785, 1e-6);
  EXPECT_NEAR(parse_discount_rate("10 % a year").continuous(Unit::years), std::log(1.1), 1e-15);
  for (const char* text : {"", "10", "10 %", "% a year", "10 % a decade", "-1 % a year",
                           "0.1 a year", "10 % a yearly", "nan % a year", "1e9 % a year"}) {
    try {
      parse_discount_rate(text);
      ADD_FAILURE() << text;
    } catch (const InvalidArgument& error) {
      EXPECT_EQ(std::string(error.what()),
                "discount: cannot read '" + std::string(text) +
                    "'; write a rate with its time, as \"10 % a year\" or \"1 % a month\"");
    }
  }
}

}  // namespace emptor::customers
