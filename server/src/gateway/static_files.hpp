// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/http.hpp"

namespace stillroom::gateway {

enum class Lifetime : std::uint8_t {
  checked,  ///< asked for again each time, by ETag
  forever,  ///< the name changes with the content
};

struct BlobSpan {
  std::size_t offset;
  std::size_t size;  ///< 0: this form does not exist
};

/// A file of the web room inside the binary, in up to three forms.
struct EmbeddedFile {
  std::string_view url;
  std::string_view content_type;
  std::string_view etag;
  Lifetime lifetime;
  BlobSpan plain;
  BlobSpan gzip;
  BlobSpan brotli;
};

/// Made at build time; empty when the web room was not built.
[[nodiscard]] std::vector<EmbeddedFile> embedded_files();

/// Answers GET and HEAD for the embedded web room. `/` is `/index.html`; `/account`, `/login` and
/// `/home` are `/account.html`, whose script looks at the path.
class StaticFiles {
 public:
  StaticFiles();
  /// 200, 304, 404, or 405 for another method.
  [[nodiscard]] HttpResponse serve(const HttpRequest& request) const;

 private:
  std::unordered_map<std::string_view, EmbeddedFile> files_;
};

}  // namespace stillroom::gateway
