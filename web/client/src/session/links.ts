// SPDX-License-Identifier: Apache-2.0
// The requests about rights: a one-time code for a token, a token for a fresh one, a log-in for a
// ticket.
import { fieldsOf, textOf } from '../protocol/parse.ts';
import { type Right, readRight, timeOf } from './right.ts';

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

export type Exchanged = Right | 'link_invalid' | 'rate_limited' | 'unreachable';
export type Renewed =
  | { readonly token: string; readonly expiresAt: number }
  | 'over'
  | 'unreachable';

const REQUEST_MS_MAX = 10_000;
const TOKEN_CHARS_MAX = 8192;

async function post(ask: Fetch, path: string, init: RequestInit): Promise<Response | undefined> {
  try {
    return await ask(path, {
      method: 'POST',
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
      ...init,
    });
  } catch {
    return undefined;
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch {
    return undefined;
  }
}

export async function exchange(
  ask: Fetch,
  origin: string,
  code: string,
  now: () => number,
): Promise<Exchanged> {
  const response = await post(ask, `${origin}/api/links/exchange`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  if (!response || response.status >= 500) return 'unreachable';
  if (response.status === 429) return 'rate_limited';
  if (!response.ok) return 'link_invalid';
  return readRight(await jsonOf(response), now()) ?? 'unreachable';
}

function freshOf(raw: unknown, name: 'token' | 'ticket'): Renewed {
  const fields = fieldsOf(raw);
  const token = textOf(fields?.[name], TOKEN_CHARS_MAX);
  return token ? { token, expiresAt: timeOf(fields?.['expiresAt']) } : 'over';
}

const isAway = (response: Response | undefined): response is undefined =>
  !response || response.status >= 500 || response.status === 429;

/** A ticket opens one connection, or prolongs it; asking counts as a sign of life of the log-in. */
export async function takeTicket(ask: Fetch, origin: string, logIn: string): Promise<Renewed> {
  const response = await post(ask, `${origin}/api/tickets`, {
    credentials: 'same-origin',
    headers: { 'x-log-in': logIn },
  });
  if (isAway(response)) return 'unreachable';
  return response.ok ? freshOf(await jsonOf(response), 'ticket') : 'over';
}

export async function renew(ask: Fetch, origin: string, token: string): Promise<Renewed> {
  const response = await post(ask, `${origin}/api/links/renew`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (isAway(response)) return 'unreachable';
  return response.ok ? freshOf(await jsonOf(response), 'token') : 'over';
}
