#include "emptor/data/arrow.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace emptor::data {
namespace {

enum class Grade : std::uint8_t { low, high };
constexpr std::string_view kGrades[] = {"low", "high"};

struct Result {
  std::vector<double> amount{1.5, std::nan(""), -0.0};
  std::vector<std::int64_t> n{1, std::numeric_limits<std::int64_t>::min(), 3};
  std::vector<std::uint8_t> flag{1, 0, 1};
  std::vector<std::int32_t> product{1, -1, 0};
  std::vector<std::int32_t> customer{0, 1, -1};
  std::vector<Grade> grade{Grade::high, Grade::low, Grade::high};
  std::vector<std::string> words{"reason", "", "other"};
  std::vector<std::int32_t> day{14975, std::numeric_limits<std::int32_t>::min(), -1};
  std::vector<std::int64_t> time{7, 8, std::numeric_limits<std::int64_t>::min()};
  std::shared_ptr<const Dictionary> products =
      Dictionary::from_texts(std::vector<std::string>{"P1", "P2"});
  std::shared_ptr<const Dictionary> customers = Dictionary::from_integers({17850, 17851});
  std::vector<Column> columns() const {
    return {Column("amount", amount),
            Column("n", n),
            Column("flag", flag),
            Column("product", product, *products),
            Column("customer", customer, *customers),
            Column("grade", grade, kGrades),
            Column("words", words),
            Column::dates("day", day),
            Column::timestamps("time", time)};
  }
};

bool bit(const void* bits, std::size_t i) {
  return (static_cast<const std::uint8_t*>(bits)[i / 8] >> (i % 8) & 1U) != 0;
}

struct Exported {
  ArrowArrayStream stream{};
  ArrowSchema schema{};
  ArrowArray array{};
  explicit Exported(const std::vector<Column>& columns, std::shared_ptr<const void> owner) {
    export_arrow(columns, std::move(owner), &stream);
    EXPECT_EQ(stream.get_schema(&stream, &schema), 0);
    EXPECT_EQ(stream.get_next(&stream, &array), 0);
  }
  Exported(const Exported&) = delete;
  Exported& operator=(const Exported&) = delete;
  ~Exported() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
    if (stream.release != nullptr) stream.release(&stream);
  }
  const ArrowArray& column(int i) const { return *array.children[i]; }
};

TEST(ArrowExport, GivesListsOfTextsIdsAndNumbers) {
  struct Sets {
    std::vector<std::int64_t> offset{0, 2, 2, 3};
    std::vector<std::int32_t> codes{0, 1, 1};
    std::shared_ptr<const Dictionary> names = Dictionary::from_texts({"cup", "tea"});
    std::shared_ptr<const Dictionary> ids = Dictionary::from_integers({17850, 17851});
  };
  const auto sets = std::make_shared<Sets>();
  const Exported out({Column::lists("names", sets->offset, sets->codes, *sets->names),
                      Column::lists("ids", sets->offset, sets->codes, *sets->ids),
                      Column::lists("numbers", sets->offset, sets->codes)},
                     sets);
  const std::vector<std::string> inner{"i", "l", "i"};
  for (int i = 0; i < 3; ++i) {
    EXPECT_STREQ(out.schema.children[i]->format, "+L");
    EXPECT_EQ(out.schema.children[i]->children[0]->format, inner[static_cast<std::size_t>(i)]);
    ASSERT_EQ(out.column(i).n_children, 1);
    EXPECT_EQ(out.column(i).length, 3);
    EXPECT_EQ(out.column(i).buffers[1], sets->offset.data()) << "shared";
    EXPECT_EQ(out.column(i).children[0]->length, 3);
  }
  EXPECT_EQ(out.column(0).children[0]->buffers[1], sets->codes.data()) << "shared";
  ASSERT_NE(out.column(0).children[0]->dictionary, nullptr);
  EXPECT_EQ(out.column(0).children[0]->dictionary->length, 2);
  const auto* const ids = static_cast<const std::int64_t*>(out.column(1).children[0]->buffers[1]);
  EXPECT_EQ(std::vector<std::int64_t>(ids, ids + 3),
            (std::vector<std::int64_t>{17850, 17851, 17851}));
  EXPECT_EQ(out.column(2).children[0]->dictionary, nullptr);
}

TEST(ArrowExport, GivesEveryKindItsType) {
  const auto result = std::make_shared<Result>();
  const Exported out(result->columns(), result);
  EXPECT_STREQ(out.schema.format, "+s");
  ASSERT_EQ(out.schema.n_children, 9);
  const std::vector<std::string> formats{"g", "l", "b", "i", "i", "c", "U", "tdD", "tsu:UTC"};
  for (std::size_t i = 0; i < 9; ++i) {
    const ArrowSchema& child = *out.schema.children[i];
    EXPECT_EQ(child.format, formats[i]);
    EXPECT_EQ(child.name, result->columns()[i].name);
    EXPECT_EQ(child.flags, ARROW_FLAG_NULLABLE);
    EXPECT_EQ(out.array.children[i]->length, 3);
    EXPECT_EQ(out.array.children[i]->offset, 0);
  }
  EXPECT_STREQ(out.schema.children[3]->dictionary->format, "U");
  EXPECT_STREQ(out.schema.children[4]->dictionary->format, "l");
  EXPECT_STREQ(out.schema.children[5]->dictionary->format, "U");
  EXPECT_EQ(out.schema.children[0]->dictionary, nullptr);
}

