// SPDX-License-Identifier: Apache-2.0
#include "gateway/static_files.hpp"

#include <algorithm>
#include <string>

extern "C" const char stillroom_web_blob[];

namespace stillroom::gateway {
namespace {

std::string slice(BlobSpan span) {
  return {stillroom_web_blob + span.offset, span.size};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// What stands before the first `mark`, trimmed; `rest` keeps what stands behind it.
std::string_view take_until(std::string_view& rest, char mark) {
  const auto at = rest.find(mark);
  const std::string_view part = trimmed(rest.substr(0, at));
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// `q=0`, `q=0.`, `q=0.000`: this coding is not wanted (RFC 9110 §12.4.2).
bool is_zero_weight(std::string_view parameter) {
  if (!same_word(parameter.substr(0, 2), "q=")) return false;
  const std::string_view weight = parameter.substr(2);
  return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

/// The coding is named and wanted (RFC 9110 §12.5.3). `*` is not taken: browsers name what they
/// know.
bool accepts(const HttpRequest& request, std::string_view coding) {
  std::string_view rest = request.field("accept-encoding").value_or("");
  while (!rest.empty()) {
    std::string_view parameters = take_until(rest, ',');
    if (!same_word(take_until(parameters, ';'), coding)) continue;
    return !is_zero_weight(take_until(parameters, ';'));
  }
  return false;
}

/// Some form of this content is what the client has (RFC 9110 §13.1.2). Its tags are quoted texts
/// that begin with the content's digest and end with it or go on with `-` and a coding.
bool is_known(const HttpRequest& request, std::string_view etag) {
  std::string_view rest = request.field("if-none-match").value_or("");
  if (trimmed(rest) == "*") return true;
  while (!rest.empty()) {
    std::string_view tag = take_until(rest, ',');
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (!tag.starts_with('"')) continue;
    tag.remove_prefix(1);
    if (!tag.starts_with(etag)) continue;
    tag.remove_prefix(etag.size());
    if (tag.starts_with('"') || tag.starts_with('-')) return true;
  }
  return false;
}

struct Form {
  BlobSpan span;
  std::string_view coding;  ///< empty: as it is
};

Form best_form(const EmbeddedFile& file, const HttpRequest& request) {
  if (file.brotli.size > 0 && accepts(request, "br")) return {file.brotli, "br"};
  if (file.gzip.size > 0 && accepts(request, "gzip")) return {file.gzip, "gzip"};
  return {file.plain, ""};
}

/// The file behind an address that people see.
std::string_view file_of(std::string_view path) {
  if (path == "/") return "/index.html";
  if (path == "/account" || path == "/login" || path == "/home") return "/account.html";
  return path;
}

HttpResponse plain_answer(std::uint16_t status, std::string_view text) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = text;
  return response;
}

}  // namespace

StaticFiles::StaticFiles() {
  for (const EmbeddedFile& file : embedded_files()) files_.emplace(file.url, file);
}

HttpResponse StaticFiles::serve(const HttpRequest& request) const {
  const auto found = files_.find(file_of(request.path));
  if (found == files_.end()) return plain_answer(404, "Not found\n");
  if (request.method != Method::get && request.method != Method::head) {
    HttpResponse refused = plain_answer(405, "Method not allowed\n");
    refused.fields.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  const EmbeddedFile& file = found->second;
  const Form form = best_form(file, request);
  HttpResponse response;
  // Also of a 304: its fields replace those that the browser kept.
  if (file.content_type.starts_with("text/html")) response.shows = Shows::page;
  // A strong ETag names one form: the content's digest and its coding.
  const std::string_view dash = form.coding.empty() ? "" : "-";
  response.fields.emplace_back(
      "ETag", std::string("\"").append(file.etag).append(dash).append(form.coding).append("\""));
  response.fields.emplace_back("Vary", "Accept-Encoding, Origin");
  response.fields.emplace_back("Cache-Control", file.lifetime == Lifetime::forever
                                                    ? "public, max-age=31536000, immutable"
                                                    : "no-cache");
  if (is_known(request, file.etag)) {
    response.status = 304;
    return response;
  }
  response.content_type = file.content_type;
  if (!form.coding.empty()) response.fields.emplace_back("Content-Encoding", form.coding);
  response.body = slice(form.span);
  return response;
}

}  // namespace stillroom::gateway
