#include "emptor/data/csv.hpp"

#include "emptor/core/error.hpp"

#include "data/csv_reader.hpp"
#include "data/csv_scan.hpp"
#include "files.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace emptor::data {
namespace {

using Row = std::vector<std::string>;
using namespace std::string_literals;

std::vector<Row> rows_of(const InputTable& table) {
  std::vector<Row> rows(table.rows);
  for (const InputColumn& column : table.columns) {
    std::size_t row = 0;
    for (const InputChunk& chunk : column.chunks) {
      EXPECT_EQ(chunk.layout, Layout::packed);
      const auto* cells = static_cast<const PackedCell*>(chunk.values);
      for (std::size_t i = 0; i < chunk.rows; ++i) {
        rows[row++].emplace_back(chunk.characters + cells[i].begin, cells[i].size);
      }
    }
    EXPECT_EQ(row, table.rows);
  }
  return rows;
}

Row names_of(const InputTable& table) {
  Row names;
  for (const InputColumn& column : table.columns) names.push_back(column.name);
  return names;
}

std::vector<std::int64_t> positions_of(const InputTable& table) {
  if (!table.positions.empty()) return table.positions;
  std::vector<std::int64_t> positions(table.rows);
  for (std::size_t i = 0; i < table.rows; ++i) {
    positions[i] = table.first_row + static_cast<std::int64_t>(i);
  }
  return positions;
}

InputTable parse(std::string text, CsvOptions options = {}) {
  return parse_csv(std::move(text), "orders.csv", options);
}

template <typename Error = FormatError>
std::string message_of(std::string text) {
  try {
    (void)parse(std::move(text));
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

// The rules, one character at a time, with no regard for speed: what the reader is compared with.
struct Reference {
  Row header{};
  std::vector<Row> rows{};
  std::vector<std::int64_t> positions{};
  std::vector<std::int64_t> refused{};
  bool unclosed = false;
};

Reference split_simply(const std::string& text, char delimiter) {
  Reference result;
  std::int64_t line = 1;
  std::size_t i = 0;
  const auto step = [&] {
    if (text[i] == '\r' || (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))) ++line;
    ++i;
  };
  const auto at_end = [&] { return i == text.size() || text[i] == '\n' || text[i] == '\r'; };
  while (i < text.size()) {
    if (at_end()) {
      step();
      continue;
    }
    const std::int64_t first = line;
    Row row;
    bool broken = false;
    while (true) {
      std::string cell;
      if (i < text.size() && text[i] == '"') {
        step();
        while (true) {
          if (i == text.size()) {
            result.unclosed = true;
            return result;
          }
          if (text[i] == '"') {
            if (i + 1 < text.size() && text[i + 1] == '"') {
              step();
            } else {
              step();
              break;
            }
          }
          cell += text[i];
          step();
        }
        if (!at_end() && text[i] != delimiter) broken = true;
        while (!at_end() && text[i] != delimiter) step();
      } else {
        while (!at_end() && text[i] != delimiter) {
          cell += text[i];
          step();
        }
      }
      row.push_back(cell);
      if (at_end()) break;
      step();
    }
    if (result.header.empty()) {
      result.header = row;
    } else if (broken || row.size() != result.header.size()) {
      result.refused.push_back(first);
    } else {
      result.rows.push_back(row);
      result.positions.push_back(first);
    }
    if (i < text.size()) step();
  }
  return result;
}

TEST(Csv, ReadsPlainLines) {
  const InputTable table = parse("order,customer\n1,a\n2,b\n");
  EXPECT_EQ(names_of(table), (Row{"order", "customer"}));
  EXPECT_EQ(rows_of(table), (std::vector<Row>{{"1", "a"}, {"2", "b"}}));
  EXPECT_EQ(table.row_word, "line");
  EXPECT_EQ(table.first_row, 2);
  EXPECT_TRUE(table.positions.empty());
  EXPECT_EQ(table.columns[0].meaning, Meaning::text);
}

TEST(Csv, ReadsQuotesAndKeepsWhatTheyHold) {
  const InputTable table = parse(
      "id,text\n1,\"a, b\"\n2,\"say \"\"hi\"\"\"\n3,\"\"\n4,\"\"\"\"\n5,\"two\nlines\"\n6,x\n");
  EXPECT_EQ(rows_of(table), (std::vector<Row>{{"1", "a, b"},
                                              {"2", "say \"hi\""},
                                              {"3", ""},
                                              {"4", "\""},
                                              {"5", "two\nlines"},
                                              {"6", "x"}}));
  EXPECT_EQ(positions_of(table), (std::vector<std::int64_t>{2, 3, 4, 5, 6, 8}));
}

TEST(Csv, TakesEveryLineEnd) {
  const std::vector<Row> expected{{"1", "2"}, {"3", "4"}};
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string text = "a,b" + end + "1,2" + end + "3,4";
    for (const std::string& tail : {""s, end}) {
      const InputTable table = parse(text + tail);
      EXPECT_EQ(rows_of(table), expected);
      EXPECT_EQ(positions_of(table), (std::vector<std::int64_t>{2, 3}));
    }
  }
}

TEST(Csv, SkipsBlankLinesAndCountsThem) {
  const InputTable table = parse("\r\n\r\na,b\r\n\r\n1,2\r\n\r\n\r\n3,4\r\n\r\n");
  EXPECT_EQ(rows_of(table), (std::vector<Row>{{"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(positions_of(table), (std::vector<std::int64_t>{5, 8}));
  EXPECT_TRUE(table.refused.empty());
}

TEST(Csv, FindsTheDelimiter) {
  const std::vector<Row> expected{{"1,5", "x"}};
  EXPECT_EQ(rows_of(parse("price;name\n1,5;x\n")), expected);
  EXPECT_EQ(rows_of(parse("price\tname\n1,5\tx\n")), expected);
  EXPECT_EQ(rows_of(parse("price|name\n1,5|x\n")), expected);
  EXPECT_EQ(rows_of(parse("price,name\n\"1,5\",x\n")), expected);
  // A comma in a header's name does not make it the delimiter.
  EXPECT_EQ(rows_of(parse("price, net;name\n1,5;x\n2;y\n")).size(), 2U);
  // Asked for, it is not looked for.
  EXPECT_EQ(rows_of(parse("a;b,c\n1;2,3\n", {.delimiter = ';'})), (std::vector<Row>{{"1", "2,3"}}));
  EXPECT_EQ(rows_of(parse("name\nx\n\ny\n")), (std::vector<Row>{{"x"}, {"y"}}));
  EXPECT_THROW(parse("a\n", {.delimiter = '"'}), InvalidArgument);
}

TEST(Csv, TrimsHeaderNamesAndDropsTheByteOrderMark) {
  EXPECT_EQ(names_of(parse("\xEF\xBB\xBF order ,\"customer \"\n")), (Row{"order", "customer"}));
  EXPECT_EQ(names_of(parse(",a,\n1,2,3\n")), (Row{"column 1", "a", "column 3"}));
}

TEST(Csv, DoesNotTrimCells) { EXPECT_EQ(rows_of(parse("a,b\n x , y\n"))[0], (Row{" x ", " y"})); }

TEST(Csv, RefusesRaggedLinesByNumber) {
  const InputTable table =
      parse("a,b\n1,2\n3\n4,5,6\n\"x\ny\",1,2\n\"a\"b,7\n8,9\n\"open\"\"ed\",\"z\"\n");
  EXPECT_EQ(rows_of(table), (std::vector<Row>{{"1", "2"}, {"8", "9"}, {"open\"ed", "z"}}));
  EXPECT_EQ(positions_of(table), (std::vector<std::int64_t>{2, 8, 9}));
  ASSERT_EQ(table.refused.size(), 4U);
  EXPECT_EQ(table.refused[0].position, 3);
  EXPECT_EQ(table.refused[0].reason, "1 field where the header has 2");
  EXPECT_EQ(table.refused[1].position, 4);
  EXPECT_EQ(table.refused[1].reason, "3 fields where the header has 2");
  EXPECT_EQ(table.refused[2].position, 5);
  EXPECT_EQ(table.refused[2].reason, "3 fields where the header has 2 (the record ends in line 6)");
  EXPECT_EQ(table.refused[3].position, 7);
  EXPECT_EQ(table.refused[3].reason, "text follows the closing quote of field 1");
}

TEST(Csv, TakesAQuoteInsideAFieldAsItStands) {
  const InputTable table = parse("id,text\n1,5\" PLATE\n2,\"6\"\" PLATE\"\n3,7\" x 8\"\n");
  EXPECT_EQ(rows_of(table),
            (std::vector<Row>{{"1", "5\" PLATE"}, {"2", "6\" PLATE"}, {"3", "7\" x 8\""}}));
}

TEST(Csv, ReadsAHeaderAlone) {
  for (const std::string text : {"a,b", "a,b\n", "a,b\r\n\r\n"}) {
    const InputTable table = parse(text);
    EXPECT_EQ(table.rows, 0U);
    EXPECT_EQ(names_of(table), (Row{"a", "b"}));
    EXPECT_TRUE(table.columns[0].chunks.empty());
  }
}

TEST(Csv, ReadsAHugeField) {
  const std::string huge(1'000'000, 'x');
  EXPECT_EQ(rows_of(parse("a,b\n1," + huge + "\n2,\"" + huge + "\"\n")),
            (std::vector<Row>{{"1", huge}, {"2", huge}}));
}

TEST(Csv, SaysWhatIsWrong) {
  const std::string empty = "orders.csv: the file is empty; its first line must name the columns";
  EXPECT_EQ(message_of(""), empty);
  EXPECT_EQ(message_of("\xEF\xBB\xBF"), empty);
  EXPECT_EQ(message_of("\n \r\n\n"), empty);
  EXPECT_EQ(message_of("a,price,b, price \n"),
            "orders.csv: columns 2 and 4 are both named 'price'; rename one of them");
  EXPECT_EQ(message_of("a,b\n1,2\n3,\"x\n4,5\n"),
            "orders.csv: the quote that opens a field in line 3 never closes; close it, or double "
            "it if it belongs to the text");
  EXPECT_EQ(message_of("a,\"b\n1,2\n"),
            "orders.csv: the quote that opens a field in line 1 never closes; close it, or double "
            "it if it belongs to the text");
  EXPECT_EQ(message_of("a,\"b\"c\n1,2\n"),
            "orders.csv: line 1: text follows the closing quote of column name 2; quotes inside a "
            "quoted name are doubled");
  EXPECT_EQ(message_of("a,b\n1,x\n2,\xA3 5\n"),
            "orders.csv: line 3 is not UTF-8 (byte 0xA3); if the file comes from Excel or an older "
            "system it is likely Windows-1252 (Latin-1): read it with encoding=\"cp1252\", or "
            "convert it with: iconv -f WINDOWS-1252 -t UTF-8");
  EXPECT_EQ(message_of("a,b\n1,x\n2,\0\n"s),
            "orders.csv: line 3 holds a NUL byte; the file is not text, or damaged");
  EXPECT_EQ(message_of("a\0,\0b\0\n\0"s),
            "orders.csv: line 1 holds NUL bytes; the file looks like UTF-16 text: save it as "
            "\"CSV UTF-8\", or read it with encoding=\"utf-16\"");
  EXPECT_EQ(message_of("\xFF\xFE"
                       "a\0\n\0"s),
            "orders.csv: the file is UTF-16 text; save it as \"CSV UTF-8\", or read it with "
            "encoding=\"utf-16\"");
  EXPECT_EQ(message_of("PK\x03\x04rest"),
            "orders.csv: the file is a zip archive or an Excel workbook, not CSV; save the sheet "
            "as \"CSV UTF-8\"");
  EXPECT_EQ(message_of("\x1F\x8B\x08"),
            "orders.csv: the file is compressed with gzip; decompress it first (Python reads files "
            "named .gz)");
}

TEST(Csv, ReadsFiles) {
  const auto folder = std::filesystem::temp_directory_path();
  const auto path = folder / "emptor_csv_test.csv";
  std::ofstream(path) << "a,b\n1,2\n";
  EXPECT_EQ(rows_of(read_csv(path.string())), (std::vector<Row>{{"1", "2"}}));
  std::filesystem::remove(path);
  const auto message = [](const std::string& name) {
    try {
      (void)read_csv(name);
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return "nothing was thrown"s;
  };
  EXPECT_EQ(message("/no/such.csv"),
            "read_csv: cannot open '/no/such.csv': No such file or directory");
  EXPECT_EQ(message("/"), "read_csv: '/' is a folder; name a file in it");
}

TEST(Csv, KeepsToItsMemoryLimitAndStops) {
  std::string text = "a,b\n";
  for (int i = 0; i < 200000; ++i) text += "12345678,12345678\n";
  Context small;
  small.memory_limit = std::size_t{1} << 20;
  EXPECT_THROW(parse_csv(text, "orders.csv", {}, small), MemoryLimit);
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_THROW(parse_csv(text, "orders.csv", {}, stopped), Cancelled);
}

TEST(Csv, MasksAreTheScalarOnes) {
  std::mt19937 random(7);
  const std::string alphabet = ",;\"\n\r\0ab\xC3\xA9"s;
  for (int round = 0; round < 2000; ++round) {
    char bytes[csv::kWord];
    for (char& byte : bytes) byte = alphabet[random() % alphabet.size()];
    const csv::Masks fast = csv::masks(bytes, ';');
    const csv::Masks slow = csv::masks_scalar(bytes, ';');
    ASSERT_EQ(fast.quote, slow.quote);
    ASSERT_EQ(fast.delimiter, slow.delimiter);
    ASSERT_EQ(fast.newline, slow.newline);
    ASSERT_EQ(fast.carriage, slow.carriage);
    ASSERT_EQ(fast.high, slow.high);
    ASSERT_EQ(fast.zero, slow.zero);
    std::uint64_t parity = 0;
    for (int i = 0; i < 64; ++i) {
      parity ^= slow.quote >> i & 1U;
      ASSERT_EQ(csv::prefix_xor(slow.quote) >> i & 1U, parity);
    }
  }
}

TEST(Csv, ContentIsTheScalarOne) {
  std::mt19937 random(11);
  for (const std::string& alphabet :
       {"ab\n"s, "a\r\n"s, "abcdefghij\""s, "a\0"s, "a\xC3"s, "a\"\n\r\0\xC3"s}) {
    for (int round = 0; round < 300; ++round) {
      std::string bytes(random() % 9000, 'a');
      for (std::size_t i = random() % 500; i < bytes.size(); i += 1 + random() % 700) {
        bytes[i] = alphabet[random() % alphabet.size()];
      }
      if (round % 3 == 0) bytes.assign(bytes.size(), '\n');
      const csv::Content fast = csv::content(bytes.data(), bytes.data() + bytes.size());
      const csv::Content slow = csv::content_scalar(bytes.data(), bytes.data() + bytes.size());
      ASSERT_EQ(fast.newlines, slow.newlines);
      ASSERT_EQ(fast.carriage, slow.carriage);
      ASSERT_EQ(fast.odd_quotes, slow.odd_quotes);
      ASSERT_EQ(fast.high, slow.high);
      ASSERT_EQ(fast.zero, slow.zero);
    }
  }
}

// Random files: well quoted ones, which take the fast path, and ones with quotes anywhere.
std::string random_file(std::mt19937& random, bool anywhere) {
  const auto pick = [&](std::size_t n) { return random() % n; };
  const std::vector<std::string> ends{"\n", "\r\n", "\r"};
  const std::string end = ends[pick(3)];
  std::string text = "a,b,c" + end;
  const std::size_t records = pick(60);
  for (std::size_t r = 0; r < records; ++r) {
    const std::size_t fields = pick(10) == 0 ? pick(5) : 3;
    for (std::size_t f = 0; f < fields; ++f) {
      if (f > 0) text += ',';
      const std::string_view letters = anywhere ? "ab\" ,\n" : "abc de";
      const std::size_t length = pick(10) == 0 ? pick(200) : pick(8);
      if (!anywhere && pick(3) == 0) {
        text += '"';
        for (std::size_t i = 0; i < length; ++i) {
          const std::vector<std::string> inner{"x", ",", "\"\"", "\n", "\r\n", "\r", "\xC3\xA9"};
          text += inner[pick(inner.size())];
        }
        text += '"';
      } else {
        for (std::size_t i = 0; i < length; ++i) text += letters[pick(letters.size())];
      }
    }
    text += end;
  }
  if (pick(2) == 0) text.resize(text.size() - std::min(text.size() - 5, pick(4)));
  return text;
}

TEST(Csv, EqualsTheSimpleSplitterOnRandomFiles) {
  std::mt19937 random(20110109);
  int unclosed = 0;
  int refused = 0;
  for (int round = 0; round < 1000; ++round) {
    const std::string text = random_file(random, round % 2 == 1);
    const Reference expected = split_simply(text, ',');
    for (const std::size_t block : {std::size_t{1}, std::size_t{37}, std::size_t{1} << 20}) {
      Context context;
      context.threads = round % 10 < 8 ? 1 : 3;
      if (expected.unclosed) {
        ++unclosed;
        ASSERT_THROW(csv::parse_blocks(text, "x", {.delimiter = ','}, context, block), FormatError)
            << text;
        continue;
      }
      const InputTable table = csv::parse_blocks(text, "x", {.delimiter = ','}, context, block);
      ASSERT_EQ(rows_of(table), expected.rows) << "block " << block << "\n" << text;
      ASSERT_EQ(positions_of(table), expected.positions) << "block " << block << "\n" << text;
      std::vector<std::int64_t> lines;
      for (const auto& record : table.refused) lines.push_back(record.position);
      ASSERT_EQ(lines, expected.refused) << "block " << block << "\n" << text;
      refused += static_cast<int>(lines.size());
    }
  }
  // The files reach what they are meant to reach.
  EXPECT_GT(unclosed, 50);
  EXPECT_GT(refused, 500);
}

TEST(Csv, FindsInvalidTextWhereverItStands) {
  const std::string line = "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80,b\n";
  for (const std::string bad : {"\x80", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                "\xE2\x82", "\xF0\x82\x82\x82", "\xFF"}) {
    for (std::size_t at = 0; at < 8; ++at) {
      std::string text = "a,b\n";
      for (std::size_t i = 0; i < 8; ++i) text += i == at ? bad + "," + line.substr(10) : line;
      for (const std::size_t block : {std::size_t{1}, std::size_t{5}, std::size_t{64}}) {
        try {
          (void)csv::parse_blocks(text, "x", {}, {}, block);
          ADD_FAILURE() << "accepted";
        } catch (const FormatError& error) {
          const std::string start = "x: line " + std::to_string(at + 2) + " is not UTF-8";
          EXPECT_EQ(std::string(error.what()).substr(0, start.size()), start) << block;
        }
      }
    }
  }
  std::string good = "a,b\n";
  for (int i = 0; i < 20; ++i) good += line;
  EXPECT_EQ(csv::parse_blocks(good, "x", {}, {}, 3).rows, 20U);
}

TEST(Csv, ReadsOnlineRetail) {
  const std::string path = emptor::testing::shared_data("online_retail/online_retail.csv");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  const InputTable one = read_csv(path, {}, {.threads = 1});
  EXPECT_EQ(one.rows, 541909U);
  EXPECT_TRUE(one.refused.empty());
  EXPECT_EQ(names_of(one), (Row{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate",
                                "UnitPrice", "CustomerID", "Country"}));
  const std::vector<Row> rows = rows_of(one);
  EXPECT_EQ(rows.front(), (Row{"536365", "85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "6",
                               "2010-12-01 08:26:00", "2.55", "17850", "United Kingdom"}));
  for (const int threads : {2, 3, 8}) {
    EXPECT_EQ(rows_of(read_csv(path, {}, {.threads = threads})), rows);
  }
}

}  // namespace
}  // namespace emptor::data
