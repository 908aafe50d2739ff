// SPDX-License-Identifier: Apache-2.0
// Runs what the reducer decides: the only place where call, transport, media and right meet.
import { Emitter } from '../emitter.ts';
import type { DeviceFailure } from '../media/devices.ts';
import type { LocalMedia } from '../media/local.ts';
import type { ClientEvent, RoomRef } from '../protocol/events.ts';
import { fieldsOf, iceServersOf } from '../protocol/parse.ts';
import type { Transport, TransportFactory } from '../transport/transport.ts';
import { Connections } from './connections.ts';
import type { Measurement } from './measurement.ts';
import { reduce } from './reduce.ts';
import type { CallEvent } from './state.ts';
import { type CallState, type Effect, initialState } from './state.ts';
import { type CallView, viewOf } from './view.ts';

export interface CallOptions {
  readonly room: RoomRef;
  readonly transport: TransportFactory;
  readonly media: LocalMedia;
  /** Asked when the server says that our token is over. */
  readonly renew: () => Promise<{ readonly token: string } | 'over' | 'unreachable'>;
}

export class Call {
  readonly changes = new Emitter<CallView>();
  readonly media: LocalMedia;
  readonly #options: CallOptions;
  readonly #transport: Transport;
  readonly #connections: Connections;
  #state: CallState;
  #view: CallView;

  constructor(options: CallOptions) {
    this.#options = options;
    this.media = options.media;
    this.#state = initialState(options.room);
    this.#transport = options.transport({
      onLink: (link) => this.#apply({ kind: 'link', link }),
      onServer: (event) => this.#apply({ kind: 'server', event }),
    });
    this.#connections = new Connections(options.media, {
      send: (key, event) => this.#signal(key, event),
      path: (key, path) => this.#apply({ kind: 'path', key, path }),
      changed: () => this.#publish(),
      refreshIce: () => this.#refreshIce(),
    });
    this.#view = viewOf(this.#state, this.#connections);
  }

  get view(): CallView {
    return this.#view;
  }

  join(): void {
    this.#connections.clock.start();
    this.#apply({ kind: 'join' });
  }

  leave(): void {
    this.#apply({ kind: 'leave' });
  }

  /** The therapist's right; the server decides, and says so when it is not ours. */
  end(): void {
    this.#apply({ kind: 'end' });
  }

  /** Call it when the token was renewed for another reason than a refusal. */
  tokenRenewed(token: string): void {
    this.#apply({ kind: 'renewed', token });
  }

  shareScreen(): Promise<DeviceFailure | null> {
    return this.media.shareScreen();
  }

  measure(): Promise<Measurement> {
    return this.#connections.measure(this.#view.phase, this.#view.remotes[0]?.key);
  }

  #apply(event: CallEvent): void {
    const [state, effects] = reduce(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    this.#publish();
  }

  #publish(): void {
    this.#view = viewOf(this.#state, this.#connections);
    this.changes.emit(this.#view);
  }

  #run(effect: Effect): void {
    switch (effect.kind) {
      case 'connect':
        return this.#transport.connect();
      case 'disconnect':
        return this.#transport.disconnect();
      case 'send':
        return this.#transport.send(effect.event);
      case 'renew':
        return void this.#renew();
      case 'retry-later': {
        const { turn, ms } = effect;
        setTimeout(() => this.#apply({ kind: 'retry', turn }), ms);
        return undefined;
      }
      case 'away-later': {
        const { key, socketId, ms } = effect;
        setTimeout(() => this.#apply({ kind: 'away-over', key, socketId }), ms);
        return undefined;
      }
      default:
        return this.#connections.run(effect);
    }
  }

  async #renew(): Promise<void> {
    const fresh = await this.#options.renew();
    if (fresh === 'over') return this.#apply({ kind: 'renew-refused' });
    if (fresh === 'unreachable') return this.#apply({ kind: 'renew-unreachable' });
    return this.#apply({ kind: 'renewed', token: fresh.token });
  }

  /** Keys are ours, socket ids the moment's: the address is looked up when something is sent. */
  #signal(key: string, eventTo: (to: string, roomId: string) => ClientEvent): void {
    const remote = this.#state.remotes.find((each) => each.key === key);
    if (!remote || this.#state.phase !== 'joined') return;
    this.#transport.send(eventTo(remote.person.socketId, this.#state.room.roomId));
  }

  async #refreshIce(): Promise<void> {
    const { roomId } = this.#state.room;
    const answer = await this.#transport.ask({ name: 'ice-servers', body: { roomId } });
    const iceServers = iceServersOf(fieldsOf(answer)?.['iceServers']);
    if (iceServers.length > 0) this.#connections.setIceServers(iceServers);
  }
}
