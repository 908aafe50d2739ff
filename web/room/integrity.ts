// SPDX-License-Identifier: Apache-2.0
// Subresource Integrity: the page names the digest of each script and stylesheet that it loads, so
// that a browser runs these bytes and no others. One script for each page: what a script imports has
// no tag to put a digest in.
import { createHash } from 'node:crypto';
import type { Plugin, Rolldown } from 'vite';

const TAGS = /<(?:script|link)\b[^>]*>/g;

const contentOf = (file: Rolldown.OutputAsset | Rolldown.OutputChunk): string | Uint8Array =>
  file.type === 'chunk' ? file.code : file.source;

const digestOf = (content: string | Uint8Array): string =>
  `sha384-${createHash('sha384').update(content).digest('base64')}`;

const RELATIONS = new Set(['stylesheet', 'modulepreload']);

/** The name of the file in a tag that loads code or style; others need no digest. */
function loaded(tag: string): string | undefined {
  const relation = /\srel="([^"]+)"/.exec(tag)?.[1];
  if (relation !== undefined && !RELATIONS.has(relation)) return undefined;
  return /\s(?:src|href)="\/([^"]+)"/.exec(tag)?.[1];
}

export function integrity(document: string): Plugin {
  return {
    name: 'stillroom:integrity',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle[document];
        if (page?.type !== 'asset') return this.error(`there is no ${document} to put digests in`);
        const named = new Set<string>();
        page.source = String(page.source).replace(TAGS, (tag) => {
          const name = loaded(tag);
          if (name === undefined) return tag;
          const file = bundle[name];
          if (file === undefined) return this.error(`${name} is in the page and not in the bundle`);
          named.add(name);
          return tag.replace(/\s*\/?>$/, ` integrity="${digestOf(contentOf(file))}">`);
        });
        // A script that another one imports would come without a digest.
        const left = Object.keys(bundle).filter((name) => /\.(?:js|css)$/.test(name));
        const bare = left.filter((name) => !named.has(name));
        if (bare.length > 0) return this.error(`without a digest: ${bare.join(', ')}`);
        return undefined;
      },
    },
  };
}
