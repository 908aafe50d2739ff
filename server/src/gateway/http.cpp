// SPDX-License-Identifier: Apache-2.0
#include "gateway/http.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace stillroom::gateway {
namespace beast_http = boost::beast::http;

namespace {

Method to_method(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return Method::get;
    case beast_http::verb::head:
      return Method::head;
    case beast_http::verb::post:
      return Method::post;
    case beast_http::verb::put:
      return Method::put;
    case beast_http::verb::patch:
      return Method::patch;
    case beast_http::verb::delete_:
      return Method::del;
    case beast_http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c + (c >= 'A' && c <= 'Z' ? 'a' - 'A' : 0));
  return out;
}

/// Fields that mean nothing sensible twice, and that an attacker doubles (RFC 9110 §5.3).
bool only_once(beast_http::field field, std::string_view name) {
  switch (field) {
    case beast_http::field::host:
    case beast_http::field::content_length:
    case beast_http::field::transfer_encoding:
    case beast_http::field::content_type:
    case beast_http::field::origin:
    case beast_http::field::authorization:
    case beast_http::field::sec_websocket_key:
    case beast_http::field::sec_websocket_version:
    case beast_http::field::upgrade:
      return true;
    case beast_http::field::unknown:
      return name == "x-auth-token" || name == "idempotency-key";
    default:
      return false;
  }
}

}  // namespace

/// Beast's grammar, which fills the request as it goes.
class HttpReader::Parser final : public beast_http::basic_parser<true> {
 public:
  explicit Parser(const HttpLimits& limits) : fields_max_(limits.fields_max) {
    header_limit(limits.head_bytes_max + 4);
    body_limit(limits.body_bytes_max);
    eager(true);
  }

  HttpRequest request;
  bool continue_told = false;

  [[nodiscard]] Result<std::size_t, HttpError> take(std::string_view bytes) {
    boost::system::error_code error;
    const std::size_t taken = put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (!error || error == beast_http::error::need_more) return taken;
    if (error == beast_http::error::body_limit) return fail(HttpError::body_too_large);
    if (error == beast_http::error::header_limit) return fail(HttpError::head_too_large);
    return fail(HttpError::malformed);
  }

 private:
  using Error = boost::system::error_code;
  using Text = boost::beast::string_view;
  using Length = boost::optional<std::uint64_t>;
  /// More than most browsers send: room for them is made once.
  static constexpr std::size_t kFieldsExpected = 16;

  void on_request_impl(beast_http::verb method, Text /*method*/, Text target, int version,
                       Error& error) override {
    request.method = to_method(method);
    version_ = version;
    if (!target.starts_with('/')) {
      error = beast_http::error::bad_target;
      return;
    }
    const auto mark = std::min(target.find('?'), target.size());
    request.path.assign(target.data(), mark);
    if (mark < target.size()) request.query.assign(target.substr(mark + 1));
    request.fields.reserve(kFieldsExpected);
  }
  void on_response_impl(int /*status*/, Text /*reason*/, int /*version*/,
                        Error& /*error*/) override {}

  void on_field_impl(beast_http::field field, Text name, Text value, Error& error) override {
    if (is_header_done()) return;  // a trailer: who reads heads on the way has not seen it
    if (request.fields.size() >= fields_max_) {
      error = beast_http::error::header_limit;
      return;
    }
    std::string key = lower({name.data(), name.size()});
    if (only_once(field, key) && request.field(key)) {
      error = beast_http::error::bad_field;
      return;
    }
    request.fields.emplace_back(std::move(key), std::string(value.data(), value.size()));
  }
  void on_header_impl(Error& error) override {
    request.keep_alive = keep_alive();
    // RFC 9112 §3.2: exactly one Host in HTTP/1.1.
    if (version_ == 11 && !request.field("host")) error = beast_http::error::bad_field;
  }

  void on_body_init_impl(const Length& /*length*/, Error& /*error*/) override {}
  std::size_t on_body_impl(Text body, Error& /*error*/) override {
    request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, Text /*extensions*/,
                            Error& /*error*/) override {}
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, Text body, Error& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(Error& /*error*/) override {}

  std::uint32_t fields_max_;
  int version_ = 0;
};

