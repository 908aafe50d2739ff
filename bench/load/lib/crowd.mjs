// SPDX-License-Identifier: Apache-2.0
// Many members on one server, two to a room.
import { readFileSync } from 'node:fs';
import { Member } from './member.mjs';

// Bounds both servers' handshakes under way, which set a server's memory peak.
const kJoinsAtOnceMax = 32;
// One address has some 28,000 ports, fewer while old ones linger in TIME_WAIT.
const kAddresses = 64;
const kDescriptorsSpare = 200;

function refuseTooMany(count) {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const most = Number(/^Max open files +(\d+)/m.exec(limits)?.[1]);
  if (count + kDescriptorsSpare > most) {
    throw new Error(`${count} connections do not fit into ${most} descriptors (ulimit -n)`);
  }
}

export class Crowd {
  members = [];
  #port;
  #seats;
  #lost = [];

  /** `rooms` as `makeRooms()` made them; a room's two people join one after the other. */
  constructor(port, rooms) {
    this.#port = port;
    this.#seats = rooms.flatMap(({ roomId, sessionId, people }) =>
      people.map(({ token }) => ({ token, roomId, sessionId })),
    );
    refuseTooMany(this.#seats.length);
  }

  /** Until `count` members sit. Members 2n and 2n+1 share a room. */
  async growTo(count) {
    const workers = Array.from({ length: kJoinsAtOnceMax }, () => this.#joinPairs(count));
    await Promise.all(workers);
    this.check();
  }

  /** Throws when a seated member was put out: the figures would be of another load. */
  check() {
    if (this.#lost.length > 0) throw new Error(`${this.#lost.length} lost: ${this.#lost[0]}`);
  }

  pings() {
    return this.members.reduce((sum, member) => sum + member.pings, 0);
  }

  close() {
    for (const member of this.members) member.close();
  }

  #next = 0;

  async #joinPairs(count) {
    while (this.#next < count) {
      const first = this.#next;
      this.#next += 2;
      for (const index of [first, first + 1]) await this.#join(index);
    }
  }

  async #join(index) {
    const localAddress = `127.0.1.${1 + (index % kAddresses)}`;
    const member = await Member.join({ port: this.#port, localAddress }, this.#seats[index]);
    member.onLost = (reason) => this.#lost.push(reason);
    this.members[index] = member;
  }
}
