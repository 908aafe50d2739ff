// SPDX-License-Identifier: Apache-2.0
// A strict server and the proxy before it, in each of the ways that are shipped.
import assert from 'node:assert/strict';
import https from 'node:https';
import { after, before, describe, test } from 'node:test';
import { Client, closeAll } from '../../contract/lib/client.mjs';
import { Stillroom } from '../../contract/lib/stillroom.mjs';
import { until, within } from '../../contract/lib/waiting.mjs';
import { absent, RunningProxy } from './proxy.mjs';

const kAnswerMsMax = 10_000;

/** The proxies are at .1; these are people, each with a machine of their own. */
export const kAnn = '127.0.0.2';
export const kTea = '127.0.0.3';
export const kMallory = '127.0.0.4';

const kWays = {
  'nginx and X-Forwarded-For': { kind: 'nginx', words: 'x-forwarded' },
  'nginx and Forwarded': { kind: 'nginx', words: 'forwarded' },
  'HAProxy and X-Forwarded-For': { kind: 'haproxy', words: 'x-forwarded' },
  'HAProxy and Forwarded': { kind: 'haproxy', words: 'forwarded' },
  'HAProxy and a PROXY header': { kind: 'haproxy', words: 'proxy-protocol' },
  'HAProxy that lets TLS through': { kind: 'haproxy-tcp', words: 'proxy-protocol' },
};

/** What somebody may write himself, in the hope to be taken for Tea, on a wire that nobody reads. */
export const kForged = {
  'X-Forwarded-For': kTea,
  'X-Forwarded-Proto': 'https',
  Forwarded: `for=${kTea};proto=https`,
};
export const kForgedLines = Object.entries(kForged)
  .map(([field, value]) => `\r\n${field}: ${value}`)
  .join('');

export class Site {
  /** `settings` are environment variables of the server. */
  static async start({ kind, words }, settings = {}) {
    const site = new Site();
    site.proxy = await RunningProxy.prepare(kind, words === 'proxy-protocol');
    const { certificate, url } = site.proxy;
    const ownTls = {
      STILLROOM_TLS_CERTIFICATE: certificate.ca,
      STILLROOM_TLS_KEY: certificate.key,
    };
    try {
      site.server = await Stillroom.startStrict({
        STILLROOM_SERVER_TRUSTED_PROXIES: '127.0.0.1',
        STILLROOM_SERVER_FORWARDED: words,
        STILLROOM_SECURITY_ALLOWED_ORIGINS: url,
        ...(kind === 'haproxy-tcp' ? ownTls : {}),
        ...settings,
      });
      await site.proxy.start(site.server.port);
    } catch (error) {
      await site.stop();
      throw error;
    }
    return site;
  }

  async stop() {
    closeAll();
    await this.proxy.stop();
    if (this.server) assert.equal(await this.server.stop(), 0);
  }

  get url() {
    return this.proxy.url;
  }

  /** The options of a stock client on somebody's machine, in a page of this site. */
  from(address, headers = {}) {
    return {
      agent: new https.Agent({ localAddress: address, rejectUnauthorized: false }),
      rejectUnauthorized: false,
      extraHeaders: { Origin: this.url, ...headers },
    };
  }

  fetched(path, headers = {}, address = kAnn) {
    const { agent } = this.from(address);
    const answer = new Promise((resolve, reject) => {
      const request = https.get(`${this.url}${path}`, { agent, headers }, async (response) => {
        let body = '';
        for await (const piece of response) body += piece;
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
      request.on('error', reject);
    });
    return within(kAnswerMsMax, path, answer);
  }

  /** What a client with a bad token hears. */
  async refusal(options, url = this.url) {
    const auth = { token: 'not.a.token' };
    return (await new Client(url, { auth, ...options }).refused()).message;
  }

  /** The digest of the source with which the log tells of a bad token. */
  sourceOf(options, url = this.url) {
    return this.#sourceIn('"event":"connect_refused"', async () => {
      assert.equal(await this.refusal(options, url), 'Authentication failed');
    });
  }
  /** And with which it tells of a page of another site. */
  sourceOfRequest(path, address) {
    // A client that closes may still ask for a link that is gone, which is refused too.
    return this.#sourceIn('"event":"request_refused","reason":"origin_refused"', async () => {
      const { status } = await this.fetched(path, { Origin: 'https://other.example' }, address);
      assert.equal(status, 403);
    });
  }
  async #sourceIn(words, act) {
    // The last one may not be whole yet.
    const lines = () => this.server.log.split('\n').slice(0, -1);
    const told = () => lines().filter((line) => line.includes(words));
    const earlier = told().length;
    await act();
    return JSON.parse(await until('a line', () => told()[earlier])).source;
  }
}

/** `body(way)` in a suite for each way; a skipped test where its proxy is not there. */
export function behindEach(what, body) {
  for (const [name, way] of Object.entries(kWays)) {
    const skip = absent(way.kind === 'nginx' ? 'nginx' : 'haproxy');
    const title = `${what} behind ${name}`;
    // Of a suite nobody would count that it was skipped.
    if (skip) test(title, { skip }, () => {});
    else describe(title, () => body(way));
  }
}

/** As behindEach(), with one site for the tests of a suite; `site()` is it while they run. */
export function onEachSite(what, body) {
  behindEach(what, (way) => {
    let running;
    before(async () => {
      running = await Site.start(way);
    });
    after(() => running?.stop());
    body(() => running, way);
  });
}