std::optional<std::string_view> HttpRequest::field(std::string_view name) const {
  const auto found = std::ranges::find(
      fields, name, [](const auto& field) -> std::string_view { return field.first; });
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> HttpRequest::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    const std::string_view key = pair.substr(0, equals);
    // Encoding makes a text longer.
    if (key == name || (key.size() > name.size() && decode_component(key) == name)) {
      return decode_component(pair.substr(std::min(equals + 1, pair.size())));
    }
  }
  return std::nullopt;
}

std::uint16_t status(HttpError error) {
  switch (error) {
    case HttpError::malformed:
      return 400;
    case HttpError::head_too_large:
      return 431;
    case HttpError::body_too_large:
      return 413;
  }
  return 400;
}

HttpReader::HttpReader(const HttpLimits& limits) : limits_(limits) {}
HttpReader::~HttpReader() = default;

void HttpReader::feed(std::span<const char> bytes) {
  bytes_.append(bytes.data(), bytes.size());
}

bool HttpReader::idle() const {
  return parser_ == nullptr && consumed_ == bytes_.size();
}

bool HttpReader::wants_continue() {
  if (!parser_ || parser_->continue_told || !parser_->is_header_done()) return false;
  if (lower(parser_->request.field("expect").value_or("")) != "100-continue") return false;
  parser_->continue_told = true;
  return true;
}

std::string HttpReader::take_rest() {
  std::string rest = bytes_.substr(consumed_);
  std::string().swap(bytes_);
  consumed_ = 0;
  return rest;
}

// RFC 9112 §5.2 (obs-fold) and §2.2 (bare CR): both have let one message be read as two.
Result<void, HttpError> HttpReader::check_head(std::string_view head) const {
  for (std::size_t at = head.find('\n'); at != std::string_view::npos;
       at = head.find('\n', at + 1)) {
    if (at == 0 || head[at - 1] != '\r') return fail(HttpError::malformed);
    if (at + 1 < head.size() && (head[at + 1] == ' ' || head[at + 1] == '\t')) {
      return fail(HttpError::malformed);
    }
  }
  return {};
}

Result<void, HttpError> HttpReader::parse() {
  const std::string_view rest = std::string_view(bytes_).substr(consumed_);
  if (!parser_) {
    const auto head_end = rest.find("\r\n\r\n");
    if (head_end == std::string_view::npos) {
      if (rest.size() > limits_.head_bytes_max) return fail(HttpError::head_too_large);
      return {};
    }
    if (head_end > limits_.head_bytes_max) return fail(HttpError::head_too_large);
    if (const auto checked = check_head(rest.substr(0, head_end)); !checked) return checked;
    parser_ = std::make_unique<Parser>(limits_);
  }
  const auto taken = parser_->take(rest);
  if (!taken) return fail(taken.error());
  consumed_ += *taken;
  return {};
}

Result<std::optional<HttpRequest>, HttpError> HttpReader::next() {
  if (consumed_ == bytes_.size() && !parser_) return std::optional<HttpRequest>();
  if (const auto parsed = parse(); !parsed) return fail(parsed.error());
  if (!parser_ || !parser_->is_done()) {
    if (consumed_ > 0) bytes_.erase(0, std::exchange(consumed_, 0));
    return std::optional<HttpRequest>();
  }
  std::optional<HttpRequest> request = std::move(std::exchange(parser_, nullptr)->request);
  bytes_.erase(0, std::exchange(consumed_, 0));
  if (bytes_.empty()) std::string().swap(bytes_);
  return request;
}

std::optional<std::string> decode_component(std::string_view text) {
  const auto stands_for_another = [](char c) { return c == '%' || c == '+'; };
  if (std::ranges::none_of(text, stands_for_another)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

std::string_view reason_phrase(std::uint16_t status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

void append_response(std::string& out, const HttpResponse& response, KeepAlive keep_alive,
                     BodyOf body) {
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason_phrase(response.status)).append("\r\n");
  for (const auto& [name, value] : response.fields) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (!response.content_type.empty()) {
    out.append("Content-Type: ").append(response.content_type).append("\r\n");
  }
  if (response.status != 204 && response.status != 304) {
    out.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  }
  if (keep_alive == KeepAlive::no) out.append("Connection: close\r\n");
  out.append("\r\n");
  if (body == BodyOf::all) out.append(response.body);
}

std::optional<std::string> decode_segment(std::string_view text) {
  std::string component;
  for (const char c : text) {
    if (c == '+') {
      component += "%2B";
    } else {
      component += c;
    }
  }
  return decode_component(component);
}

}  // namespace stillroom::gateway
