// SPDX-License-Identifier: Apache-2.0
// A page of another origin, with no policy of its own, and what its scripts may try on a server.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Serves one empty page; `urls` are its cross-site and its same-site address for 127.0.0.1. */
export class StrangePage {
  #server = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end('<!doctype html><title>Strange</title><body></body>');
  });

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address();
    this.urls = {
      'another site': `http://localhost:${port}/`,
      'another port': `http://127.0.0.1:${port}/`,
    };
    return this;
  }

  async stop() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

/**
 * Runs in a page: what becomes of each way to reach the server at `target`, `open` or `shut` by
 * name. The `roads` are open in the server's own page; `elements` lead nowhere from anywhere.
 */
export async function tryRoads(target) {
  const kWaitMs = 5_000;
  const polling = `${target}socket.io/?EIO=4&transport=polling`;
  const config = `${target}api/video-calls/config`;
  const end = (subject) =>
    new Promise((resolve) => {
      for (const good of ['open', 'load']) subject.addEventListener(good, () => resolve('open'));
      subject.addEventListener('error', () => resolve('shut'));
      setTimeout(() => resolve('silent'), kWaitMs);
    });
  const fetched = (url, options) =>
    fetch(url, options).then(
      () => 'open',
      () => 'shut',
    );
  const requested = (url, withCredentials) => {
    const request = new XMLHttpRequest();
    request.open('GET', url);
    request.withCredentials = withCredentials;
    request.send();
    return end(request);
  };
  const loaded = (tag, fields) => {
    const made = document.createElement(tag);
    try {
      Object.assign(made, fields);
    } catch {
      return 'shut'; // the page's own policy takes no address of a script that is text
    }
    document.head.append(made);
    return end(made);
  };
  const socket = `${target.replace(/^http/, 'ws')}socket.io/?EIO=4&transport=websocket`;
  const credentials = 'include';
  const roads = {
    'a websocket': end(new WebSocket(socket)),
    'fetch of a handshake': fetched(polling),
    'fetch with credentials': fetched(polling, { credentials }),
    'fetch that asks for no answer': fetched(polling, { mode: 'no-cors', credentials }),
    XMLHttpRequest: requested(polling, false),
    'XMLHttpRequest with credentials': requested(polling, true),
    'fetch of REST': fetched(config, { credentials }),
    'fetch of REST after a preflight': fetched(config, { headers: { Authorization: 'Bearer x' } }),
    'fetch that posts': fetched(`${target}api/links/exchange`, { method: 'POST', body: '{}' }),
    'fetch of the page': fetched(target),
    'an image': loaded('img', { src: `${target}icon.svg` }),
  };
  const elements = {
    'a script of REST': loaded('script', { src: config }),
    'a script of a handshake': loaded('script', { src: polling }),
    'a module': loaded('script', { src: config, type: 'module' }),
    'a stylesheet': loaded('link', { href: config, rel: 'stylesheet' }),
    'an image of REST': loaded('img', { src: config }),
    'an event stream': end(new EventSource(config)),
    'an event stream with credentials': end(new EventSource(config, { withCredentials: true })),
  };
  const ends = async (tried) =>
    Object.fromEntries(
      await Promise.all(Object.entries(tried).map(async ([name, ended]) => [name, await ended])),
    );
  return { roads: await ends(roads), elements: await ends(elements) };
}

/** Runs in a page: a form that sends `body` to `action` into a frame called `name`. */
export function postForm({ action, name }) {
  const frame = Object.assign(document.createElement('iframe'), { name });
  const form = Object.assign(document.createElement('form'), {
    action,
    method: 'POST',
    enctype: 'text/plain',
    target: name,
  });
  const field = Object.assign(document.createElement('input'), { name: '40{}', value: '' });
  form.append(field);
  document.body.append(frame, form);
  form.submit();
}

/** Runs in a page: the room in a frame. */
export function frameRoom(target) {
  document.body.append(Object.assign(document.createElement('iframe'), { src: target }));
}
