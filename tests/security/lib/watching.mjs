// SPDX-License-Identifier: Apache-2.0
// What a server tells of one refusal: its counters, its log lines.
import assert from 'node:assert/strict';
import { until } from '../../contract/lib/waiting.mjs';

const kSample = /^stillroom_security_events_total\{kind="([^"]+)",reason="([^"]+)"\} (\d+)$/gm;
const kDigest = /^[0-9a-f]{8}$/;

/** `kind reason` -> how often, of every row that the server has. */
export async function securityCounts(server) {
  const { exposition } = await server.cli('metrics');
  return new Map(
    [...exposition.matchAll(kSample)].map(([, kind, reason, n]) => [
      `${kind} ${reason}`,
      Number(n),
    ]),
  );
}

/** The log's whole lines of security events. */
export function securityLines(server, kinds) {
  return server.log
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ event }) => kinds.has(event));
}

const increase = (earlier, later) =>
  Object.fromEntries(
    [...later].map(([row, n]) => [row, n - earlier.get(row)]).filter(([, n]) => n !== 0),
  );

/** One server under watch. */
export class Watched {
  #sources = new Set();
  #principals = new Map();

  constructor(server, kinds) {
    this.server = server;
    this.kinds = kinds;
  }

  /** `act` makes this event, once, and no other; `who`: whose it is, when the server can know. */
  async once(kind, reason, { act, who, times = 1 }) {
    const earlier = await securityCounts(this.server);
    const before = securityLines(this.server, this.kinds).length;
    await act();
    const added = async () => increase(earlier, await securityCounts(this.server));
    await until(`${kind} ${reason}`, async () => Object.keys(await added()).length > 0);
    const fresh = () => securityLines(this.server, this.kinds).slice(before);
    await until('its line', () => fresh().length > 0);
    assert.deepEqual(await added(), { [`${kind} ${reason}`]: times });
    assert.equal(fresh().length, 1, JSON.stringify(fresh()));
    this.#looksRight(fresh()[0], { kind, reason, who, times });
  }

  #looksRight(line, { kind, reason, who, times }) {
    const { time, source, principal, ...rest } = line;
    assert.ok(!Number.isNaN(Date.parse(time)));
    const level = kind === 'access_ended' ? 'info' : 'warning';
    const expected = { level, event: kind, reason, ...(times > 1 ? { times } : {}) };
    assert.deepEqual(rest, expected);
    assert.match(source, kDigest);
    this.#sources.add(source);
    assert.equal(this.#sources.size, 1, 'one source, one digest, whatever it does');
    if (who === undefined) {
      assert.equal(principal, undefined, JSON.stringify(line));
      return;
    }
    assert.match(principal ?? '', kDigest, JSON.stringify(line));
    const known = this.#principals.get(who.id) ?? principal;
    assert.equal(principal, known, 'one person, one digest');
    this.#principals.set(who.id, principal);
    assert.equal(new Set(this.#principals.values()).size, this.#principals.size);
  }
}
