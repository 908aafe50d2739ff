// SPDX-License-Identifier: Apache-2.0
// The log-in of this tab: who it is, what it may ask, and when it ends.
import { dropRight, keepRight } from '@stillroom/client';
import { type Answer, type Ask, apiOf } from './api.ts';
import type { Session } from './schedule.ts';
import {
  dropInvite,
  dropLogIn,
  inviteOf,
  keepLogIn,
  keptLogIn,
  type LogIn,
  logInOf,
  rightOf,
} from './tab.ts';

/** Why somebody is shown the log-in. */
export type Out = 'idle' | 'out' | 'over' | 'set-up' | 'set-up-code';

export interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly code: string;
}

export interface AccountOptions {
  readonly storage: Storage;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  /** Leaves this page for another one of the server. */
  readonly leave: (path: string) => void;
}

export class Account {
  /** Of the link that the page was opened with. */
  readonly invite: string | undefined;
  readonly ask: Ask;
  readonly #options: AccountOptions;
  #logIn: LogIn | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #onOut: (why: Out) => void = () => undefined;

  constructor(options: AccountOptions, hash: string) {
    this.#options = options;
    this.invite = inviteOf(options.storage, hash);
    this.#logIn = keptLogIn(options.storage);
    this.ask = apiOf({
      fetch: options.fetch,
      logIn: () => this.#logIn?.name,
      used: () => this.#used(),
      over: () => this.#end('over'),
    });
  }

  get logIn(): LogIn | undefined {
    return this.#logIn;
  }

  /** Tells when the log-in has ended, and why. */
  whenOut(listener: (why: Out) => void): void {
    this.#onOut = listener;
  }

  async enter({ user, password, code }: Credentials): Promise<Answer> {
    this.#forget();
    const body = { user, password, ...(code ? { code } : {}) };
    const answer = await this.ask('POST', '/api/auth/login', body);
    if (!answer.ok) return answer;
    this.#logIn = logInOf(answer.body, this.#options.now());
    if (this.#logIn) keepLogIn(this.#options.storage, this.#logIn);
    this.#used();
    return answer;
  }

  /** Nothing stays in the tab, unless the server was not there to end the log-in itself. */
  async leave(): Promise<Answer> {
    const answer = await this.ask('POST', '/api/auth/logout');
    if (answer.ok) this.#end('out');
    return answer;
  }

  /** The password is set: the invitation is worth nothing any more, nor is who was here before. */
  wasSetUp(): void {
    dropInvite(this.#options.storage);
    this.#forget();
  }

  inviteFailed(): void {
    dropInvite(this.#options.storage);
  }

  /** The problem that keeps one out of the room; none when the page is on its way there. */
  async join(session: Session): Promise<string | null> {
    const path = `/api/video-calls/can-join/${encodeURIComponent(session.id)}`;
    const answer = await this.ask('GET', path);
    const logIn = this.#logIn;
    if (!answer.ok || !logIn) return answer.ok ? 'unreachable' : answer.code;
    const { roomId, code } = answer.body;
    if (typeof roomId !== 'string') return typeof code === 'string' ? code : 'unknown';
    const { storage, now, leave } = this.#options;
    keepRight(storage, rightOf(logIn, session, roomId, now()));
    leave('/');
    return null;
  }

  #used(): void {
    clearTimeout(this.#idle);
    const logIn = this.#logIn;
    if (logIn) this.#idle = setTimeout(() => this.#end('idle'), logIn.idleMs);
  }

  #end(why: Out): void {
    if (!this.#logIn) return;
    this.#forget();
    this.#onOut(why);
  }

  #forget(): void {
    clearTimeout(this.#idle);
    this.#logIn = undefined;
    dropLogIn(this.#options.storage);
    dropRight(this.#options.storage);
  }
}

export function openAccount(hash: string): Account {
  return new Account(
    {
      storage: window.sessionStorage,
      fetch: (input, init) => window.fetch(input, init),
      now: () => Date.now(),
      leave: (path) => window.location.assign(path),
    },
    hash,
  );
}
