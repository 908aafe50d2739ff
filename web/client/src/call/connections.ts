// SPDX-License-Identifier: Apache-2.0
// The media paths of one call by the reducer's keys, and what we know about each.
import { FirstFrameClock } from '../media/first_frame.ts';
import type { LocalMedia, LocalState } from '../media/local.ts';
import { type Measured, measure, NOTHING_MEASURED } from '../media/measure.ts';
import { type IceSettings, type Path, Peer } from '../media/peer.ts';
import type { SideNote } from '../media/side_note.ts';
import type { ClientEvent, IceServer } from '../protocol/events.ts';
import type { Measurement } from './measurement.ts';
import { judge, type Quality } from './quality.ts';
import type { Effect, PeerEffect, Phase } from './state.ts';

export interface ConnectionsListener {
  send(key: string, eventTo: (to: string, roomId: string) => ClientEvent): void;
  path(key: string, path: Path): void;
  changed(): void;
  refreshIce(): Promise<void>;
}

/** What the page may know about one media path. */
export interface Connection {
  readonly stream: MediaStream | null;
  readonly note: SideNote | null;
  readonly quality: Quality;
}

interface Held {
  readonly peer: Peer;
  connection: Connection;
  last: Measured;
  restart: ReturnType<typeof setTimeout> | undefined;
}

const MEASURE_EVERY_MS = 2000;

function noteOf(state: LocalState): SideNote {
  return {
    v: 1,
    microphone: state.microphone === 'on' ? 'on' : 'off',
    camera: state.camera === 'on' ? 'on' : 'off',
    screen: state.sharing ? 'on' : 'off',
  };
}

export class Connections {
  readonly clock = new FirstFrameClock();
  readonly #media: LocalMedia;
  readonly #listener: ConnectionsListener;
  readonly #held = new Map<string, Held>();
  #ice: IceSettings = { iceServers: [], policy: 'all' };
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(media: LocalMedia, listener: ConnectionsListener) {
    this.#media = media;
    this.#listener = listener;
    media.changes.on((state) => this.#localChanged(state));
  }

  of(key: string): Connection | undefined {
    return this.#held.get(key)?.connection;
  }

  setIceServers(iceServers: readonly IceServer[]): void {
    this.#setIce({ ...this.#ice, iceServers });
  }

  run(effect: PeerEffect | (Effect & { kind: 'ice' })): void {
    switch (effect.kind) {
      case 'ice':
        return this.#setIce({ iceServers: effect.iceServers, policy: effect.policy });
      case 'peer-open':
        return this.#open(effect.key, effect.weOffer);
      case 'peer-continue':
        return this.#held.get(effect.key)?.peer.goOn(effect.weOffer);
      case 'peer-restart':
        return this.#restartLater(effect.key, effect.ms);
      case 'peer-close':
        return this.#close(effect.key);
      case 'peer-description':
        return this.#held.get(effect.key)?.peer.describe(effect.description);
      case 'peer-candidate':
        return this.#held.get(effect.key)?.peer.addCandidate(effect.candidate);
    }
  }

  /** What the path to `key` measures; nothing while nobody else is here. */
  async measure(state: Phase, key: string | undefined): Promise<Measurement> {
    const held = key === undefined ? undefined : this.#held.get(key);
    const measured = held ? await measure(held.peer.connection) : NOTHING_MEASURED;
    return { state, connectMs: this.clock.elapsedMs, ...measured };
  }

  #setIce(ice: IceSettings): void {
    this.#ice = ice;
    for (const { peer } of this.#held.values()) peer.setIce(ice);
  }

  #open(key: string, weOffer: boolean): void {
    const update = (change: Partial<Connection>): void => {
      const held = this.#held.get(key);
      if (!held) return;
      held.connection = { ...held.connection, ...change };
      this.#listener.changed();
    };
    const peer = new Peer(
      {
        describe: (description) =>
          this.#listener.send(key, (to, roomId) =>
            description.type === 'offer'
              ? { name: 'offer', body: { offer: description, to, roomId } }
              : { name: 'answer', body: { answer: description, to, roomId } },
          ),
        candidate: (candidate) =>
          this.#listener.send(key, (to, roomId) => ({
            name: 'ice-candidate',
            body: { candidate, to, roomId },
          })),
        path: (path) => this.#listener.path(key, path),
        stream: (stream) => update({ stream }),
        note: (note) => update({ note }),
      },
      this.#ice,
      this.#media.outgoing(),
      noteOf(this.#media.state),
      weOffer,
    );
    const connection: Connection = { stream: null, note: null, quality: 'good' };
    this.#held.set(key, { peer, connection, last: NOTHING_MEASURED, restart: undefined });
    this.clock.watch(() => this.#held.get(key)?.peer.connection);
    this.#timer ??= setInterval(() => void this.#measureAll(), MEASURE_EVERY_MS);
  }

  #close(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    clearTimeout(held.restart);
    held.peer.close();
    this.#held.delete(key);
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.clock.stop();
  }

  #restartLater(key: string, ms: number): void {
    const held = this.#held.get(key);
    if (!held) return;
    clearTimeout(held.restart);
    held.restart = setTimeout(() => void this.#restart(key), ms);
  }

  /** TURN credentials are short-lived: a restart with the old ones may be refused. */
  async #restart(key: string): Promise<void> {
    if (this.#held.get(key)?.peer.connection.connectionState === 'connected') return;
    if (this.#ice.iceServers.length > 0) await this.#listener.refreshIce();
    this.#held.get(key)?.peer.restart();
  }

  #localChanged(state: LocalState): void {
    const outgoing = this.#media.outgoing();
    const note = noteOf(state);
    for (const { peer } of this.#held.values()) {
      peer.setOutgoing(outgoing);
      peer.tell(note);
    }
  }

  async #measureAll(): Promise<void> {
    for (const held of this.#held.values()) {
      const now = await measure(held.peer.connection);
      const quality = judge(held.last, now);
      held.last = now;
      if (quality === held.connection.quality) continue;
      held.connection = { ...held.connection, quality };
      this.#listener.changed();
    }
  }
}
