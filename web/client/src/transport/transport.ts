// SPDX-License-Identifier: Apache-2.0
// One stock socket.io connection, spoken to in typed events.
import { io, type Socket } from 'socket.io-client';
import type { ClientEvent, ServerEvent } from '../protocol/events.ts';
import { SERVER_EVENT_NAMES } from '../protocol/events.ts';
import { fieldsOf, parseServerEvent, returnPassOf, textOf } from '../protocol/parse.ts';
import { connectRefusal, type Refusal } from '../protocol/refusals.ts';
import { requireSecure } from '../protocol/secure.ts';

export type LinkEvent =
  | { readonly kind: 'up'; readonly recovered: boolean }
  | { readonly kind: 'down' }
  /** Nobody answered; the transport goes on trying by itself. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly retryAfterMs: number };

export interface TransportListener {
  onLink(event: LinkEvent): void;
  onServer(event: ServerEvent): void;
}

export interface Transport {
  connect(): void;
  /** Closes with a DISCONNECT packet, so that others see us go at once. */
  disconnect(): void;
  send(event: ClientEvent): void;
  /** The raw acknowledgement, or undefined when none came in time. */
  ask(event: ClientEvent): Promise<unknown>;
}

export type TransportFactory = (listener: TransportListener) => Transport;

export interface SocketOptions {
  /** Origin of the server; absent: the page's own. */
  readonly url?: string;
  /**
   * Asked on every connect, so a renewed token is used from then on. Null: there is none, which is
   * told as a token that has ended.
   */
  readonly token: () => string | null | Promise<string | null>;
  /**
   * What lets us back in beside a flood from our own address. Kept in memory by itself; whoever can
   * keep it for longer does so in `keepPass` and gives it back here.
   */
  readonly returnPass?: string | undefined;
  readonly keepPass?: (returnPass: string) => void;
}

const ASK_MS_MAX = 4000;
const RECONNECT_MS_MIN = 400;
const RECONNECT_MS_MAX = 5000;

function listen(socket: Socket, listener: TransportListener): void {
  socket.on('connect', () => listener.onLink({ kind: 'up', recovered: socket.recovered }));
  socket.on('disconnect', () => {
    // After a server-side DISCONNECT the client library stays down; the call decides what next.
    listener.onLink({ kind: 'down' });
    if (!socket.active) {
      listener.onLink({ kind: 'refused', refusal: 'unreachable', retryAfterMs: 0 });
    }
  });
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    if (socket.active) return listener.onLink({ kind: 'unreachable' });
    const data = fieldsOf(error.data);
    const retry = data?.['retryAfterMs'];
    return listener.onLink({
      kind: 'refused',
      refusal: connectRefusal(error.message, textOf(data?.['code']) ?? ''),
      retryAfterMs: typeof retry === 'number' ? retry : 0,
    });
  });
  for (const name of SERVER_EVENT_NAMES) {
    socket.on(name, (raw: unknown) => {
      const event = parseServerEvent(name, raw);
      if (event) listener.onServer(event);
    });
  }
}

export function socketTransport(options: SocketOptions): TransportFactory {
  return (listener) => {
    requireSecure(options.url ?? '');
    // In the query, as the door may be closed long before `auth` is heard. The client library reads
    // it at each handshake.
    const query: { returnPass?: string } = options.returnPass
      ? { returnPass: options.returnPass }
      : {};
    const settings = {
      autoConnect: false,
      // Websocket first saves two round trips on the way to the first picture.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: RECONNECT_MS_MIN,
      reconnectionDelayMax: RECONNECT_MS_MAX,
      query,
      auth: (give: (auth: object) => void) => void offer(give),
    };
    // A manager of its own: two calls on one page never share a connection.
    const socket = options.url
      ? io(options.url, { ...settings, forceNew: true })
      : io({ ...settings, forceNew: true });
    socket.on('server:hello', (raw: unknown) => {
      const returnPass = returnPassOf(raw);
      if (!returnPass) return;
      query.returnPass = returnPass;
      options.keepPass?.(returnPass);
    });
    let wanted = false;
    let asked = 0;
    // The answer may come when the connection that asked is gone, and another one asks.
    const offer = async (give: (auth: object) => void): Promise<void> => {
      asked += 1;
      const turn = asked;
      const token = await options.token();
      if (turn !== asked || !wanted) return undefined;
      if (token !== null) return give({ token });
      socket.disconnect();
      return listener.onLink({ kind: 'refused', refusal: 'token_expired', retryAfterMs: 0 });
    };
    listen(socket, {
      onLink: (event) => wanted && listener.onLink(event),
      onServer: (event) => wanted && listener.onServer(event),
    });
    return {
      connect() {
        wanted = true;
        socket.connect();
      },
      disconnect() {
        wanted = false;
        socket.disconnect();
      },
      send(event) {
        // Signalling that waited out a lost connection would name a seat that is gone.
        if (socket.connected) socket.emit(event.name, event.body);
      },
      async ask(event) {
        if (!socket.connected) return undefined;
        try {
          return (await socket.timeout(ASK_MS_MAX).emitWithAck(event.name, event.body)) as unknown;
        } catch {
          return undefined;
        }
      },
    };
  };
}
