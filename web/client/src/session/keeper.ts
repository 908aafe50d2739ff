// SPDX-License-Identifier: Apache-2.0
// Holds the right of this tab and renews it before it ends.
import { Emitter } from '../emitter.ts';
import { requireSecure } from '../protocol/secure.ts';
import { exchange, type Fetch, renew, takeTicket } from './links.ts';
import {
  dropRight,
  type Fragment,
  keepRight,
  keptRight,
  type Right,
  readFragment,
  rightOfToken,
} from './right.ts';

export type OpenFailure = 'link_missing' | 'link_invalid' | 'rate_limited' | 'unreachable';

export interface KeeperOptions {
  readonly storage: Storage;
  readonly fetch: Fetch;
  /** Origin of the server; empty: the page's own. */
  readonly origin: string;
  readonly now: () => number;
}

/** Tokens are renewed when two thirds of their time are over. */
const RENEW_AT_SHARE = 2 / 3;
const RENEW_AGAIN_MS = 10_000;
/** setTimeout counts in 32 bits; a longer wait would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class RightKeeper {
  readonly renewed = new Emitter<Right>();
  readonly #options: KeeperOptions;
  #right: Right;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dropped = false;

  constructor(options: KeeperOptions, right: Right) {
    this.#options = options;
    this.#right = right;
    this.#keep(right);
  }

  get right(): Right {
    return this.#right;
  }

  /** What opens the next connection; null when there is none to be had: `renew` says why. */
  async credential(): Promise<string | null> {
    if (this.#right.logIn === undefined) return this.#right.token;
    const fresh = await this.renew();
    return typeof fresh === 'string' ? null : fresh.token;
  }

  /** Asks for a fresh token now; of a log-in for a ticket, which is not kept. */
  async renew(): Promise<Right | 'over' | 'unreachable'> {
    const { fetch, origin, now } = this.#options;
    const { logIn } = this.#right;
    if (logIn !== undefined) {
      const ticket = await takeTicket(fetch, origin, logIn);
      return typeof ticket === 'string' ? ticket : { ...this.#right, token: ticket.token };
    }
    const fresh = await renew(fetch, origin, this.#right.token);
    if (fresh === 'unreachable') {
      this.#schedule(RENEW_AGAIN_MS);
      return fresh;
    }
    // Who dropped it meanwhile wants none of it back.
    if (fresh === 'over' || this.#dropped) return 'over';
    this.#keep({ ...this.#right, ...fresh, receivedAt: now() });
    this.renewed.emit(this.#right);
    return this.#right;
  }

  /** What the server gave us for our return. */
  keepPass(returnPass: string): void {
    if (this.#dropped) return;
    this.#right = { ...this.#right, returnPass };
    keepRight(this.#options.storage, this.#right);
  }

  /** There is no way back: nothing of the right stays in the tab. */
  drop(): void {
    this.#dropped = true;
    clearTimeout(this.#timer);
    dropRight(this.#options.storage);
  }

  #keep(right: Right): void {
    this.#right = right;
    keepRight(this.#options.storage, right);
    // A log-in goes on by being used.
    if (right.expiresAt === 0 || right.logIn !== undefined) return;
    const due = right.receivedAt + (right.expiresAt - right.receivedAt) * RENEW_AT_SHARE;
    this.#schedule(Math.max(0, due - this.#options.now()));
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#dropped) return;
    this.#timer = setTimeout(() => void this.renew(), Math.min(ms, TIMER_MS_MAX));
  }
}

/** The page's right: from the link it was opened with, else the one this tab kept. */
export async function openRight(
  options: KeeperOptions,
  hash: string,
): Promise<RightKeeper | OpenFailure> {
  requireSecure(options.origin);
  const right = await rightOf(options, readFragment(hash));
  return typeof right === 'string' ? right : new RightKeeper(options, right);
}

async function rightOf(options: KeeperOptions, fragment: Fragment): Promise<Right | OpenFailure> {
  const { storage, fetch, origin, now } = options;
  switch (fragment.kind) {
    case 'code':
      return exchange(fetch, origin, fragment.code, now);
    case 'token':
      return rightOfToken(fragment.token, fragment.ref, now());
    case 'none':
      return keptRight(storage) ?? 'link_missing';
  }
}
