// SPDX-License-Identifier: Apache-2.0
// Holds the right of this tab and renews it before it ends.
import { Emitter } from '../emitter.ts';
import { requireSecure } from '../protocol/secure.ts';
import { exchange, type Fetch, renew } from './links.ts';
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

  constructor(options: KeeperOptions, right: Right) {
    this.#options = options;
    this.#right = right;
    this.#keep(right);
  }

  get right(): Right {
    return this.#right;
  }

  /** Asks for a fresh token now. */
  async renew(): Promise<Right | 'over' | 'unreachable'> {
    const { fetch, origin, now } = this.#options;
    const fresh = await renew(fetch, origin, this.#right.token);
    if (fresh === 'unreachable') {
      this.#schedule(RENEW_AGAIN_MS);
      return fresh;
    }
    if (fresh === 'over') return fresh;
    this.#keep({ ...this.#right, ...fresh, receivedAt: now() });
    this.renewed.emit(this.#right);
    return this.#right;
  }

  drop(): void {
    clearTimeout(this.#timer);
    dropRight(this.#options.storage);
  }

  #keep(right: Right): void {
    this.#right = right;
    keepRight(this.#options.storage, right);
    if (right.expiresAt === 0) return;
    const due = right.receivedAt + (right.expiresAt - right.receivedAt) * RENEW_AT_SHARE;
    this.#schedule(Math.max(0, due - this.#options.now()));
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
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
