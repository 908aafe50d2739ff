// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { openRight } from '../session/keeper.ts';
import { socketTransport } from '../transport/transport.ts';
import { requireSecure } from './secure.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  'https://call.example',
  'https://call.example:8443',
  'wss://call.example',
  'HTTPS://call.example',
  'http://localhost:3000',
  'http://rooms.localhost',
  'http://127.0.0.1:3000',
  'http://127.9.9.9',
  'http://2130706433',
  'http://[::1]:3000',
  'ws://localhost',
])('%s_may_be_spoken_to', (server) => {
  expect(() => requireSecure(server)).not.toThrow();
});

test.each([
  'http://call.example',
  'ws://call.example',
  'http://localhost.call.example',
  'http://127.0.0.1.call.example',
  'http://evil-localhost',
  'http://localhost@call.example',
  'http://128.0.0.1',
  'http://192.168.1.20:3000',
  'http://0.0.0.0',
  'http://[::]',
  'http://[::ffff:10.0.0.1]',
  'http://1270.0.1',
  'ftp://localhost',
  'file:///etc',
  'localhost:3000',
  'call.example',
  '//call.example',
  '/rooms',
  'http://',
])('%s_may_not', (server) => {
  expect(() => requireSecure(server)).toThrow(TypeError);
});

test('the_pages_own_server_is_held_to_the_same', () => {
  vi.stubGlobal('location', { origin: 'http://call.example' });
  expect(() => requireSecure('')).toThrow(TypeError);
  vi.stubGlobal('location', { origin: 'https://call.example' });
  expect(() => requireSecure('')).not.toThrow();
});

test('a_transport_to_a_plain_server_is_not_made', () => {
  const listener = { onLink: vi.fn(), onServer: vi.fn() };
  const plain = socketTransport({ url: 'http://call.example', token: () => 'token' });
  expect(() => plain(listener)).toThrow(TypeError);
});

test('a_code_does_not_go_to_a_plain_server', async () => {
  const fetch = vi.fn();
  const options = { storage: sessionStorage, fetch, origin: 'http://call.example', now: Date.now };
  await expect(openRight(options, `#code=${'a'.repeat(43)}`)).rejects.toThrow(TypeError);
  expect(fetch).not.toHaveBeenCalled();
});
