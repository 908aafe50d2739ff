// SPDX-License-Identifier: Apache-2.0
// Arrows point one way: each layer names only what the README's table lets it know.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const HERE = dirname(fileURLToPath(import.meta.url));
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  protocol: ['protocol'],
  transport: ['transport', 'protocol'],
  media: ['media', 'protocol'],
  session: ['session', 'protocol'],
  call: ['call', 'media', 'transport', 'protocol'],
};
/** Values, not behaviour: every layer may use what stands beside the folders. */
const SHARED = 'emitter.ts';
const PACKAGES: Readonly<Record<string, string>> = { transport: 'socket.io-client' };

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
}

const cases = Object.keys(MAY_KNOW).flatMap((layer) =>
  readdirSync(join(HERE, layer))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => [layer, name] as const),
);

test.each(cases)('%s/%s_knows_only_the_layers_below', (layer, name) => {
  for (const source of importsOf(join(HERE, layer, name))) {
    if (!source.startsWith('.')) {
      expect(source).toBe(PACKAGES[layer]);
      continue;
    }
    const target = relative(HERE, join(HERE, layer, source));
    if (target !== SHARED) expect(MAY_KNOW[layer]).toContain(target.split('/')[0]);
  }
});

test('there_are_layers_to_check', () => {
  expect(cases.length).toBeGreaterThan(15);
});
