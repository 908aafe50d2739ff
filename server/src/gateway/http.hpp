// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace stillroom::gateway {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };

/// One HTTP/1.1 request, whole. Field names are in lower case; a repeated field that may occur only
/// once has already been refused.
struct HttpRequest {
  Method method = Method::get;
  std::string path;   ///< as sent, without the query; begins with '/'
  std::string query;  ///< behind the '?', not decoded
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  bool keep_alive = true;

  /// The field's value, or nothing. `name` in lower case.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;
  /// A query parameter, percent-decoded, the first of equals; nothing when absent or badly encoded.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
};

struct HttpLimits {
  std::uint32_t head_bytes_max = 16'384;
  std::uint32_t fields_max = 64;
  std::uint64_t body_bytes_max = 131'072;
};

/// Why a request is answered with an error and its connection closed.
enum class HttpError : std::uint8_t {
  malformed,       ///< 400, also every shape that two parsers could read differently
  head_too_large,  ///< 431
  body_too_large,  ///< 413
};
[[nodiscard]] std::uint16_t status(HttpError error);

/// Reads requests from a stream of bytes, in whatever pieces they come. Keeps memory only while a
/// request is incomplete. The grammar is Boost.Beast's; what Beast lets through and we do not
/// (folded fields, too many fields, repeated Host) is refused around it. Fields behind a body
/// (trailers) say nothing.
class HttpReader {
 public:
  explicit HttpReader(const HttpLimits& limits);
  ~HttpReader();

  /// Appends received bytes.
  void feed(std::span<const char> bytes);
  /// The next whole request; nothing when more bytes are needed. After an error only close().
  [[nodiscard]] Result<std::optional<HttpRequest>, HttpError> next();
  /// Bytes behind the last request (a WebSocket frame may follow its upgrade at once).
  [[nodiscard]] std::string take_rest();
  /// Bytes received and not yet part of a request that next() has handed out.
  [[nodiscard]] std::size_t waiting_bytes() const { return bytes_.size() - consumed_; }
  /// True when nothing of a request has arrived.
  [[nodiscard]] bool idle() const;
  /// True once, when the client waits for `100 Continue` before it sends the body.
  [[nodiscard]] bool wants_continue();

 private:
  class Parser;
  [[nodiscard]] Result<void, HttpError> check_head(std::string_view head) const;
  [[nodiscard]] Result<void, HttpError> parse();

  HttpLimits limits_;
  std::string bytes_;
  std::size_t consumed_ = 0;
  std::unique_ptr<Parser> parser_;
};

/// What a browser makes of an answer: a page runs scripts of ours, data is never shown.
enum class Shows : std::uint8_t { data, page };

struct HttpResponse {
  std::uint16_t status = 200;
  Shows shows = Shows::data;
  std::string content_type;  ///< empty: no body
  std::string body;
  std::vector<std::pair<std::string_view, std::string>>
      fields;                ///< values are ours, never a peer's
  std::string_view problem;  ///< the code of a refusal, for whoever tells of it
};

enum class KeepAlive : std::uint8_t { yes, no };
enum class BodyOf : std::uint8_t { all, head_only };

/// Writes the response with Date, Content-Length and the connection's fate.
void append_response(std::string& out, const HttpResponse& response, KeepAlive keep_alive,
                     BodyOf body);
[[nodiscard]] std::string_view reason_phrase(std::uint16_t status);

/// Percent-decoding of a query component (`+` is a space); nothing when malformed.
[[nodiscard]] std::optional<std::string> decode_component(std::string_view text);
/// Percent-decoding of one segment of a path (`+` is itself); nothing when malformed.
[[nodiscard]] std::optional<std::string> decode_segment(std::string_view text);

}  // namespace stillroom::gateway
