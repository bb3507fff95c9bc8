#include "emptor/core/columns_file.hpp"

#include "emptor/core/error.hpp"

#include "core/bytes.hpp"
#include "files.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace emptor {
namespace {

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "(nothing thrown)";
}

/// Columns of every kind, with missing values, in two and in no rows.
struct Everything {
  std::vector<double> real{1.5, std::numeric_limits<double>::quiet_NaN()};
  std::vector<std::int64_t> whole{std::numeric_limits<std::int64_t>::min(), 7};
  std::vector<std::uint8_t> truth{0, 1};
  std::vector<std::int32_t> code{1, -1}, number{0, 2};
  std::vector<Status> status{Status::ok, Status::boundary};
  std::vector<std::string> text{"", "caf\xc3\xa9, \"x\"\n"};
  std::vector<std::int32_t> day{std::numeric_limits<std::int32_t>::min(), 15000};
  std::vector<std::int64_t> time{0, 1323475200000000};
  std::vector<std::int64_t> offset{0, 2, 2};
  std::vector<std::int32_t> list{0, 1};
  std::shared_ptr<const Dictionary> names = Dictionary::from_texts({"milk", "tea"});
  std::shared_ptr<const Dictionary> ids = Dictionary::from_integers({-5, 0, 90});

  [[nodiscard]] std::vector<Column> columns() const {
    return {Column("real", real, "a number"),
            Column("whole", whole).hidden(),
            Column("truth", truth),
            Column("code", code, *names, "a name"),
            Column("number", number, *ids),
            Column("status", status, status_labels()),
            Column("text", text),
            Column::dates("day", day),
            Column::timestamps("time", time),
            Column::lists("set", offset, list, *names, "items"),
            Column::lists("numbers", offset, list)};
  }
  [[nodiscard]] static std::vector<Scalar> info() {
    Estimate estimate{0.5, 0.25, 0.75, 0.9, 12, Status::small_sample};
    return {{"flag", true, "yes or no"},
            {"n", std::int64_t{-3}},
            {"share", 0.125},
            {"name", std::string("caf\xc3\xa9")},
            {"estimate", estimate, "with interval"}};
  }
};

std::string csv_of(std::span<const Column> columns) {
  std::ostringstream out;
  write_csv(out, columns, false);
  return out.str();
}

void expect_equal(std::span<const Column> x, std::span<const Column> y) {
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(x[i].name, y[i].name);
    EXPECT_EQ(x[i].doc, y[i].doc);
    EXPECT_EQ(x[i].kind, y[i].kind);
    EXPECT_EQ(x[i].shown, y[i].shown);
    EXPECT_EQ(x[i].size, y[i].size);
    EXPECT_EQ(x[i].dictionary == nullptr, y[i].dictionary == nullptr);
  }
  EXPECT_EQ(csv_of(x), csv_of(y));
}

