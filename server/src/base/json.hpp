// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Strict RFC 8259 JSON: one reader and one writer for everything that enters or leaves.
/// The reader is one pass, iterative and bounded; values are views into the text.
namespace stillroom::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

enum class Error : std::uint8_t {
  malformed,         ///< not RFC 8259, or bytes after the value
  not_utf8,          ///< bytes that are no UTF-8, or an escaped lone surrogate
  too_deep,          ///< nesting beyond Limits::depth_max
  too_many_values,   ///< more members and elements than Limits::members_max
  duplicate_member,  ///< only with Duplicates::refuse
};

enum class Duplicates : std::uint8_t { last_wins, refuse };

struct Limits {
  std::uint32_t depth_max = 16;
  std::uint32_t members_max = 512;  ///< members and elements, over the whole text
  Duplicates duplicates = Duplicates::last_wins;
};

class Document;

/// A value inside a Document; as cheap as a pointer; valid as long as the document and its text.
class Value {
 public:
  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool is(Kind kind) const { return this->kind() == kind; }
  /// The exact text of the value as it arrived.
  [[nodiscard]] std::string_view raw() const;
  /// Elements of an array or members of an object; 0 for everything else.
  [[nodiscard]] std::size_t size() const;

  /// The characters of a string, escapes resolved; nothing for other kinds.
  [[nodiscard]] std::optional<std::string> as_string() const;
  /// The string's characters without a copy; only when it has no escapes.
  [[nodiscard]] std::optional<std::string_view> as_plain_string() const;
  [[nodiscard]] std::optional<bool> as_boolean() const;
  /// A number without fraction or exponent that fits; nothing for other kinds.
  [[nodiscard]] std::optional<std::int64_t> as_integer() const;
  [[nodiscard]] std::optional<double> as_double() const;

  /// Member of an object by unescaped name (the last of equals); nothing when absent or no object.
  [[nodiscard]] std::optional<Value> find(std::string_view name) const;
  /// Element of an array; nothing when absent. Linear in `index`.
  [[nodiscard]] std::optional<Value> at(std::size_t index) const;

  /// Children in order. For an object they alternate: name (a string), value.
  class Iterator;
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;

 private:
  friend class Document;
  Value(const Document* document, std::uint32_t node) : document_(document), node_(node) {}
  const Document* document_;
  std::uint32_t node_;
};

/// A parsed text. Keep one per worker and parse into it again and again: it then allocates nothing.
class Document {
 public:
  /// `text` must outlive the document's values. On an error the document is empty.
  [[nodiscard]] Result<Value, Error> parse(std::string_view text, const Limits& limits = {});

 private:
  friend class Value;
  struct Node {
    std::uint32_t begin;  ///< offset of the first byte
    std::uint32_t end;    ///< offset behind the last byte
    std::uint32_t next;   ///< index of the node behind this value and all of its children
    std::uint32_t count;  ///< children
    Kind kind;
    bool escaped;  ///< a string with at least one backslash
  };
  class Reader;
  std::string_view text_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> open_;
  std::vector<std::uint32_t> names_;  ///< scratch for Duplicates::refuse
};

class Value::Iterator {
 public:
  Iterator(const Document* document, std::uint32_t node) : document_(document), node_(node) {}
  Value operator*() const { return {document_, node_}; }
  Iterator& operator++();
  friend bool operator==(const Iterator&, const Iterator&) = default;

 private:
  const Document* document_;
  std::uint32_t node_;
};

inline Kind Value::kind() const {
  return document_->nodes_[node_].kind;
}

inline std::string_view Value::raw() const {
  const Document::Node& node = document_->nodes_[node_];
  return document_->text_.substr(node.begin, node.end - node.begin);
}

inline std::size_t Value::size() const {
  return document_->nodes_[node_].count;
}

inline Value::Iterator Value::begin() const {
  return {document_, node_ + 1};
}

inline Value::Iterator Value::end() const {
  return {document_, document_->nodes_[node_].next};
}

inline Value::Iterator& Value::Iterator::operator++() {
  node_ = document_->nodes_[node_].next;
  return *this;
}

/// Appends `text` as a JSON string with its quotes. Control characters, U+2028 and U+2029 are
/// escaped; a byte that is no UTF-8 becomes U+FFFD, so that what we write can always be read.
void append_string(std::string& out, std::string_view text);

/// Appends compact JSON to a string. Misuse (a member outside an object, a value without its key,
/// the wrong end, more than kDepthMax levels) is a broken invariant.
class Writer {
 public:
  static constexpr std::uint32_t kDepthMax = 64;

  explicit Writer(std::string& out) : out_(out) {}
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view text);
  Writer& integer(std::int64_t number);
  Writer& boolean(bool value);
  Writer& null();
  /// A value that already is JSON.
  Writer& raw(std::string_view json);
  /// One whole value has been written and nothing is open.
  [[nodiscard]] bool complete() const { return depth_ == 0 && state_ == State::closed; }

 private:
  enum class State : std::uint8_t {
    first,   ///< nothing written yet at this level
    later,   ///< something written: a comma comes first
    valued,  ///< behind a key: its value comes now
    closed,  ///< the one value at the top is there
  };
  void before_value();
  void check_place() const;
  /// What stands before a text: its quote, and the comma where something came before.
  [[nodiscard]] std::string_view opening_quote() const {
    return state_ == State::later ? ",\"" : "\"";
  }
  void after_value();
  void open(Kind kind, char bracket);
  void close(Kind kind, char bracket);
  [[nodiscard]] bool in_object() const { return depth_ > 0 && (objects_ >> (depth_ - 1) & 1) != 0; }

  std::string& out_;
  std::uint64_t objects_ = 0;  ///< a bit for each open level: set when it is an object
  std::uint32_t depth_ = 0;
  State state_ = State::first;
};

}  // namespace stillroom::json
