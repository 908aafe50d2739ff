// SPDX-License-Identifier: Apache-2.0
// The stock client against a server that can say no more than hello (Engine.IO 4 by polling).
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SocketOptions, socketTransport, type Transport } from './transport.ts';

const OPEN = '0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1e5}';

let server: Server;
let transport: Transport | undefined;
let url: string;
/** The queries of the handshakes, and what the server says at each. */
let shown: URLSearchParams[];
let hellos: unknown[];

beforeEach(async () => {
  shown = [];
  hellos = [];
  let say: string[] = [];
  server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://localhost').searchParams;
    if (query.get('transport') !== 'polling') {
      response.statusCode = 400;
      return response.end();
    }
    if (request.method === 'POST') {
      request.resume();
      return response.end('ok');
    }
    if (!query.has('sid')) {
      shown.push(query);
      const hello = JSON.stringify(['server:hello', hellos.shift()]);
      // The end of the connection follows its hello: the client comes back by itself.
      say = [`40{"sid":"x"}\x1e42${hello}`, '1'];
      return response.end(OPEN);
    }
    return response.end(say.shift() ?? '6');
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the server has a port');
  url = `http://127.0.0.1:${address.port}`;
});
afterEach(() => {
  transport?.disconnect();
  server.closeAllConnections();
  server.close();
});

/** Connects until the server has seen so many handshakes; what each of them showed. */
async function passesShown(times: number, options: Partial<SocketOptions> = {}) {
  const seen = new Promise<void>((done) => {
    server.on('request', () => shown.length >= times && done());
  });
  transport = socketTransport({ url, token: () => 't', ...options })({
    onLink: () => {},
    onServer: () => {},
  });
  transport.connect();
  await seen;
  return shown.slice(0, times).map((query) => query.get('returnPass'));
}

test('the_pass_of_the_last_connection_is_shown_at_the_next_handshake', async () => {
  hellos = [{ returnPass: 'first' }, { returnPass: 'second' }, {}];
  expect(await passesShown(3)).toEqual([null, 'first', 'second']);
});

test('one_that_was_kept_is_shown_at_once_and_a_new_one_is_given_to_be_kept', async () => {
  const kept: string[] = [];
  hellos = [{ returnPass: 'new' }, {}];
  const options = { returnPass: 'kept', keepPass: (pass: string) => void kept.push(pass) };
  expect(await passesShown(2, options)).toEqual(['kept', 'new']);
  expect(kept).toEqual(['new']);
});

test.each([
  undefined,
  {},
  { returnPass: 7 },
  { returnPass: 'a&b=c' },
  { returnPass: 'x'.repeat(129) },
])('what_is_no_pass_is_not_shown: %j', async (hello) => {
  hellos = [{ returnPass: 'good' }, hello, {}];
  expect(await passesShown(3)).toEqual([null, 'good', 'good']);
});
