// SPDX-License-Identifier: Apache-2.0
// Paced relaying between the pairs of a crowd: both servers get the same messages at the same rate,
// so that neither profits from being asked for more at once.
import { pause, quantile } from './figures.mjs';
import { frameOf, kBudgets } from './messages.mjs';

const kTickMs = 1;
// Were the server this far behind, the rate is too high for it: the round then takes longer.
const kUnderwayMax = 512;
const kSilenceMsMax = 10_000;
// Stay clear of a budget's edge.
const kBudgetShare = 0.9;

/** What each member may still say of one kind, if all say the same number. */
class Allowance {
  #left;
  #at = performance.now();
  constructor({ burst, perMinute }) {
    this.most = burst * kBudgetShare;
    this.perMs = (perMinute / 60_000) * kBudgetShare;
    this.#left = this.most;
  }

  async spend(count) {
    if (count > this.most) throw new Error(`${count} messages at once are over the budget`);
    this.#refill();
    if (this.#left < count) await pause((count - this.#left) / this.perMs);
    this.#refill();
    this.#left -= count;
  }

  #refill() {
    const now = performance.now();
    this.#left = Math.min(this.most, this.#left + (now - this.#at) * this.perMs);
    this.#at = now;
  }
}

export class Traffic {
  #crowd;
  #rooms;
  #allowances;
  #frames = new Map();
  #round = null;

  constructor(crowd, rooms) {
    this.#crowd = crowd;
    this.#rooms = rooms;
    this.#allowances = Object.fromEntries(
      Object.entries(kBudgets).map(([name, budget]) => [name, new Allowance(budget)]),
    );
    crowd.members.forEach((member, index) => {
      member.onEvent = (name) => this.#arrived(name, index ^ 1);
    });
  }

  /** Bytes of one frame as it is sent. */
  bytesOf(kind) {
    return this.#framesOf(kind)[0].length;
  }

  /** Every member sends the message `perMember` times; `{messages, ms, p50Ms, p99Ms}`. */
  async run(kind, perMember, rate = kind.rate) {
    await this.#allowances[kind.budget].spend(perMember);
    const total = perMember * this.#crowd.members.length;
    const sentAt = this.#crowd.members.map(() => 0);
    const started = performance.now();
    const frames = this.#framesOf(kind);
    this.#round = { kind, total, rate, sentAt, started, frames, sent: 0, seen: [], at: started };
    await this.#drive(this.#round);
    const { seen } = this.#round;
    const ms = performance.now() - started;
    this.#round = null;
    return { messages: total, ms, p50Ms: quantile(seen, 0.5), p99Ms: quantile(seen, 0.99) };
  }

  #framesOf(kind) {
    if (!this.#frames.has(kind)) {
      const frames = this.#crowd.members.map((_, index) =>
        frameOf(kind, this.#crowd.members[index ^ 1].id, this.#rooms[index >> 1].roomId),
      );
      this.#frames.set(kind, frames);
    }
    return this.#frames.get(kind);
  }

  async #drive(round) {
    while (round.seen.length < round.total) {
      const now = performance.now();
      this.#crowd.check();
      if (now - round.at > kSilenceMsMax) {
        throw new Error(`${round.seen.length} of ${round.total} ${round.kind.event} arrived`);
      }
      this.#sendDue(round, now);
      await pause(kTickMs);
    }
  }

  #sendDue(round, now) {
    const due = Math.min(round.total, Math.ceil(((now - round.started) * round.rate) / 1000));
    while (round.sent < due && round.sent - round.seen.length < kUnderwayMax) {
      const index = round.sent % round.sentAt.length;
      // One message of each sender at a time, so that its way can be timed.
      if (round.sentAt[index] !== 0) break;
      round.sentAt[index] = performance.now();
      this.#crowd.members[index].write(round.frames[index]);
      round.sent += 1;
    }
  }

  #arrived(name, sender) {
    const round = this.#round;
    if (!round || name !== round.kind.event) return;
    const now = performance.now();
    round.seen.push(now - round.sentAt[sender]);
    round.sentAt[sender] = 0;
    round.at = now;
  }
}
