#pragma once

#include "emptor/data/arrow.hpp"

#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

/// Builds streams by hand for the tests of the Arrow consumer, and counts what is released.
namespace emptor::data::test {

struct Counts {
  int schema = 0;
  int batches = 0;
  int stream = 0;
};

/// One array with its children, and the memory behind it. Offsets, lengths and formats are what the
/// test says, right or wrong.
struct Node {
  std::string format{};
  std::string name{};
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::int64_t offset = 0;
  std::vector<std::vector<char>> memory{};  ///< one per buffer
  std::vector<bool> null_buffer{};          ///< given as a null pointer
  std::vector<Node> children{};
  std::shared_ptr<Node> dictionary{};
  std::string metadata{};
  std::int64_t n_buffers = -1;   ///< -1: as many as there are
  std::int64_t n_children = -1;  ///< in the array, -1: as many as there are

  template <typename T>
  Node& buffer(const std::vector<T>& values) {
    std::vector<char> bytes(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
    memory.push_back(std::move(bytes));
    null_buffer.push_back(false);
    return *this;
  }
  Node& no_buffer() {
    memory.emplace_back();
    null_buffer.push_back(true);
    return *this;
  }
};

template <typename T>
Node primitive(std::string name, std::string format, const std::vector<T>& values,
               const std::vector<std::uint8_t>& valid = {}) {
  Node node;
  node.name = std::move(name);
  node.format = std::move(format);
  node.length = static_cast<std::int64_t>(values.size());
  node.null_count = valid.empty() ? 0 : -1;
  valid.empty() ? node.no_buffer() : node.buffer(valid);
  node.buffer(values);
  return node;
}

template <typename Offset>
Node text(std::string name, std::string format, const std::vector<std::string>& values,
          const std::vector<std::uint8_t>& valid = {}) {
  std::vector<Offset> offsets{0};
  std::string all;
  for (const std::string& value : values) {
    all += value;
    offsets.push_back(static_cast<Offset>(all.size()));
  }
  Node node = primitive(std::move(name), std::move(format), offsets, valid);
  node.length = static_cast<std::int64_t>(values.size());
  node.buffer(std::vector<char>(all.begin(), all.end()));
  return node;
}

inline Node views(std::string name, const std::vector<std::string>& values) {
  std::vector<char> cells(16 * values.size());
  std::string all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    char* cell = cells.data() + 16 * i;
    const auto length = static_cast<std::int32_t>(values[i].size());
    std::memcpy(cell, &length, 4);
    if (length <= 12) {
      std::memcpy(cell + 4, values[i].data(), values[i].size());
      continue;
    }
    const auto at = static_cast<std::int32_t>(all.size());
    const std::int32_t piece = 0;
    std::memcpy(cell + 4, values[i].data(), 4);
    std::memcpy(cell + 8, &piece, 4);
    std::memcpy(cell + 12, &at, 4);
    all += values[i];
  }
  Node node = primitive(std::move(name), "vu", cells);
  node.length = static_cast<std::int64_t>(values.size());
  const auto size = static_cast<std::int64_t>(all.size());
  node.buffer(std::vector<char>(all.begin(), all.end()));
  node.buffer(std::vector<std::int64_t>{size});
  return node;
}

inline Node batch(std::vector<Node> columns) {
  Node node;
  node.format = "+s";
  node.length = columns.empty() ? 0 : columns.front().length;
  node.no_buffer();
  node.children = std::move(columns);
  return node;
}

/// A stream of batches, all with the schema of the first.
class Producer {
 public:
  explicit Producer(std::vector<Node> batches) : batches_(std::move(batches)) {
    if (batches_.empty()) batches_.push_back(batch({}));
  }
  Counts counts{};
  int fail_schema = 0;
  int fail_next_at = -1;
  const char* error = "disk on fire";
  bool no_batches = false;

  ArrowArrayStream stream() {
    ArrowArrayStream out{};
    out.private_data = this;
    out.get_schema = [](ArrowArrayStream* self, ArrowSchema* schema) {
      auto& me = *static_cast<Producer*>(self->private_data);
      if (me.fail_schema != 0) return me.fail_schema;
      me.fill(me.batches_.front(), schema);
      schema->private_data = &me;
      schema->release = [](ArrowSchema* released) {
        ++static_cast<Producer*>(released->private_data)->counts.schema;
        released->release = nullptr;
      };
      return 0;
    };
    out.get_next = [](ArrowArrayStream* self, ArrowArray* array) {
      auto& me = *static_cast<Producer*>(self->private_data);
      *array = {};
      if (me.next_ == me.fail_next_at) return 5;
      if (me.no_batches || me.next_ >= static_cast<int>(me.batches_.size())) return 0;
      me.fill(me.batches_[static_cast<std::size_t>(me.next_++)], array);
      array->private_data = &me;
      array->release = [](ArrowArray* released) {
        ++static_cast<Producer*>(released->private_data)->counts.batches;
        released->release = nullptr;
      };
      return 0;
    };
    out.get_last_error = [](ArrowArrayStream* self) {
      return static_cast<Producer*>(self->private_data)->error;
    };
    out.release = [](ArrowArrayStream* self) {
      ++static_cast<Producer*>(self->private_data)->counts.stream;
      self->release = nullptr;
    };
    return out;
  }