TEST(ArrowExport, MarksWhatIsMissingAndSharesTheRest) {
  const auto result = std::make_shared<Result>();
  const Exported out(result->columns(), result);
  const std::vector<std::vector<bool>> present{
      {true, false, true}, {true, false, true}, {true, true, true},
      {true, false, true}, {true, true, false}, {true, true, true},
      {true, false, true}, {true, false, true}, {true, true, false}};
  for (int c = 0; c < 9; ++c) {
    const ArrowArray& column = out.column(c);
    const auto& expected = present[static_cast<std::size_t>(c)];
    const auto missing = std::count(expected.begin(), expected.end(), false);
    EXPECT_EQ(column.null_count, missing) << c;
    EXPECT_EQ(column.buffers[0] == nullptr, missing == 0) << c;
    for (std::size_t i = 0; missing > 0 && i < 3; ++i) {
      EXPECT_EQ(bit(column.buffers[0], i), expected[i]) << c;
    }
  }
  EXPECT_EQ(out.column(0).buffers[1], result->amount.data());
  EXPECT_EQ(out.column(1).buffers[1], result->n.data());
  EXPECT_EQ(out.column(3).buffers[1], result->product.data());
  EXPECT_EQ(out.column(3).dictionary->buffers[2], result->products->bytes().data());
  EXPECT_EQ(out.column(4).dictionary->buffers[1], result->customers->integers().data());
  EXPECT_EQ(out.column(5).buffers[1], result->grade.data());
  EXPECT_EQ(out.column(7).buffers[1], result->day.data());
  EXPECT_TRUE(bit(out.column(2).buffers[1], 0));
  EXPECT_FALSE(bit(out.column(2).buffers[1], 1));
  const auto* offsets = static_cast<const std::int64_t*>(out.column(6).buffers[1]);
  EXPECT_EQ(std::string(static_cast<const char*>(out.column(6).buffers[2]), 11), "reasonother");
  EXPECT_EQ(offsets[1], 6);
  EXPECT_EQ(offsets[3], 11);
}

TEST(ArrowExport, GivesOneBatchAndThenTheEnd) {
  const auto result = std::make_shared<Result>();
  Exported out(result->columns(), result);
  ArrowArray end{};
  EXPECT_EQ(out.stream.get_next(&out.stream, &end), 0);
  EXPECT_EQ(end.release, nullptr);
  EXPECT_EQ(out.stream.get_last_error(&out.stream), nullptr);
}

TEST(ArrowExport, KeepsTheOwnerAsLongAsAnythingIsHeld) {
  auto result = std::make_shared<Result>();
  const std::weak_ptr<Result> watch = result;
  ArrowArray column{};
  {
    Exported out(result->columns(), result);
    result.reset();
    // Structures may be moved, columns out of their batch included.
    column = *out.array.children[0];
    out.array.children[0]->release = nullptr;
  }
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(static_cast<const double*>(column.buffers[1])[0], 1.5);
  column.release(&column);
  EXPECT_EQ(column.release, nullptr);
  EXPECT_TRUE(watch.expired());
}

TEST(ArrowExport, ExportsTheSchemaAlone) {
  const Result result;
  ArrowSchema schema{};
  export_arrow_schema(result.columns(), &schema);
  EXPECT_STREQ(schema.format, "+s");
  EXPECT_STREQ(schema.children[8]->format, "tsu:UTC");
  schema.release(&schema);
  EXPECT_EQ(schema.release, nullptr);
}

TEST(ArrowExport, ExportsNothingAsNothing) {
  const Exported none({}, nullptr);
  EXPECT_EQ(none.array.length, 0);
  EXPECT_EQ(none.schema.n_children, 0);
  Result empty;
  empty.amount.clear();
  const Exported rows({Column("amount", empty.amount)}, nullptr);
  EXPECT_EQ(rows.array.length, 0);
  EXPECT_NE(rows.column(0).buffers[1], nullptr);
}

TEST(ArrowExport, ReadsBackWhatItWrote) {
  const auto result = std::make_shared<Result>();
  ArrowArrayStream stream{};
  export_arrow(result->columns(), result, &stream);
  const InputTable table = import_arrow(&stream);
  ASSERT_EQ(table.columns.size(), 9U);
  EXPECT_EQ(table.rows, 3U);
  const auto chunk = [&](std::string_view name) {
    return table.columns[static_cast<std::size_t>(table.find(name))].chunks.at(0);
  };
  EXPECT_EQ(chunk("amount").values, result->amount.data());
  EXPECT_EQ(chunk("product").layout, Layout::dictionary);
  EXPECT_EQ(chunk("customer").layout, Layout::int64);
  const auto* customers = static_cast<const std::int64_t*>(chunk("customer").values);
  EXPECT_EQ(customers[1], 17851);
  EXPECT_FALSE(bit(chunk("customer").valid, 2));
  EXPECT_EQ(table.columns[8].meaning, Meaning::timestamp);
  EXPECT_TRUE(table.columns[8].zoned);
  EXPECT_EQ(table.columns[8].timezone, "UTC");
}

}  // namespace
}  // namespace emptor::data
