#include "emptor/core/columns.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace emptor {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string csv(const std::vector<Column>& columns, bool for_spreadsheet = true) {
  std::ostringstream out;
  write_csv(out, columns, for_spreadsheet);
  return out.str();
}

std::string printed(const std::vector<Column>& columns, std::size_t rows = 10) {
  std::ostringstream out;
  print(out, columns, rows);
  return out.str();
}

TEST(Columns, CsvOfEveryKind) {
  const auto ids = Dictionary::from_texts({"tea", "cup"});
  const auto numbers = Dictionary::from_integers({7, 12346});
  const std::vector<double> x{0.1, kNaN};
  const std::vector<std::int64_t> n{-3, std::numeric_limits<std::int64_t>::min()};
  const std::vector<std::uint8_t> flag{1, 0};
  const std::vector<std::int32_t> item{1, -1};
  const std::vector<std::int32_t> customer{0, 1};
  const std::vector<Status> status{Status::ok, Status::not_enough_data};
  const std::vector<std::string> name{"a", ""};
  const std::vector<std::int32_t> day{15317, std::numeric_limits<std::int32_t>::min()};
  const std::vector<std::int64_t> time{1323435000000000, -1};
  EXPECT_EQ(csv({{"x", x},
                 {"n", n},
                 {"flag", flag},
                 {"item", item, *ids},
                 {"customer", customer, *numbers},
                 {"status", status, status_labels()},
                 {"name", name},
                 Column::dates("day", day),
                 Column::timestamps("time", time)}),
            "x,n,flag,item,customer,status,name,day,time\n"
            "0.1,-3,true,tea,7,ok,a,2011-12-09,2011-12-09T12:50:00Z\n"
            ",,false,,12346,not_enough_data,,,1969-12-31T23:59:59.999999Z\n");
}

TEST(Columns, ListsAreOneCell) {
  const auto ids = Dictionary::from_texts({"=milk", "cup", "tea"});
  const std::vector<std::int64_t> offset{0, 2, 2, 3};
  const std::vector<std::int32_t> codes{1, 2, 0};
  const std::vector<Column> columns{Column::lists("items", offset, codes, *ids),
                                    Column::lists("places", offset, codes)};
  EXPECT_EQ(columns[0].size, 3U);
  EXPECT_EQ(columns[0].list(0).size(), 2U);
  EXPECT_TRUE(columns[0].list(1).empty());
  EXPECT_EQ(csv(columns), "items,places\n\"cup, tea\",\"1, 2\"\n,\n'=milk,0\n");
  EXPECT_EQ(printed(columns), "items     places\ncup, tea  1, 2\n-         -\n=milk     0\n");
}

TEST(Columns, CsvQuotesAsRfc4180) {
  const std::vector<std::string> text{"a,b", "say \"hi\"", "two\nlines", "cr\r", "plain"};
  EXPECT_EQ(csv({{"t,1", text}, {"u", text}}),
            "\"t,1\",u\n\"a,b\",\"a,b\"\n\"say \"\"hi\"\"\",\"say \"\"hi\"\"\"\n"
            "\"two\nlines\",\"two\nlines\"\n\"cr\r\",\"cr\r\"\nplain,plain\n");
  // An empty line would be skipped by readers.
  const std::vector<std::string> empty{"", "x"};
  EXPECT_EQ(csv({{"t", empty}}), "t\n\"\"\nx\n");
  EXPECT_EQ(csv({}), "\n");
}

TEST(Columns, CsvIsSafeInSpreadsheets) {
  const std::vector<std::string> text{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a=1", "=\"x\""};
  EXPECT_EQ(csv({{"=t", text}, {"u", text}}),
            "'=t,u\n'=1+1,'=1+1\n'+1,'+1\n'-1,'-1\n'@SUM(A1),'@SUM(A1)\n'\t=1,'\t=1\n"
            "a=1,a=1\n\"'=\"\"x\"\"\",\"'=\"\"x\"\"\"\n");
  EXPECT_EQ(csv({{"t", text}, {"u", text}}, false).substr(0, 15), "t,u\n=1+1,=1+1\n+");
  const std::vector<double> negative{-1.5};  // numbers are no formulas
  EXPECT_EQ(csv({{"x", negative}}), "x\n-1.5\n");
}

