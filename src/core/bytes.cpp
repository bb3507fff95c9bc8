#include "core/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace emptor::core {
namespace {

// "\x93" keeps text tools away, "\r\n" shows a transfer that changed line ends.
constexpr std::string_view kMagic(
    "\x93"
    "EMPTOR\r\n",
    9);
constexpr std::size_t kWhat = 8;
constexpr std::size_t kHeader = kMagic.size() + kWhat + 4 + 8 + 4 + 4;
constexpr std::uint32_t kPolynomial = 0x82f63b78U;  // Castagnoli's, reflected

using Table = std::array<std::array<std::uint32_t, 256>, 8>;

// table[k][b]: what byte b does to the checksum k bytes later.
constexpr Table make_table() {
  Table table{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    std::uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kPolynomial : 0U);
    table[0][b] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t b = 0; b < 256; ++b)
      table[k][b] = (table[k - 1][b] >> 8U) ^ table[0][table[k - 1][b] & 0xffU];
  return table;
}

constexpr Table kTable = make_table();

std::uint32_t byte_at(std::string_view bytes, std::size_t i) noexcept {
  return static_cast<unsigned char>(bytes[i]);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc) noexcept {
  crc = ~crc;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {  // eight bytes at a time
    std::uint32_t next = 0;
    for (std::size_t k = 0; k < 8; ++k) {
      const std::uint32_t b =
          byte_at(bytes, i + k) ^ (k < 4 ? (crc >> (8 * static_cast<unsigned>(k))) & 0xffU : 0U);
      next ^= kTable[7 - k][b];
    }
    crc = next;
  }
  for (; i < bytes.size(); ++i) crc = (crc >> 8U) ^ kTable[0][(crc ^ byte_at(bytes, i)) & 0xffU];
  return ~crc;
}

void write_dictionary(const Dictionary& ids, ByteWriter& out) {
  out.number<std::uint8_t>(ids.is_text() ? 1 : 0);
  if (ids.is_text()) {
    out.numbers(ids.offsets());
    out.text(ids.bytes());
  } else {
    out.numbers(ids.integers());
  }
}

std::shared_ptr<const Dictionary> read_dictionary(ByteReader& in) {
  constexpr const char* kIds = "a dictionary of ids";
  constexpr std::size_t kMost = 0x7fffffff;
  const auto text = in.number<std::uint8_t>(kIds);
  try {
    if (text == 0) {
      auto ids = in.numbers<std::int64_t>(kIds);
      if (ids.size() > kMost) ByteReader::fail(kIds);
      return Dictionary::from_integers(std::move(ids));
    }
    auto offsets = in.numbers<std::int64_t>(kIds);
    auto bytes = in.text(kIds);
    if (text > 1 || offsets.empty() || offsets.size() > kMost || offsets.front() != 0 ||
        offsets.back() != static_cast<std::int64_t>(bytes.size()) ||
        !std::is_sorted(offsets.begin(), offsets.end()))
      ByteReader::fail(kIds);
    return Dictionary::from_texts(std::move(bytes), std::move(offsets));
  } catch (const InvalidArgument&) {
    ByteReader::fail(kIds);
  }
}

std::string sealed(std::string_view what, std::uint32_t version, std::string_view payload) {
  ByteWriter header;
  for (const char c : kMagic) header.number(c);
  for (std::size_t i = 0; i < kWhat; ++i) header.number(i < what.size() ? what[i] : '\0');
  header.number(version);
  header.number<std::uint64_t>(payload.size());
  header.number(crc32c(payload));
  std::string bytes = std::move(header).take();
  ByteWriter check;
  check.number(crc32c(bytes));
  bytes += std::move(check).take();
  bytes += payload;
  return bytes;
}

Unsealed unsealed(std::string_view bytes, std::string_view what, std::uint32_t newest) {
  const auto fail = [](const std::string& text) { throw FormatError(text); };
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, std::min(bytes.size(), kMagic.size())) ||
      bytes.empty())
    fail("this is no file of emptor's: it does not begin as one");
  if (bytes.size() < kHeader) fail("the file is cut short, within its header");
  ByteReader header(bytes.substr(kMagic.size(), kHeader - kMagic.size()));
  std::string found;
  for (std::size_t i = 0; i < kWhat; ++i) found += header.number<char>("the header");
  found = found.substr(0, found.find('\0'));
  const auto version = header.number<std::uint32_t>("the header");
  const auto size = header.number<std::uint64_t>("the header");
  const auto crc = header.number<std::uint32_t>("the header");
  if (header.number<std::uint32_t>("the header") != crc32c(bytes.substr(0, kHeader - 4)))
    fail("the file is damaged: the checksum of its header is wrong");
  if (found != what) fail("the file holds '" + found + "', expected '" + std::string(what) + "'");
  if (version == 0 || version > newest)
    fail("the file has format " + std::to_string(version) + " of '" + found +
         "', this version of emptor reads up to " + std::to_string(newest) +
         "; use the version that wrote it, or a newer one");
  const std::string_view payload = bytes.substr(kHeader);
  if (payload.size() != size)
    fail("the file has " + std::to_string(payload.size()) + " bytes after its header, " +
         std::to_string(size) + " were written");
  if (crc32c(payload) != crc) fail("the file is damaged: its checksum is wrong");
  return {version, payload};
}

void write_file(const std::string& path, std::string_view bytes) {
  const std::string part = path + ".part";
  {
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.flush();
    if (!out) throw DataError("cannot write '" + path + "'");
  }
  std::error_code error;
  std::filesystem::rename(part, path, error);
  if (error) throw DataError("cannot write '" + path + "': " + error.message());
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) throw DataError("cannot read '" + path + "'");
  const auto size = in.tellg();
  if (size < 0) throw DataError("cannot read '" + path + "'");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  in.seekg(0);
  in.read(bytes.data(), size);
  if (!in) throw DataError("cannot read '" + path + "'");
  return bytes;
}

}  // namespace emptor::core
