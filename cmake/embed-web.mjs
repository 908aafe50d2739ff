// SPDX-License-Identifier: Apache-2.0
// Packs a folder of static files into the binary: node embed-web.mjs DIST OUT_DIR
// Writes OUT_DIR/web.blob (every file, plain, gzip and brotli, one after the other), web_blob.S (which
// includes it) and web_table.cpp (what stands where). Done at build time, so that the server neither
// compresses nor reads files while it runs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [dist, outDir] = process.argv.slice(2);
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    // The build's own mark is no part of the page.
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });

const pieces = [];
let offset = 0;
const place = (bytes) => {
  const at = { offset, size: bytes.length };
  pieces.push(bytes);
  offset += bytes.length;
  return at;
};
const smaller = (plain, packed) => (packed.length < plain.length * 0.9 ? place(packed) : { offset: 0, size: 0 });
const span = ({ offset: at, size }) => `{${at}, ${size}}`;

const rows = (existsSync(dist) ? filesBelow(dist) : []).map((path) => {
  const url = `/${relative(dist, path).split('\\').join('/')}`;
  const plain = readFileSync(path);
  const etag = createHash('sha256').update(plain).digest('base64url').slice(0, 27);
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(plain, { level: 9 });
  // A bundler's hashed names never change their content.
  const lasting = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(url) ? 'Lifetime::forever' : 'Lifetime::checked';
  const type = types[extname(path)] ?? 'application/octet-stream';
  return `    {"${url}", "${type}", "${etag}", ${lasting}, ${span(place(plain))}, ${span(smaller(plain, gzip))}, ${span(smaller(plain, brotli))}},`;
});

mkdirSync(outDir, { recursive: true });
writeFileSync(join(outDir, 'web.blob'), Buffer.concat([...pieces, Buffer.alloc(1)]));
writeFileSync(
  join(outDir, 'web_blob.S'),
  `.section .rodata
.global stillroom_web_blob
.type stillroom_web_blob, @object
.balign 16
stillroom_web_blob:
.incbin "${join(outDir, 'web.blob')}"
.size stillroom_web_blob, .-stillroom_web_blob
.section .note.GNU-stack,"",@progbits
`,
);
writeFileSync(
  join(outDir, 'web_table.cpp'),
  `// Made by embed-web.mjs.
#include <vector>

#include "gateway/static_files.hpp"

namespace stillroom::gateway {
std::vector<EmbeddedFile> embedded_files() {
  return {
${rows.join('\n')}
  };
}
}  // namespace stillroom::gateway
`,
);
