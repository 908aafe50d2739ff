// SPDX-License-Identifier: Apache-2.0
#include "gateway/static_files.hpp"

#include <string>

extern "C" const char stillroom_web_blob[];

namespace stillroom::gateway {
namespace {

std::string slice(BlobSpan span) {
  return {stillroom_web_blob + span.offset, span.size};
}

/// RFC 9110 §12.5.3, as far as browsers use it: the coding is named and not given weight zero.
bool accepts(const HttpRequest& request, std::string_view coding) {
  const auto field = request.field("accept-encoding");
  if (!field) return false;
  const auto at = field->find(coding);
  if (at == std::string_view::npos) return false;
  const std::string_view behind = field->substr(at + coding.size());
  return !behind.starts_with(";q=0") || behind.starts_with(";q=0.");
}

/// Some form of this content is what the client has (RFC 9110 §13.1.2).
bool is_known(const HttpRequest& request, std::string_view etag) {
  const auto field = request.field("if-none-match");
  return field && field->find(etag) != std::string_view::npos;
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
  const auto found = files_.find(request.path == "/" ? "/index.html" : request.path);
  if (found == files_.end()) return plain_answer(404, "Not found\n");
  if (request.method != Method::get && request.method != Method::head) {
    HttpResponse refused = plain_answer(405, "Method not allowed\n");
    refused.fields.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  const EmbeddedFile& file = found->second;
  const Form form = best_form(file, request);
  HttpResponse response;
  // A strong ETag names one form: the content's digest and its coding.
  const std::string_view dash = form.coding.empty() ? "" : "-";
  response.fields.emplace_back(
      "ETag", std::string("\"").append(file.etag).append(dash).append(form.coding).append("\""));
  response.fields.emplace_back("Vary", "Accept-Encoding");
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
