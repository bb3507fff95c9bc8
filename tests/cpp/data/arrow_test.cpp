#include "emptor/data/arrow.hpp"

#include "emptor/core/error.hpp"

#include "data/arrow_fixture.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace emptor::data {
namespace {

using test::batch;
using test::bit;
using test::Node;
using test::primitive;
using test::Producer;
using test::shown;
using test::text;
using test::views;
using Values = std::vector<std::optional<std::string>>;

Values values_of(const InputTable& table, std::size_t column = 0) {
  Values values;
  for (const InputChunk& chunk : table.columns[column].chunks) {
    for (std::size_t i = chunk.offset; i < chunk.offset + chunk.rows; ++i) {
      const bool there =
          chunk.layout != Layout::null && (chunk.valid == nullptr || bit(chunk.valid, i));
      values.push_back(there ? std::optional(shown(chunk, i)) : std::nullopt);
    }
  }
  EXPECT_EQ(values.size(), table.rows);
  return values;
}

InputTable import(Producer& producer, const std::vector<std::string>& wanted = {}) {
  ArrowArrayStream stream = producer.stream();
  return import_arrow(&stream, wanted);
}

Values values_of(Node column) {
  Producer producer({batch({std::move(column)})});
  return values_of(import(producer));
}

/// The message, after checking that everything given was released once.
std::string message_of(std::vector<Node> batches, const std::vector<std::string>& wanted = {}) {
  Producer producer(std::move(batches));
  std::string message = "nothing was thrown";
  try {
    (void)import(producer, wanted);
  } catch (const Error& error) {
    message = error.what();
  }
  EXPECT_EQ(producer.counts.stream, 1);
  EXPECT_EQ(producer.counts.schema, 1);
  return message;
}

std::string message_of_column(Node column) {
  return message_of(std::vector<Node>{batch({std::move(column)})});
}

TEST(Arrow, ReadsEveryNumber) {
  EXPECT_EQ(values_of(primitive<std::int8_t>("x", "c", {-1, 2})), (Values{"-1", "2"}));
  EXPECT_EQ(values_of(primitive<std::uint8_t>("x", "C", {1, 255})), (Values{"1", "255"}));
  EXPECT_EQ(values_of(primitive<std::int16_t>("x", "s", {-300, 2})), (Values{"-300", "2"}));
  EXPECT_EQ(values_of(primitive<std::uint16_t>("x", "S", {65535})), (Values{"65535"}));
  EXPECT_EQ(values_of(primitive<std::int32_t>("x", "i", {-70000})), (Values{"-70000"}));
  EXPECT_EQ(values_of(primitive<std::uint32_t>("x", "I", {4294967295U})), (Values{"4294967295"}));
  EXPECT_EQ(values_of(primitive<std::int64_t>("x", "l", {-5'000'000'000})),
            (Values{"-5000000000"}));
  EXPECT_EQ(values_of(primitive<std::uint64_t>("x", "L", {18446744073709551615U})),
            (Values{"18446744073709551615"}));
  EXPECT_EQ(values_of(primitive<float>("x", "f", {1.5F})), (Values{"1.500000"}));
  EXPECT_EQ(values_of(primitive<double>("x", "g", {-2.25})), (Values{"-2.250000"}));
}

TEST(Arrow, ReadsEveryText) {
  const std::vector<std::string> words{"a", "", "longer than twelve bytes", "\xC3\xA9"};
  const Values expected{"a", "", "longer than twelve bytes", "\xC3\xA9"};
  EXPECT_EQ(values_of(text<std::int32_t>("x", "u", words)), expected);
  EXPECT_EQ(values_of(text<std::int64_t>("x", "U", words)), expected);
  EXPECT_EQ(values_of(views("x", words)), expected);
}

TEST(Arrow, ReadsEmptyTextsWithoutCharacters) {
  Node column = text<std::int32_t>("x", "u", {"", ""});
  for (const std::size_t i : {0, 4, 8}) column.memory[1][i] = 30;
  column.null_buffer[2] = true;
  EXPECT_EQ(values_of(column), (Values{"", ""}));
}

TEST(Arrow, ReadsDatesTimesBooleansAndNulls) {
  Producer producer({batch({primitive<std::int32_t>("day", "tdD", {14975}),
                            primitive<std::int64_t>("day64", "tdm", {-86'400'001}),
                            primitive<std::int64_t>("s", "tss:", {7}),
                            primitive<std::int64_t>("ms", "tsm:Europe/London", {7}),
                            primitive<std::int64_t>("us", "tsu:+02:00", {7}),
                            primitive<std::int64_t>("ns", "tsn:UTC", {7})})});
  const InputTable table = import(producer);
  ASSERT_EQ(table.columns.size(), 6U);
  EXPECT_EQ(table.columns[0].meaning, Meaning::date);
  EXPECT_EQ(values_of(table, 0), (Values{"14975"}));
  EXPECT_EQ(table.columns[1].meaning, Meaning::date);
  EXPECT_EQ(values_of(table, 1), (Values{"-2"}));
  for (std::size_t i = 2; i < 6; ++i) {
    EXPECT_EQ(table.columns[i].meaning, Meaning::timestamp);
    EXPECT_EQ(static_cast<std::size_t>(table.columns[i].unit), i - 2);
    EXPECT_EQ(table.columns[i].zoned, i > 2);
  }
  EXPECT_EQ(table.columns[3].timezone, "Europe/London");
  EXPECT_EQ(table.columns[4].timezone, "+02:00");

  Node boolean = primitive<std::uint8_t>("x", "b", {0b101});
  boolean.length = 3;
  EXPECT_EQ(values_of(boolean), (Values{"true", "false", "true"}));
  Node null;
  null.format = "n";
  null.length = 2;
  null.null_count = 2;
  EXPECT_EQ(values_of(null), (Values{std::nullopt, std::nullopt}));
}

TEST(Arrow, ReadsDecimalsWithTheirScale) {
  Node column = primitive<std::int64_t>("price", "d:10,2", {1234, 0, -5, -1});
  column.length = 2;
  Producer producer({batch({column})});
  const InputTable table = import(producer);
  EXPECT_EQ(table.columns[0].scale, 2);
  EXPECT_EQ(values_of(table), (Values{"1234", "-5"}));
}

TEST(Arrow, HonoursEveryOffsetOfColumnAndBatch) {
  // Values 0..199, every third missing, read from any place on.
  std::vector<std::int32_t> numbers;
  std::vector<std::string> words;
  std::vector<std::uint8_t> valid(25, 0);
  std::vector<std::uint8_t> rows(25, 0);
  for (std::size_t i = 0; i < 200; ++i) {
    numbers.push_back(static_cast<std::int32_t>(i));
    words.push_back("a rather long word " + std::to_string(i));
    if (i % 3 != 0) valid[i / 8] = static_cast<std::uint8_t>(valid[i / 8] | 1U << (i % 8));
    if (i % 5 != 0) rows[i / 8] = static_cast<std::uint8_t>(rows[i / 8] | 1U << (i % 8));
  }
  for (const std::int64_t own : {0, 1, 7, 8, 9, 63, 65}) {
    for (const std::int64_t parent : {0, 1, 7, 8, 9, 63, 65}) {
      for (const bool batch_nulls : {false, true}) {
        std::vector<Node> columns{primitive("n", "i", numbers, valid),
                                  text<std::int32_t>("u", "u", words, valid),
                                  text<std::int64_t>("U", "U", words, valid), views("v", words)};
        columns[3].null_buffer[0] = false;
        columns[3].memory[0].assign(valid.begin(), valid.end());
        columns[3].null_count = -1;
        Node keys = primitive("d", "i", numbers, valid);
        keys.dictionary = std::make_shared<Node>(text<std::int32_t>("", "u", words));
        columns.push_back(keys);
        for (Node& column : columns) {
          column.offset = own;
          column.length = 200 - own;
        }
        Node whole = batch(columns);
        whole.offset = parent;
        whole.length = 200 - own - parent - 3;
        if (batch_nulls) {
          whole.null_buffer[0] = false;
          whole.memory[0].assign(rows.begin(), rows.end());
          whole.null_count = -1;
        }
        Producer producer({whole});
        const InputTable table = import(producer);
        Values expected_numbers;
        Values expected_words;
        for (std::size_t i = 0; i < table.rows; ++i) {
          const auto in_batch = static_cast<std::size_t>(parent) + i;
          const std::size_t value = in_batch + static_cast<std::size_t>(own);
          const bool there = value % 3 != 0 && (!batch_nulls || in_batch % 5 != 0);
          expected_numbers.push_back(there ? std::optional(std::to_string(value)) : std::nullopt);
          expected_words.push_back(there ? std::optional(words[value]) : std::nullopt);
        }
        ASSERT_EQ(values_of(table, 0), expected_numbers) << own << ' ' << parent;
        for (const std::size_t column : {1, 2, 3, 4}) {
          ASSERT_EQ(values_of(table, column), expected_words)
              << own << ' ' << parent << ' ' << column;
        }
      }
    }
  }
}

TEST(Arrow, KeepsTheDictionaryOfEachBatch) {
  const auto coded = [](std::vector<std::int8_t> codes, std::vector<std::string> words) {
    Node column = primitive("x", "c", codes, {0b11111011});
    column.dictionary = std::make_shared<Node>(text<std::int64_t>("", "U", words));
    return batch({column});
  };
  Producer producer({coded({1, 0, 9}, {"a", "b"}), coded({0, 0, -1}, {"c"})});
  EXPECT_EQ(values_of(import(producer)), (Values{"b", "a", std::nullopt, "c", "c", std::nullopt}));
  for (const std::string format : {"c", "C", "s", "S", "i", "I", "l", "L"}) {
    Node column = primitive<std::int64_t>("x", format, {0, 0});
    column.length = 1;
    column.dictionary = std::make_shared<Node>(views("", {"word"}));
    EXPECT_EQ(values_of(column), (Values{"word"}));
  }
}

TEST(Arrow, UnfoldsDictionariesOfNumbers) {
  Node column = primitive<std::int8_t>("x", "c", {1, 0, 1, 2}, {0b1011});
  column.dictionary =
      std::make_shared<Node>(primitive<std::int64_t>("", "l", {10, 20, 30}, {0b011}));
  EXPECT_EQ(values_of(column), (Values{"20", "10", std::nullopt, std::nullopt}));
  column.dictionary =
      std::make_shared<Node>(primitive<std::int64_t>("", "tdm", {86'400'000, 0, 0}));
  EXPECT_EQ(values_of(column), (Values{"0", "1", std::nullopt, "0"}));
  column.dictionary = std::make_shared<Node>(primitive<std::uint8_t>("", "b", {0b010}));
  column.dictionary->length = 3;
  EXPECT_EQ(values_of(column), (Values{"true", "false", std::nullopt, "false"}));
}

TEST(Arrow, CopiesMisalignedValues) {
  Node column = primitive<std::int64_t>("x", "l", {1, 2});
  column.memory[1].insert(column.memory[1].begin(), 'x');
  Producer producer({batch({column})});
  ArrowArrayStream stream = producer.stream();
  // The same stream, with the values one byte further on.
  static int (*get_next)(ArrowArrayStream*, ArrowArray*) = nullptr;
  get_next = stream.get_next;
  stream.get_next = [](ArrowArrayStream* self, ArrowArray* out) {
    const int code = get_next(self, out);
    if (out->release != nullptr) {
      const void*& values = out->children[0]->buffers[1];
      values = static_cast<const char*>(values) + 1;
    }
    return code;
  };
  const InputTable table = import_arrow(&stream);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(table.columns[0].chunks[0].values) % 8, 0U);
  EXPECT_EQ(values_of(table), (Values{"1", "2"}));
}

TEST(Arrow, TakesNothingForNothing) {
  Producer none({batch({primitive<std::int32_t>("x", "i", {})})});
  none.no_batches = true;
  EXPECT_EQ(import(none).columns.size(), 1U);
  Producer empty(
      {batch({primitive<std::int32_t>("x", "i", {}), text<std::int32_t>("y", "u", {})})});
  EXPECT_EQ(import(empty).rows, 0U);
  Producer no_columns({batch({})});
  EXPECT_EQ(import(no_columns).columns.size(), 0U);
  Producer between({batch({primitive<std::int32_t>("x", "i", {1})}),
                    batch({primitive<std::int32_t>("x", "i", {})}),
                    batch({primitive<std::int32_t>("x", "i", {2})})});
  EXPECT_EQ(values_of(import(between)), (Values{"1", "2"}));
}

TEST(Arrow, LeavesOutWhatItCannotUseUnlessWanted) {
  Node list = primitive<std::int32_t>("tags", "+l", {0, 1});
  list.children.push_back(primitive<std::int32_t>("item", "i", {7}));
  const Node number = primitive<std::int32_t>("x", "i", {1});
  Producer producer({batch({number, list})});
  const InputTable table = import(producer);
  ASSERT_EQ(table.columns.size(), 1U);
  EXPECT_EQ(table.columns[0].name, "x");
  EXPECT_EQ(message_of({batch({number, list})}, {"x", "tags"}),
            "Arrow input: column 'tags' has the type list, which cannot be read; explode it, or "
            "leave it out");
  const auto refusal = [&](const std::string& format) {
    return message_of({batch({primitive<std::int32_t>("x", format, {1})})}, {"x"});
  };
  const std::string start = "Arrow input: column 'x' has the type ";
  EXPECT_EQ(refusal("d:40,2,256"), start +
                                       "decimal256, which cannot be read; cast it to "
                                       "decimal128 or float64");
  EXPECT_EQ(refusal("e"), start + "float16, which cannot be read; cast it to float32");
  EXPECT_EQ(refusal("z"), start + "binary, which cannot be read; cast it to string");
  EXPECT_EQ(refusal("tDu"), start + "duration, which cannot be read; cast it to int64");
  EXPECT_EQ(refusal("ttu"), start +
                                "time of day, which cannot be read; combine it with its date "
                                "into one timestamp");
  Node period = primitive<std::int64_t>("x", "l", {1});
  const auto count = [](std::int32_t n) { return std::string(reinterpret_cast<char*>(&n), 4); };
  period.metadata = count(1) + count(20) + "ARROW:extension:name" + count(13) + "pandas.period";
  EXPECT_EQ(message_of({batch({period})}, {"x"}),
            start + "extension 'pandas.period', which cannot be read; cast it to a plain type");
}

TEST(Arrow, ReleasesEverythingOnceWhenTheTableGoes) {
  Producer producer({batch({primitive<std::int32_t>("x", "i", {1})}),
                     batch({primitive<std::int32_t>("x", "i", {2})})});
  {
    const InputTable table = import(producer);
    EXPECT_EQ(producer.counts.stream, 1);
    EXPECT_EQ(producer.counts.schema, 1);
    EXPECT_EQ(producer.counts.batches, 0);
  }
  EXPECT_EQ(producer.counts.batches, 2);
}

TEST(Arrow, SaysThatAStreamWasConsumed) {
  Producer producer({batch({primitive<std::int32_t>("x", "i", {1})})});
  ArrowArrayStream stream = producer.stream();
  (void)import_arrow(&stream);
  EXPECT_EQ(stream.release, nullptr);
  for (ArrowArrayStream* again : {&stream, static_cast<ArrowArrayStream*>(nullptr)}) {
    try {
      (void)import_arrow(again);
      ADD_FAILURE();
    } catch (const DataError& error) {
      EXPECT_STREQ(
          error.what(),
          "Arrow input: this stream was already consumed; pass the object, not the capsule");
    }
  }
  EXPECT_EQ(producer.counts.stream, 1);
}

TEST(Arrow, PassesOnWhatTheProducerSays) {
  const auto failing = [](auto set_up) {
    Producer producer({batch({primitive<std::int32_t>("x", "i", {1})})});
    set_up(producer);
    try {
      (void)import(producer);
    } catch (const DataError& error) {
      EXPECT_EQ(producer.counts.stream, 1);
      EXPECT_EQ(producer.counts.batches, producer.fail_next_at == 1 ? 1 : 0);
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  EXPECT_EQ(failing([](Producer& p) { p.fail_schema = 22; }),
            "Arrow input: the producer failed while giving the schema: disk on fire");
  EXPECT_EQ(failing([](Producer& p) { p.fail_next_at = 1; }),
            "Arrow input: the producer failed while giving a batch: disk on fire");
  EXPECT_EQ(failing([](Producer& p) {
              p.fail_next_at = 0;
              p.error = nullptr;
            }),
            "Arrow input: the producer failed while giving a batch: Input/output error");
}

TEST(Arrow, RefusesWhatIsNoTable) {
  EXPECT_EQ(message_of({primitive<std::int32_t>("x", "i", {1})}),
            "Arrow input: the stream holds single values of format 'i', not rows with columns; "
            "pass a table or a data frame");
  EXPECT_EQ(message_of({batch(
                {primitive<std::int32_t>("x", "i", {1}), primitive<std::int32_t>("x", "i", {1})})}),
            "Arrow input: columns 1 and 2 are both named 'x'; rename one of them");
}

TEST(Arrow, RefusesStructuresThatContradictThemselves) {
  const std::string start = "Arrow input: column 'x' is malformed: ";
  const auto changed = [&](const std::function<void(Node&)>& change) {
    Node column = text<std::int32_t>("x", "u", {"ab", "c"});
    change(column);
    const std::string message = message_of_column(column);
    return message.starts_with(start) ? message.substr(start.size()) : message;
  };
  EXPECT_EQ(changed([](Node& c) { c.n_buffers = 2; }), "it has 2 buffers where its type has 3");
  EXPECT_EQ(changed([](Node& c) { c.n_buffers = 0; }), "it has 0 buffers where its type has 3");
  EXPECT_EQ(changed([](Node& c) { c.n_children = 1; }), "it has children");
  EXPECT_EQ(changed([](Node& c) { c.offset = -1; }), "its offset is negative");
  EXPECT_EQ(changed([](Node& c) { c.offset = std::numeric_limits<std::int64_t>::max(); }),
            "its length is impossible");
  EXPECT_EQ(changed([](Node& c) { c.null_count = 3; }), "its null count is 3 of 2 values");
  EXPECT_EQ(changed([](Node& c) { c.null_count = 1; }),
            "it counts nulls but has no validity bitmap");
  EXPECT_EQ(changed([](Node& c) { c.null_buffer[1] = true; }), "its values are missing");
  EXPECT_EQ(changed([](Node& c) { c.null_buffer[2] = true; }), "its characters are missing");
  EXPECT_EQ(changed([](Node& c) { c.memory[1][4] = 9; }), "its text offsets do not ascend");
  EXPECT_EQ(changed([](Node& c) { c.memory[1][3] = '\x80'; }), "its text offsets begin below zero");
  EXPECT_EQ(changed([](Node& c) { c.memory[2][2] = '\xFF'; }), "value 1 of a batch is not UTF-8");
  EXPECT_EQ(changed([](Node& c) { c.format = "(none)"; }), "its format is missing");
  EXPECT_EQ(changed([](Node& c) { c.format = "tsx:"; }),
            "Arrow input: column 'x' has the unknown format 'tsx:'");
  EXPECT_EQ(changed([](Node& c) { c.format = "d:5"; }),
            "Arrow input: column 'x' has the unknown format 'd:5'");
  EXPECT_EQ(changed([](Node& c) { c.metadata = std::string(4, '\xFF'); }),
            "Arrow input: column 'x' has malformed metadata (a negative length)");

  const auto view = [&](std::size_t byte, char value) {
    Node column = views("x", {"a text beyond twelve"});
    column.memory[1][byte] = value;
    return message_of_column(column).substr(start.size());
  };
  EXPECT_EQ(view(3, '\x80'), "the length of a text is negative");
  EXPECT_EQ(view(0, 21), "a text ends after its buffer");
  EXPECT_EQ(view(12, 1), "a text ends after its buffer");
  EXPECT_EQ(view(15, '\x80'), "a text ends after its buffer");
  EXPECT_EQ(view(8, 1), "a text points to a buffer that is not there");

  Node coded = primitive<std::int8_t>("x", "c", {0, 2});
  coded.dictionary = std::make_shared<Node>(text<std::int32_t>("", "u", {"a", "b"}));
  EXPECT_EQ(message_of_column(coded),
            start + "value 1 of a batch points outside of its dictionary");
  coded.memory[1][1] = -1;
  EXPECT_EQ(message_of_column(coded),
            start + "value 1 of a batch points outside of its dictionary");
  coded.format = "g";
  EXPECT_EQ(message_of_column(coded), start + "its dictionary has indices of type float64");

  Node rows = batch({primitive<std::int32_t>("x", "i", {1, 2})});
  rows.length = 3;
  EXPECT_EQ(message_of({rows}), start + "it has 2 values where the batch has 3 rows");
  rows.length = -1;
  EXPECT_EQ(message_of({rows}),
            "Arrow input: column '(rows)' is malformed: its length is negative");
  rows.length = 2;
  rows.n_children = 0;
  EXPECT_EQ(message_of({rows}),
            "Arrow input: the stream is malformed: a batch has 0 columns where the schema has 1");
}

}  // namespace
}  // namespace emptor::data
