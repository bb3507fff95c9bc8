#include "emptor/data/make_baskets.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/csv.hpp"

#include "files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace emptor::data {
namespace {

using Lists = std::vector<std::vector<std::string>>;

Lists written(const Baskets& baskets) {
  Lists out;
  for (std::size_t b = 0; b + 1 < baskets.offset.size(); ++b) {
    auto& basket = out.emplace_back();
    for (std::int64_t k = baskets.offset[b]; k < baskets.offset[b + 1]; ++k) {
      basket.push_back(baskets.items->to_string(baskets.item[static_cast<std::size_t>(k)]));
    }
  }
  return out;
}

template <typename Function>
std::string refusal(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

Baskets of_table(const std::string& csv, const BasketColumns& columns = {}) {
  return make_baskets(parse_csv(csv, "rows.csv"), columns);
}

TEST(MakeBaskets, OfTextHasABasketALine) {
  const Baskets baskets = parse_baskets("milk tea\n\ntea  tea\tmilk \r\ncup", ' ');
  EXPECT_EQ(written(baskets), (Lists{{"milk", "tea"}, {}, {"milk", "tea"}, {"cup"}}));
  EXPECT_EQ(baskets.repeated, 1);
  EXPECT_EQ(baskets.missing, 0);
  EXPECT_EQ(baskets.view().n_items, 3);
  EXPECT_TRUE(baskets.view().weight.empty());
}

TEST(MakeBaskets, OfTextWithDelimitersKeepsSpacesInsideItems) {
  EXPECT_EQ(written(parse_baskets("whole milk, tea\ntea,\"a, b\",\n")),
            (Lists{{"tea", "whole milk"}, {"a, b", "tea"}}));
  EXPECT_EQ(written(parse_baskets("a b;c\nc\n")), (Lists{{"a b", "c"}, {"c"}}));
  EXPECT_EQ(written(parse_baskets("a b\tc\n")), (Lists{{"a b", "c"}}));
  EXPECT_EQ(written(parse_baskets("a,b c\n", ' ')), (Lists{{"a,b", "c"}}));
  EXPECT_EQ(written(parse_baskets("a b\n")), (Lists{{"a", "b"}}));
  EXPECT_EQ(written(parse_baskets("\xEF\xBB\xBFtea")), (Lists{{"tea"}}));
}

TEST(MakeBaskets, OfTextOfNumbersHasIntegerIds) {
  const Baskets baskets = parse_baskets("10 9\n9 100\n");
  EXPECT_FALSE(baskets.items->is_text());
  EXPECT_EQ(written(baskets), (Lists{{"9", "10"}, {"9", "100"}}));
}

TEST(MakeBaskets, OfNoTextHasNoBasket) {
  EXPECT_EQ(parse_baskets("").view().size(), 0U);
  EXPECT_EQ(parse_baskets("\n").view().size(), 1U);
  EXPECT_EQ(parse_baskets("\n").item.size(), 0U);
}

TEST(MakeBaskets, OfTextRefusesAnOpenQuoteByItsLine) {
  EXPECT_EQ(refusal([] { parse_baskets("a,b\n\"c,d\n"); }),
            "baskets: line 2: a quote is opened and never closed");
  EXPECT_EQ(refusal([] { read_baskets("there/is/none.dat"); }),
            "baskets: cannot read 'there/is/none.dat'");
}

TEST(MakeBaskets, OfALongTableAreSortedByTheirIds) {
  const Baskets baskets = of_table(
      "InvoiceNo,StockCode,CustomerID\n"
      "B,tea,7\nA,milk,8\nB,cup,7\nB,tea,7\n,tea,7\nA,,8\n");
  EXPECT_EQ(written(baskets), (Lists{{"milk"}, {"cup", "tea"}}));
  EXPECT_EQ(baskets.customer, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(baskets.repeated, 1);
  EXPECT_EQ(baskets.missing, 2);
  EXPECT_EQ(baskets.level, "StockCode");
}

TEST(MakeBaskets, OfALongTableFindTheirColumns) {
  EXPECT_EQ(written(of_table("when,what\n1,a\n1,b\n")), (Lists{{"a", "b"}}));
  EXPECT_EQ(written(of_table("x,y,z\n1,a,p\n1,b,q\n", {"x", "z", ""})), (Lists{{"p", "q"}}));
  EXPECT_EQ(refusal([] { of_table("x,y,z\n1,a,p\n"); }),
            "baskets: no column is recognised as the order; the columns are \"x\", \"y\", \"z\". "
            "Write order=\"...\"");
  EXPECT_EQ(
      refusal([] { of_table("order,y,z\n1,a,p\n"); }),
      "baskets: no column is recognised as the item; the columns are \"order\", \"y\", \"z\". "
      "Write item=\"...\"");
  EXPECT_EQ(refusal([] {
              of_table("x,y\n1,a\n", {"w", "y", ""});
            }),
            "baskets: order names \"w\", but the columns are \"x\", \"y\"");
}

TEST(MakeBaskets, RefuseWhatIsNoId) {
  const std::vector<double> reals{1, 2.5};
  const std::vector<std::int64_t> offset{0, 1, 2};
  EXPECT_EQ(
      refusal([&] { make_baskets(offset, column("item", reals)); }),
      "baskets: an item of basket 1 is '2.5', which is no id; items are whole numbers or text");
  EXPECT_EQ(refusal([] { of_table("order,item\n1,a\n2,b\n"); }), "");
}

TEST(MakeBaskets, RefuseOffsetsThatAreNone) {
  const std::vector<std::int64_t> item{1, 2};
  const auto made = [&](std::vector<std::int64_t> offset) {
    return refusal([&] { make_baskets(offset, column("item", item)); });
  };
  EXPECT_EQ(made({}), "baskets: offset must begin with 0 and have one entry more than baskets");
  EXPECT_EQ(made({1, 2}), "baskets: offset must begin with 0 and have one entry more than baskets");
  EXPECT_EQ(made({0, 2, 1}), "baskets: offset must not fall; entry 2 is 1 after 2");
  EXPECT_EQ(made({0, 3}), "baskets: offset ends with 3, but there are 2 items");
  EXPECT_EQ(made({0, 0, 2}), "");
}

TEST(MakeBaskets, OfCodesCheckThem) {
  const auto items = Dictionary::from_texts({"cup", "milk", "tea"});
  const std::vector<std::int64_t> offset{0, 3, 5};
  const std::vector<std::int32_t> codes{2, 0, 2, -1, 1};
  const Baskets baskets = make_baskets(offset, codes, items);
  EXPECT_EQ(written(baskets), (Lists{{"cup", "tea"}, {"milk"}}));
  EXPECT_EQ(baskets.repeated, 1);
  EXPECT_EQ(baskets.missing, 1);
  const std::vector<std::int32_t> beyond{0, 1, 2, 3, 0};
  EXPECT_EQ(refusal([&] { make_baskets(offset, beyond, items); }),
            "baskets: item 3 at place 3, but there are 3 items");
}

TEST(MakeBaskets, AreTheSameOnAnyNumberOfThreadsAndEqualTheirSets) {
  std::mt19937 random(7);
  std::vector<std::int64_t> offset{0};
  std::vector<std::int64_t> item;
  for (int b = 0; b < 10'000; ++b) {
    for (auto k = random() % 12; k > 0; --k) item.push_back(static_cast<int>(random() % 90) - 45);
    offset.push_back(static_cast<std::int64_t>(item.size()));
  }
  const auto made = [&](int threads) {
    Context context;
    context.threads = threads;
    return make_baskets(offset, column("item", item), context);
  };
  const Baskets one = made(1);
  std::int64_t repeated = 0;
  for (std::size_t b = 0; b + 1 < offset.size(); ++b) {
    const std::set<std::int64_t> expected(item.begin() + offset[b], item.begin() + offset[b + 1]);
    repeated += offset[b + 1] - offset[b] - static_cast<std::int64_t>(expected.size());
    std::vector<std::int64_t> found;
    for (auto k = one.offset[b]; k < one.offset[b + 1]; ++k) {
      found.push_back(one.items->integer(one.item[static_cast<std::size_t>(k)]));
    }
    ASSERT_EQ(found, std::vector<std::int64_t>(expected.begin(), expected.end()));
  }
  EXPECT_EQ(one.repeated, repeated);
  for (const int threads : {2, 3, 8}) {
    EXPECT_EQ(made(threads).offset, one.offset);
    EXPECT_EQ(made(threads).item, one.item);
    EXPECT_EQ(made(threads).repeated, one.repeated);
  }
}

TEST(MakeBaskets, OfSmallNumbersEqualThoseOfAnyNumbers) {
  std::mt19937 random(8);
  for (const std::int64_t range : {1, 7, 300, 70'000, 2'000'000'000}) {  // the last has no table
    for (const std::int64_t low : {std::int64_t{0}, -range / 2}) {
      for (const bool ascends : {false, true}) {
        std::vector<std::int64_t> offset{0};
        std::vector<std::int64_t> wide;
        for (int b = 0; b < 40'000; ++b) {
          const auto first = static_cast<std::ptrdiff_t>(wide.size());
          for (auto k = random() % 4; k > 0; --k)
            wide.push_back(low + static_cast<std::int64_t>(random()) % range);
          if (ascends) {
            std::sort(wide.begin() + first, wide.end());
            wide.erase(std::unique(wide.begin() + first, wide.end()), wide.end());
          }
          offset.push_back(static_cast<std::int64_t>(wide.size()));
        }
        const Baskets expected = make_baskets(offset, column("item", wide));
        for (const int threads : {1, 2, 3, 8}) {
          Context context;
          context.threads = threads;
          const Baskets made = make_baskets(
              std::vector(offset), std::vector<std::int32_t>(wide.begin(), wide.end()), context);
          EXPECT_EQ(made.offset, expected.offset);
          EXPECT_EQ(made.item, expected.item);
          EXPECT_EQ(made.repeated, expected.repeated);
          ASSERT_EQ(made.items->size(), expected.items->size());
          for (std::int32_t code = 0; code < made.items->size(); ++code)
            ASSERT_EQ(made.items->integer(code), expected.items->integer(code));
        }
      }
    }
  }
  EXPECT_EQ(make_baskets({0, 0}, std::vector<std::int32_t>{}).items->size(), 0);
  EXPECT_EQ(refusal([] {
              make_baskets({0, 2}, std::vector<std::int32_t>{1});
            }),
            "baskets: offset ends with 2, but there are 1 items");
}

TEST(MakeBaskets, ABasketMayHaveAHundredThousandItems) {
  std::vector<std::int64_t> item(100'000);
  std::iota(item.rbegin(), item.rend(), 0);
  const std::vector<std::int64_t> offset{0, 100'000};
  const Baskets baskets = make_baskets(offset, column("item", item));
  EXPECT_EQ(baskets.item.size(), 100'000U);
  EXPECT_TRUE(std::is_sorted(baskets.item.begin(), baskets.item.end()));
}

// Sizes: the README of the data.
TEST(MakeBaskets, OfTheBenchmarkFilesHaveTheirKnownSizes) {
  const std::filesystem::path folder = emptor::testing::shared_data("baskets");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  const auto sizes = [&](const char* name) {
    const Baskets baskets = read_baskets((folder / name).string());
    return std::vector<std::int64_t>{static_cast<std::int64_t>(baskets.view().size()),
                                     baskets.items->size(),
                                     static_cast<std::int64_t>(baskets.item.size())};
  };
  EXPECT_EQ(sizes("retail.dat"), (std::vector<std::int64_t>{88'162, 16'470, 908'576}));
  EXPECT_EQ(sizes("T10I4D100K.dat"), (std::vector<std::int64_t>{100'000, 870, 1'010'228}));
  EXPECT_EQ(sizes("mushroom.dat"), (std::vector<std::int64_t>{8'124, 119, 186'852}));
  EXPECT_EQ(sizes("chess.dat"), (std::vector<std::int64_t>{3'196, 75, 118'252}));
  EXPECT_EQ(sizes("groceries.csv"), (std::vector<std::int64_t>{9'835, 169, 43'367}));
}

}  // namespace
}  // namespace emptor::data