TEST(ColumnsFile, CrcKnowsItsCheckValue) {
  EXPECT_EQ(core::crc32c("123456789"), 0xe3069283U);  // the catalogue of CRCs: CRC-32/ISCSI
  EXPECT_EQ(core::crc32c(std::string(32, '\0')), 0x8a9136aaU);  // RFC 3720, B.4
  EXPECT_EQ(core::crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  const std::string text = "The quick brown fox jumps over the lazy dog";
  for (std::size_t i = 0; i <= text.size(); ++i)
    EXPECT_EQ(core::crc32c(text.substr(i), core::crc32c(text.substr(0, i))), core::crc32c(text));
}

TEST(ColumnsFile, EveryKindComesBack) {
  const Everything all;
  const auto columns = all.columns();
  const auto info = Everything::info();
  const std::string bytes = save_columns_bytes(columns, info);
  const LoadedColumns loaded = load_columns_bytes(bytes);
  expect_equal(columns, loaded.columns);
  ASSERT_EQ(loaded.info.size(), info.size());
  for (std::size_t i = 0; i < info.size(); ++i) {
    EXPECT_EQ(loaded.info[i].name, info[i].name);
    EXPECT_EQ(loaded.info[i].doc, info[i].doc);
    EXPECT_EQ(loaded.info[i].value.index(), info[i].value.index());
  }
  EXPECT_EQ(std::get<double>(loaded.info[2].value), 0.125);
  const auto& estimate = std::get<Estimate>(loaded.info[4].value);
  EXPECT_EQ(estimate.high, 0.75);
  EXPECT_EQ(estimate.n, 12);
  EXPECT_EQ(estimate.status, Status::small_sample);
  EXPECT_EQ(save_columns_bytes(loaded.columns, loaded.info), bytes);
  // One dictionary for all columns that share it.
  EXPECT_EQ(loaded.columns[3].dictionary, loaded.columns[9].dictionary);
}

TEST(ColumnsFile, ListsBringTheirOwnIds) {
  const Everything all;
  const std::vector<Column> columns{Column::lists("set", all.offset, all.list, *all.names)};
  const LoadedColumns loaded = load_columns_bytes(save_columns_bytes(columns));
  expect_equal(columns, loaded.columns);
  EXPECT_EQ(loaded.columns[0].dictionary->text(1), "tea");
}

TEST(ColumnsFile, SlicesAndEmptyTablesComeBack) {
  const Everything all;
  auto columns = all.columns();
  for (Column& column : columns) {
    if (column.kind == ColumnKind::list) ++column.offset;
    column.size = 1;
  }
  expect_equal(columns, load_columns_bytes(save_columns_bytes(columns)).columns);
  for (Column& column : columns) column.size = 0;
  expect_equal(columns, load_columns_bytes(save_columns_bytes(columns)).columns);
  EXPECT_TRUE(load_columns_bytes(save_columns_bytes({})).columns.empty());
}

TEST(ColumnsFile, ReadsTheGoldenFileOfFormat1) {
  const std::string path = emptor::testing::golden("columns_1.emptor");
  const Everything all;
  const auto columns = all.columns();
  if (std::getenv("EMPTOR_WRITE_GOLDEN") != nullptr)
    save_columns(path, columns, Everything::info());
  const LoadedColumns loaded = load_columns(path);
  expect_equal(columns, loaded.columns);
  EXPECT_EQ(save_columns_bytes(loaded.columns, loaded.info),
            save_columns_bytes(columns, Everything::info()));
}

TEST(ColumnsFile, DamagedBytesAreRefused) {
  const Everything all;
  const std::string good = save_columns_bytes(all.columns(), Everything::info());
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    EXPECT_THROW(load_columns_bytes(bad), FormatError) << i;
    EXPECT_THROW(load_columns_bytes(std::string_view(good).substr(0, i)), FormatError) << i;
  }
  // With a right checksum: refused, or columns that can be printed and saved.
  const std::string payload(core::unsealed(good, "columns", 1).payload);
  int refused = 0;
  for (std::size_t i = 0; i < payload.size(); ++i)
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string bad = payload;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      try {
        const auto loaded = load_columns_bytes(core::sealed("columns", 1, bad));
        csv_of(loaded.columns);
        save_columns_bytes(loaded.columns, loaded.info);
      } catch (const FormatError& error) {
        ++refused;
        EXPECT_EQ(std::string(error.what()).substr(0, 21), "the file is damaged: ");
      }
    }
  EXPECT_GT(refused, 100);
}

TEST(ColumnsFile, Messages) {
  std::vector<double> two{1, 2}, one{1};
  const std::array<Column, 2> unequal{Column("a", two), Column("b", one)};
  EXPECT_EQ(message_of([&] { save_columns_bytes(unequal); }),
            "save_columns: column 'b' has 1 rows, the first one has 2");
  const std::string good = save_columns_bytes({});
  EXPECT_EQ(message_of([&] { load_columns_bytes(""); }),
            "this is no file of emptor's: it does not begin as one");
  EXPECT_EQ(message_of([&] { load_columns_bytes(good.substr(0, 20)); }),
            "the file is cut short, within its header");
  EXPECT_EQ(message_of([&] { load_columns_bytes(good.substr(0, good.size() - 1)); }),
            "the file has 23 bytes after its header, 24 were written");
  std::string changed = good;
  changed.back() = 'x';
  EXPECT_EQ(message_of([&] { load_columns_bytes(changed); }),
            "the file is damaged: its checksum is wrong");
  changed = good;
  changed[10] = 'X';
  EXPECT_EQ(message_of([&] { load_columns_bytes(changed); }),
            "the file is damaged: the checksum of its header is wrong");
  EXPECT_EQ(message_of([&] { load_columns("/nowhere/x"); }), "cannot read '/nowhere/x'");
  const auto path = std::filesystem::path(::testing::TempDir()) / "columns_file_test.emptor";
  const Everything all;
  save_columns(path.string(), all.columns());
  expect_equal(all.columns(), load_columns(path.string()).columns);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace emptor
