// SPDX-License-Identifier: Apache-2.0
// The socket.io connection of one page (Playwright), read and slowed down on its way.

const kDescriptions = ['offer', 'answer'];

/** The event's name in a Socket.IO packet of the root namespace, else undefined. */
function eventOf(message) {
  return /^42\d*\["([^"]+)"/.exec(message)?.[1];
}

export class Signalling {
  /** Names of the descriptions that the page sent, in order. */
  sent = [];
  #holding = false;
  #waiting = [];

  /** Before the page is opened. */
  attach(page) {
    return page.routeWebSocket(/\/socket\.io\//, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        const name = eventOf(String(message));
        if (kDescriptions.includes(name)) this.sent.push(name);
        server.send(message);
      });
      server.onMessage((message) => {
        const name = eventOf(String(message));
        // Pings go through: a page whose signalling is slow is not one that is gone.
        if (this.#holding && name) this.#waiting.push({ name, pass: () => socket.send(message) });
        else socket.send(message);
      });
    });
  }

  forget() {
    this.sent = [];
  }

  /** From now on events for the page wait, in order. */
  hold() {
    this.#holding = true;
  }

  /** Names of the events that wait. */
  get held() {
    return this.#waiting.map(({ name }) => name);
  }

  release() {
    this.#holding = false;
    for (const { pass } of this.#waiting.splice(0)) pass();
  }
}
