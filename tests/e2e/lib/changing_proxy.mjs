// SPDX-License-Identifier: Apache-2.0
// Somebody between browser and server who changes the last byte of some files, and nothing else.
import { once } from 'node:events';
import { createServer, request } from 'node:http';

export class ChangingProxy {
  /** Which paths are changed. */
  changes = /^$/;
  #server;

  constructor(target) {
    this.#server = createServer((asked, answer) => {
      // The page's origin is ours here, and not one that the server knows.
      const { 'accept-encoding': _, origin: __, ...headers } = asked.headers;
      const passed = request(new URL(asked.url, target), { method: asked.method, headers });
      passed.on('response', async (got) => {
        const body = Buffer.concat(await got.toArray());
        // What ends a script or a stylesheet may be a blank as well: only its digest is another.
        if (this.changes.test(asked.url)) body[body.length - 1] = ' '.charCodeAt(0);
        answer.writeHead(got.statusCode, { ...got.headers, 'cache-control': 'no-store' });
        answer.end(body);
      });
      passed.on('error', () => answer.destroy());
      asked.pipe(passed);
    });
  }

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}/`;
    return this;
  }

  async stop() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
