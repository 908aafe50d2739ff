// SPDX-License-Identifier: Apache-2.0
// Two people in a call of their own, who must not notice what happens to others.
import assert from 'node:assert/strict';
import { pair } from './client.mjs';
import { candidate, portOf } from './media.mjs';
import { pause, within } from './waiting.mjs';

// Under the candidate budget of one connection, 20 a second.
const kBetweenExchangesMs = 120;
const kExchangeMsMax = 5_000;

export class Bystanders {
  #port = 20_000;

  static async join(server) {
    const them = new Bystanders();
    const scene = await server.scene({ fresh: true });
    Object.assign(them, await pair(server, scene, { transports: ['websocket'] }));
    them.roomId = scene.roomId;
    return them;
  }

  /** One candidate each way; nothing else arrives meanwhile. */
  async exchange() {
    this.#port = this.#port >= 60_000 ? 20_000 : this.#port + 1;
    for (const [from, to] of [
      [this.client, this.therapist],
      [this.therapist, this.client],
    ]) {
      const body = { candidate: candidate(this.#port), to: to.id, roomId: this.roomId };
      assert.deepEqual(await from.ask('ice-candidate', body), { ok: true });
      const heard = await within(kExchangeMsMax, 'the exchange', to.expect('ice-candidate'));
      assert.equal(heard.from, from.id);
      assert.equal(portOf(heard.candidate.candidate), this.#port);
    }
  }

  /** They exchange an event before `act`, all the while it runs, and after it. */
  async undisturbed(act) {
    await this.exchange();
    const work = { done: false };
    const acting = act().finally(() => {
      work.done = true;
    });
    acting.catch(() => {});
    do {
      await this.exchange();
      await Promise.race([acting.catch(() => {}), pause(kBetweenExchangesMs)]);
    } while (!work.done);
    const result = await acting;
    await this.exchange();
    assert.equal(this.client.disconnected ?? this.therapist.disconnected, undefined);
    return result;
  }
}