 private:
  void fill(Node& node, ArrowSchema* out) {
    *out = {};
    out->format = node.format == "(none)" ? nullptr : node.format.c_str();
    out->name = node.name == "(none)" ? nullptr : node.name.c_str();
    out->metadata = node.metadata.empty() ? nullptr : node.metadata.data();
    out->n_children = static_cast<std::int64_t>(node.children.size());
    auto& pointers = schema_pointers_.emplace_back();
    for (Node& child : node.children) {
      ArrowSchema* made = &schemas_.emplace_back();
      fill(child, made);
      pointers.push_back(made);
    }
    out->children = pointers.data();
    if (node.dictionary) {
      out->dictionary = &schemas_.emplace_back();
      fill(*node.dictionary, out->dictionary);
    }
    out->release = [](ArrowSchema* released) { released->release = nullptr; };
  }
  void fill(Node& node, ArrowArray* out) {
    *out = {};
    out->length = node.length;
    out->null_count = node.null_count;
    out->offset = node.offset;
    auto& buffers = buffers_.emplace_back();
    for (std::size_t i = 0; i < node.memory.size(); ++i) {
      buffers.push_back(node.null_buffer[i] ? nullptr : node.memory[i].data());
      // An empty vector may have no address; a test that wants none says so.
      if (!node.null_buffer[i] && buffers.back() == nullptr) buffers.back() = "";
    }
    out->n_buffers =
        node.n_buffers >= 0 ? node.n_buffers : static_cast<std::int64_t>(buffers.size());
    out->buffers = buffers.data();
    out->n_children =
        node.n_children >= 0 ? node.n_children : static_cast<std::int64_t>(node.children.size());
    auto& pointers = array_pointers_.emplace_back();
    for (Node& child : node.children) {
      ArrowArray* made = &arrays_.emplace_back();
      fill(child, made);
      pointers.push_back(made);
    }
    out->children = pointers.data();
    if (node.dictionary) {
      out->dictionary = &arrays_.emplace_back();
      fill(*node.dictionary, out->dictionary);
    }
    out->release = [](ArrowArray* released) { released->release = nullptr; };
  }

  std::vector<Node> batches_;
  int next_ = 0;
  std::deque<ArrowSchema> schemas_{};
  std::deque<ArrowArray> arrays_{};
  std::deque<std::vector<ArrowSchema*>> schema_pointers_{};
  std::deque<std::vector<ArrowArray*>> array_pointers_{};
  std::deque<std::vector<const void*>> buffers_{};
};

template <typename T>
T at(const void* values, std::size_t i) {
  T value;
  std::memcpy(&value, static_cast<const char*>(values) + i * sizeof(T), sizeof(T));
  return value;
}

inline bool bit(const void* bits, std::size_t i) {
  return (at<std::uint8_t>(bits, i / 8) >> (i % 8) & 1U) != 0;
}

// What a reader of the table would see, as text.
inline std::string shown(const InputChunk& chunk, std::size_t i) {
  switch (chunk.layout) {
    case Layout::int8:
      return std::to_string(at<std::int8_t>(chunk.values, i));
    case Layout::int16:
      return std::to_string(at<std::int16_t>(chunk.values, i));
    case Layout::int32:
      return std::to_string(at<std::int32_t>(chunk.values, i));
    case Layout::int64:
      return std::to_string(at<std::int64_t>(chunk.values, i));
    case Layout::uint8:
      return std::to_string(at<std::uint8_t>(chunk.values, i));
    case Layout::uint16:
      return std::to_string(at<std::uint16_t>(chunk.values, i));
    case Layout::uint32:
      return std::to_string(at<std::uint32_t>(chunk.values, i));
    case Layout::uint64:
      return std::to_string(at<std::uint64_t>(chunk.values, i));
    case Layout::float32:
      return std::to_string(at<float>(chunk.values, i));
    case Layout::float64:
      return std::to_string(at<double>(chunk.values, i));
    case Layout::bits:
      return bit(chunk.values, i) ? "true" : "false";
    case Layout::bytes:
      return at<std::uint8_t>(chunk.values, i) != 0 ? "true" : "false";
    case Layout::decimal128:
      return std::to_string(at<std::int64_t>(chunk.values, 2 * i));
    case Layout::text32: {
      const auto from = at<std::int32_t>(chunk.offsets, i);
      return {chunk.characters + from, chunk.characters + at<std::int32_t>(chunk.offsets, i + 1)};
    }
    case Layout::text64: {
      const auto from = at<std::int64_t>(chunk.offsets, i);
      return {chunk.characters + from, chunk.characters + at<std::int64_t>(chunk.offsets, i + 1)};
    }
    case Layout::text_view: {
      const char* cell = static_cast<const char*>(chunk.values) + 16 * i;
      const auto length = static_cast<std::size_t>(at<std::int32_t>(cell, 0));
      if (length <= 12) return {cell + 4, length};
      const auto& piece = chunk.buffers[static_cast<std::size_t>(at<std::int32_t>(cell, 2))];
      return {piece.data() + at<std::int32_t>(cell, 3), length};
    }
    case Layout::dictionary: {
      InputChunk indices = chunk;
      indices.layout = chunk.indices;
      const InputChunk& words = *chunk.dictionary;
      const std::size_t index = words.offset + std::stoull(shown(indices, i));
      return words.valid != nullptr && !bit(words.valid, index) ? "(null)" : shown(words, index);
    }
    default:
      return "?";
  }
}

}  // namespace emptor::data::test
