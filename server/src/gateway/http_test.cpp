// SPDX-License-Identifier: Apache-2.0
#include "gateway/http.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace stillroom::gateway {
namespace {

Result<std::optional<HttpRequest>, HttpError> read(std::string_view bytes) {
  HttpReader reader{HttpLimits{}};
  reader.feed(bytes);
  return reader.next();
}

TEST(HttpReader, takes_a_request_byte_by_byte_as_well_as_whole) {
  const std::string text =
      "POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
      "X-One: 1\r\n\r\nhello";
  HttpReader reader{HttpLimits{}};
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    reader.feed({&text[i], 1});
    const auto none = reader.next();
    ASSERT_TRUE(none.ok()) << i;
    ASSERT_FALSE(none->has_value()) << i;
  }
  reader.feed({&text.back(), 1});
  const auto request = reader.next();
  ASSERT_TRUE(request.ok());
  ASSERT_TRUE(request->has_value());
  EXPECT_EQ((*request)->method, Method::post);
  EXPECT_EQ((*request)->path, "/socket.io/");
  EXPECT_EQ((*request)->parameter("transport"), "polling");
  EXPECT_EQ((*request)->field("x-one"), "1");
  EXPECT_EQ((*request)->body, "hello");
  EXPECT_TRUE(reader.idle());
}

TEST(HttpReader, takes_pipelined_requests_one_after_the_other_and_gives_back_the_rest) {
  HttpReader reader{HttpLimits{}};
  const std::string text =
      "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n\x81\x80";
  reader.feed(text);
  EXPECT_EQ((*reader.next())->path, "/a");
  EXPECT_EQ((*reader.next())->path, "/b");
  EXPECT_EQ(reader.take_rest(), "\x81\x80");
}

TEST(HttpReader, takes_a_chunked_body) {
  const auto request = read(
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  ASSERT_TRUE(request.ok());
  ASSERT_TRUE(request->has_value());
  EXPECT_EQ((*request)->body, "abcde");
}

// RFC 9110 §6.5.1: whoever looked at the head on the way has not seen them, a proxy that strips a
// client's X-Forwarded-For among them.
TEST(HttpReader, takes_no_field_from_behind_the_body) {
  const auto request = read(
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0\r\nHost: b\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
  ASSERT_TRUE(request.ok());
  ASSERT_TRUE(request->has_value());
  EXPECT_EQ((*request)->body, "abc");
  EXPECT_EQ((*request)->field("host"), "a");
  EXPECT_EQ((*request)->field("x-forwarded-for"), std::nullopt);
}

// Every shape that two parsers could read differently (RFC 9112 §11.2).
TEST(HttpReader, refuses_what_could_be_read_in_two_ways) {
  const std::vector<std::string> shapes{
      "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\tfolded\r\n\r\n",
      "GET / HTTP/1.1\nHost: a\n\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
      "GET / HTTP/1.1\r\n: a\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nOrigin: x\r\nOrigin: y\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: x\r\nIdempotency-Key: y\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",
      std::string("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 33),
      std::string("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 11),
  };
  for (const std::string& shape : shapes) {
    const auto request = read(shape);
    EXPECT_FALSE(request.ok()) << shape;
    if (!request.ok()) {
      EXPECT_EQ(status(request.error()), 400) << shape;
    }
  }
}

TEST(Segment, is_decoded_once_and_keeps_its_plus) {
  EXPECT_EQ(decode_segment("anna+1%40clinic.example"), "anna+1@clinic.example");
  EXPECT_EQ(decode_segment("a%2540%2Bb%2Fc"), "a%40+b/c");
  EXPECT_EQ(decode_segment(""), "");
  for (const char* bad : {"%", "%4", "a%zz", "%%41"}) EXPECT_FALSE(decode_segment(bad)) << bad;
}

TEST(HttpReader, bounds_the_head_the_fields_and_the_body) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(read(start + "X: " + std::string(20'000, 'x')).error(), HttpError::head_too_large);
  EXPECT_EQ(read(start + "X: " + std::string(17'000, 'x') + "\r\n\r\n").error(),
            HttpError::head_too_large);
  std::string many = start;
  for (int i = 0; i < 64; ++i) many += "X" + std::to_string(i) + ": 1\r\n";
  EXPECT_EQ(read(many + "\r\n").error(), HttpError::head_too_large);
  EXPECT_EQ(read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 131073\r\n\r\n").error(),
            HttpError::body_too_large);
  EXPECT_TRUE(read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 131072\r\n\r\n").ok());
  EXPECT_EQ(status(HttpError::body_too_large), 413);
  EXPECT_EQ(status(HttpError::head_too_large), 431);
}

TEST(HttpRequest, decodes_parameters_strictly) {
  HttpRequest request;
  request.query = "a=1&b=x%20y+z&c&bad=%zz&a=2&d=&%66=7";
  EXPECT_EQ(request.parameter("a"), "1");
  EXPECT_EQ(request.parameter("b"), "x y z");
  EXPECT_EQ(request.parameter("c"), "");
  EXPECT_EQ(request.parameter("d"), "");
  EXPECT_EQ(request.parameter("bad"), std::nullopt);
  EXPECT_EQ(request.parameter("e"), std::nullopt);
  EXPECT_EQ(request.parameter("f"), "7");
}

TEST(HttpResponse, has_no_body_for_head_and_no_length_for_304) {
  HttpResponse response;
  response.content_type = "text/plain";
  response.body = "hello";
  std::string out;
  append_response(out, response, KeepAlive::no, BodyOf::head_only);
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
            "Connection: close\r\n\r\n");
  out.clear();
  response = {};
  response.status = 304;
  append_response(out, response, KeepAlive::yes, BodyOf::all);
  EXPECT_EQ(out, "HTTP/1.1 304 Not Modified\r\n\r\n");
}

}  // namespace
}  // namespace stillroom::gateway