TEST(Columns, CsvDoublesReadBackToTheSameBits) {
  const std::vector<double> x{0.1,
                              1.0 / 3,
                              1e23,
                              5e-324,
                              1.7976931348623157e308,
                              -0.0,
                              8187806.364,
                              1e15,
                              123456789012345680.0,
                              std::numeric_limits<double>::infinity()};
  std::istringstream lines(csv({{"x", x}}));
  std::string line;
  std::getline(lines, line);
  for (const double expected : x) {
    ASSERT_TRUE(std::getline(lines, line));
    double found = 0;
    std::from_chars(line.data(), line.data() + line.size(), found);
    EXPECT_EQ(std::memcmp(&found, &expected, sizeof found), 0) << line;
  }
  EXPECT_EQ(csv({{"x", x}}).substr(0, 6), "x\n0.1\n");
}

TEST(Columns, PrintAlignsAndSaysWhatIsMissing) {
  const std::vector<std::string> name{"mug", "Cr\xC3\xA8me", "a\nb"};
  const std::vector<double> lift{12.345678, kNaN, 0.00000123};
  const std::vector<std::int64_t> n{5, 12000, std::numeric_limits<std::int64_t>::min()};
  EXPECT_EQ(printed({{"item", name}, {"lift", lift}, {"n", n}, Column("hid", n).hidden()}),
            "item       lift      n\n"
            "mug      12.346      5\n"
            "Cr\xC3\xA8me         -  12000\n"
            "a b    1.23e-06      -\n");
  EXPECT_EQ(printed({{"n", n}}, 2), "    n\n    5\n12000\n... 1 more rows\n");
}

TEST(Columns, PrintKeepsMoneyReadableAndCutsLongText) {
  const std::vector<double> money{8187806.364, 12.5};
  EXPECT_EQ(printed({{"revenue", money}}), "  revenue\n8187806.4\n     12.5\n");
  const std::vector<double> whole{3, 100};
  EXPECT_EQ(printed({{"n", whole}}), "  n\n  3\n100\n");
  const std::vector<double> odd{1e300, std::numeric_limits<double>::infinity()};
  EXPECT_EQ(printed({{"x", odd}}), "     x\n1e+300\n   inf\n");
  const std::vector<std::string> text{std::string(1000000, 'x'), std::string(40, 'y')};
  EXPECT_EQ(printed({{"t", text}}),
            "t\n" + std::string(37, 'x') + "...\n" + std::string(40, 'y') + "\n");
}

TEST(Columns, PrintOfNothing) {
  const std::vector<double> none;
  EXPECT_EQ(printed({{"x", none}}), "x\n(no rows)\n");
  EXPECT_EQ(printed({}), "(no columns)\n");
}

TEST(Columns, ATableWiderThanALineIsPrintedInBlocksThatBeginWithTheFirstColumn) {
  const std::vector<std::string> item{"tea", "cup"};
  const std::vector<std::string> text{std::string(36, 'x'), "y"};
  const std::vector<std::int64_t> n{7, 12};
  const auto line = [](const std::string& first, const std::string& second) {
    return first + std::string(38 - first.size(), ' ') + second + "\n";
  };
  // 4 + 2 * 38 + 2 + 12 characters fit, one more column does not.
  EXPECT_EQ(printed({{"item", item}, {"a", text}, {"b", text}, {"c", text}, {"n", n}}),
            "item  " + line("a", "b") + "tea   " + line(text[0], text[0]) + "cup   " +
                line("y", "y") + "\nitem  " + line("c", " n") + "tea   " + line(text[0], " 7") +
                "cup   " + line("y", "12"));
  const std::vector<std::string> none;
  EXPECT_EQ(printed({{"item", none}, {std::string_view("abc"), none}}), "item  abc\n(no rows)\n");
  EXPECT_EQ(printed({{"item", item}, {"n", n}}, 1), "item  n\ntea   7\n... 1 more rows\n");
}

}  // namespace
}  // namespace emptor
