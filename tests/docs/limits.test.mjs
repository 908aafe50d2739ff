// SPDX-License-Identifier: Apache-2.0
// ARCHITECTURE.md and the code name the same things: functions, bounds, settings.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kRoot } from './lib/pages.mjs';

const map = readFileSync(join(kRoot, 'ARCHITECTURE.md'), 'utf8');
const section = map.split('\n## Limits\n')[1].split('\n## ')[0];

const sources = readdirSync(join(kRoot, 'server/src'), { recursive: true })
  .filter((name) => /\.[ch]pp$/.test(name) && !/(_test|example|test_)/.test(name))
  .map((name) => readFileSync(join(kRoot, 'server/src', name), 'utf8'))
  .join('\n');

/** Bounds that are no limit of the running system: widths of numbers, grammar, other people's rules. */
const kElsewhere = new Set([
  'kAttachmentsMax', // binary packets are refused by their header
  'kClientHeaderBytesMax', // RFC 6455 §5.2: what a header can be
  'kDepthMax', // of what we write ourselves
  'kDigitsMax',
  'kEchoBytesMax', // of a value repeated in a complaint about configuration
  'kExtensionIdMax', // RFC 8285
  'kExtensionNumberMax',
  'kFoundationBytesMax', // RFC 8839, protocol/sdp.md
  'kFrameHeaderBytesMax', // ours
  'kHostBytesMax', // RFC 1035
  'kInstantSecondsMax', // RFC 3339
  'kKindsMax', // of log events: literals of ours
  'kKnownNameBytesMax', // of attributes we know ourselves
  'kListMax', // of a list in the configuration
  'kMediumLengthMax', // RFC 6455 §5.2
  'kMidBytesMax', // protocol/sdp.md
  'kNameBytesMax', // protocol/sdp.md; config's nearest names
  'kNamespacesMax', // of our own settings
  'kPageMax', // the store's own check of kPageLimitMax
  'kPidDigitsMax',
  'kPortMax',
  'kPriorityMax', // RFC 8445
  'kReasonBytesMax', // RFC 6455 §5.5
  'kRecordBytesMax', // of TLS
  'kShortLengthMax', // RFC 6455 §5.2
  'kSourceMax',
  'kTokenKeysMax', // of our own configuration
  'kUfragBytesMax', // RFC 8839, protocol/sdp.md
  'kYearMax', // RFC 3339
]);

test('every function and type that the story names is in the code', () => {
  const names = [...map.matchAll(/`(?:\w+::)+(\w+)`/g)].map(([, name]) => name);
  assert.ok(names.length > 50);
  const unknown = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources));
  assert.deepEqual(unknown, []);
});

test('every name in the table is in the code', () => {
  const names = [...section.matchAll(/`(?:\w+::)?(k[A-Z]\w+|\w+_max|[a-z]+_[a-z_]+)`/g)];
  assert.ok(names.length > 40);
  const unknown = names.map(([, name]) => name).filter((name) => !sources.includes(name));
  assert.deepEqual(unknown, []);
});

/** `15 min` and `131,072 B` as the configuration writes them. */
const asDefault = (cell) => cell.replace(/[ ,]/g, '').replace(/min$/, 'm').replace(/B$/, '');

test('every setting in the table is one, with its default', () => {
  const table = readFileSync(join(kRoot, 'server/src/config/settings_table.cpp'), 'utf8');
  const defaultOf = (key) => new RegExp(`\\{"${key}", &in<[^>]*>,\\s*"([^"]*)"`).exec(table)?.[1];
  const rows = section
    .split('\n')
    .map((line) => line.split(' | '))
    .filter((cells) => /\bsetting `/.test(cells[2]));
  assert.ok(rows.length >= 12, `${rows.length} rows`);
  for (const [, value, name] of rows) {
    const [, key] = /`([a-z]+\.[a-z_]+)`/.exec(name);
    assert.equal(asDefault(value), defaultOf(key), key);
  }
});

test('every bound in the code is in the table', () => {
  const bounds = [...sources.matchAll(/constexpr [\w:]+(?:<[^>]*>)? (k\w+Max)\b/g)];
  assert.ok(bounds.length > 50);
  const missing = new Set(
    bounds
      .map(([, name]) => name)
      .filter((name) => !section.includes(name) && !kElsewhere.has(name)),
  );
  assert.deepEqual([...missing].sort(), []);
  const gone = [...kElsewhere].filter((name) => !sources.includes(name));
  assert.deepEqual(gone, [], 'left out, though nobody has them');
});
