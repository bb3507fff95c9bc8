#include "emptor/core/error.hpp"
#include "emptor/data/make_baskets.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

namespace emptor::data {
namespace {

bool is_blank(char c, char delimiter) { return c == ' ' || (c == '\t' && delimiter != '\t'); }

/// Which delimiter the first lines have.
char detect(std::string_view text) {
  const std::string_view head = text.substr(0, std::min<std::size_t>(text.size(), 1 << 16));
  for (const char candidate : {'\t', ';', ','}) {
    if (head.find(candidate) != std::string_view::npos) return candidate;
  }
  return ' ';
}

/// Cuts a text into baskets and cells.
class TextBaskets {
 public:
  TextBaskets(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  void cut() {
    while (at_ < text_.size()) line();
  }
  std::vector<std::string_view> cells{};
  std::vector<std::int64_t> offset{0};

 private:
  void line() {
    ++line_;
    bool more = true;
    while (more) more = cell();
    offset.push_back(static_cast<std::int64_t>(cells.size()));
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
  }
  [[nodiscard]] bool at_end() const noexcept {
    return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
  }
  /// One cell and the delimiter after it; whether there may be another one.
  bool cell() {
    while (!at_end() && is_blank(text_[at_], delimiter_)) ++at_;
    if (at_end()) return false;
    const std::string_view found = text_[at_] == '"' ? quoted() : plain();
    if (!found.empty()) cells.push_back(found);
    while (!at_end() && is_blank(text_[at_], delimiter_)) ++at_;
    if (!at_end() && delimiter_ != ' ' && text_[at_] == delimiter_) ++at_;
    return true;
  }
  std::string_view plain() {
    const std::size_t begin = at_;
    while (!at_end() && text_[at_] != delimiter_ && !(delimiter_ == ' ' && text_[at_] == '\t')) {
      ++at_;
    }
    std::size_t end = at_;
    while (end > begin && is_blank(text_[end - 1], delimiter_)) --end;
    return text_.substr(begin, end - begin);
  }
  std::string_view quoted() {
    const std::size_t begin = ++at_;
    const std::size_t end = text_.find('"', begin);
    if (end == std::string_view::npos) {
      throw FormatError("baskets: line " + std::to_string(line_) +
                        ": a quote is opened and never closed");
    }
    at_ = end + 1;
    return text_.substr(begin, end - begin);
  }

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;
};

}  // namespace

Baskets parse_baskets(std::string_view text, char delimiter, const Context& context) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  TextBaskets lines(text, delimiter == 0 ? detect(text) : delimiter);
  lines.cut();
  InputColumn item;
  item.name = "item";
  InputChunk chunk;
  chunk.layout = Layout::cells;
  chunk.rows = lines.cells.size();
  chunk.values = lines.cells.data();
  item.chunks.push_back(std::move(chunk));
  return make_baskets(lines.offset, item, context);
}

Baskets read_baskets(const std::string& path, char delimiter, const Context& context) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) throw DataError("baskets: cannot read '" + path + "'");
  return parse_baskets(text, delimiter, context);
}

}  // namespace emptor::data
