#include "emptor/data/item_hierarchy.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/csv.hpp"
#include "emptor/data/make_baskets.hpp"

#include <gtest/gtest.h>

#include <functional>
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

std::string parent(const Baskets& baskets, const std::string& item) {
  const auto code = static_cast<std::size_t>(baskets.items->find(std::string_view(item)));
  return baskets.items->to_string(baskets.parent.at(code));
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ItemHierarchy, AncestorsAreInABasketOnce) {
  const Baskets flat = parse_baskets("rye, white, milk\nwhite\nmilk, bread\njam\n");
  const Baskets tree = with_ancestors(flat, {{"rye", "white", "milk", "bread", "cocoa", "jam"},
                                             {"bread", "bread", "dairy", "bakery", "sweets", ""}});
  EXPECT_EQ(written(tree), (Lists{{"bakery", "bread", "dairy", "milk", "rye", "white"},
                                  {"bakery", "bread", "white"},
                                  {"bakery", "bread", "dairy", "milk"},
                                  {"jam"}}));
  EXPECT_EQ(parent(tree, "rye"), "bread");
  EXPECT_EQ(parent(tree, "bread"), "bakery");
  EXPECT_EQ(parent(tree, "bakery"), "");
  EXPECT_EQ(parent(tree, "jam"), "");
  EXPECT_EQ(tree.unbought, 1);  // cocoa
  EXPECT_EQ(tree.view().parent.size(), static_cast<std::size_t>(tree.items->size()));
}

TEST(ItemHierarchy, WholeNumbersStayWhereAllAre) {
  const Baskets flat = parse_baskets("1 2\n2 10\n", ' ');
  ASSERT_FALSE(flat.items->is_text());
  const Baskets numbers = with_ancestors(flat, {{"1", "2"}, {"100", "100"}});
  EXPECT_FALSE(numbers.items->is_text());
  EXPECT_EQ(written(numbers), (Lists{{"1", "2", "100"}, {"2", "10", "100"}}));
  const Baskets texts = with_ancestors(flat, {{"1", "2"}, {"low", "low"}});
  EXPECT_TRUE(texts.items->is_text());
  EXPECT_EQ(written(texts), (Lists{{"1", "2", "low"}, {"10", "2", "low"}}));
}

TEST(ItemHierarchy, BadInputIsAnswered) {
  const Baskets flat = parse_baskets("rye, milk, baguette\n");
  const auto says = [&](const ItemHierarchy& hierarchy) {
    return refusal([&] { (void)with_ancestors(flat, hierarchy); });
  };
  EXPECT_EQ(says({{"rye", "rye"}, {"bread", "pastry"}}),
            "item_hierarchy: 'rye' has two parents, 'bread' and 'pastry'; an item belongs to one");
  EXPECT_EQ(says({{"rye", "rye"}, {"bread", "bread"}}), "");
  EXPECT_EQ(says({{"rye", "bread", "bakery"}, {"bread", "bakery", "bread"}}),
            "item_hierarchy: 'bakery' is its own ancestor, by way of its parent 'bread'; leave out "
            "one of the rows between them");
  EXPECT_EQ(says({{"rye"}, {"rye"}}),
            "item_hierarchy: 'rye' is its own ancestor, by way of its parent 'rye'; leave out one "
            "of the rows between them");
  EXPECT_EQ(
      says({{"bagette"}, {"bread"}}),
      "item_hierarchy: no row is about an item of these baskets; the first is about 'bagette', "
      "the nearest item is 'baguette'");
  EXPECT_EQ(says({{"rye"}, {}}),
            "item_hierarchy: 1 items have 0 parents; write one per item, \"\" for none");
  const Baskets tree = with_ancestors(flat, {{"rye"}, {"bread"}});
  EXPECT_EQ(refusal([&] {
              (void)with_ancestors(tree, {{"rye"}, {"bread"}});
            }),
            "item_hierarchy: these baskets have a hierarchy already; give those without it");
}

Sales shop() {
  return Sales({.orders = parse_csv("order,customer,date,product,category,department,amount\n"
                                    "1,a,2024-01-02,Rye,Bread,Food,1\n"
                                    "1,a,2024-01-02,Tea,Tea,Drinks,1\n"
                                    "2,b,2024-01-03,Baguette,Bread,Food,1\n"
                                    "2,b,2024-01-03,Mug,Tea,Home,1\n"
                                    "3,b,2024-01-04,Bag,,Home,1\n",
                                    "orders.csv")});
}

TEST(ItemHierarchy, OfSalesIsMadeOfColumnsOfProducts) {
  const Baskets tree = baskets(shop(), {.levels = {"department", "category"}});
  // Tea stands in two departments, so its name tells them apart.
  EXPECT_EQ(written(tree),
            (Lists{{"Rye", "Tea", "category: Bread", "category: Tea (department: Drinks)",
                    "department: Drinks", "department: Food"},
                   {"Baguette", "Mug", "category: Bread", "category: Tea (department: Home)",
                    "department: Food", "department: Home"},
                   {"Bag", "department: Home"}}));
  EXPECT_EQ(parent(tree, "Rye"), "category: Bread");
  EXPECT_EQ(parent(tree, "category: Bread"), "department: Food");
  EXPECT_EQ(parent(tree, "Bag"), "department: Home");  // has no category
  EXPECT_EQ(tree.level, "department > category > product");
  EXPECT_EQ(tree.item_names.size(), static_cast<std::size_t>(tree.items->size()));
  const Baskets coarse = baskets(shop(), {.item = "category", .levels = {}});
  EXPECT_TRUE(coarse.parent.empty());
}

TEST(ItemHierarchy, OfSalesAnswersBadLevels) {
  const auto says = [&](const std::string& item, const std::vector<std::string>& levels) {
    return refusal([&] { (void)baskets(shop(), {.item = item, .levels = levels}); });
  };
  EXPECT_EQ(says("category", {"department"}),
            "baskets: category 'Tea' belongs to 'department: Home' and to 'department: Drinks'; "
            "write levels that hold every item of it, or another item");
  EXPECT_EQ(says("", {"category", "category"}),
            "baskets: levels names \"category\", which is there already; write the columns above "
            "the items, the coarsest first");
  EXPECT_EQ(says("category", {"category"}),
            "baskets: levels names \"category\", which is there already; write the columns above "
            "the items, the coarsest first");
  EXPECT_NE(says("", {"departmnt"}).find("did you mean \"department\"?"), std::string::npos);
}

}  // namespace
}  // namespace emptor::data
