// SPDX-License-Identifier: Apache-2.0
// The two requests about rights: a one-time code for a token, a token for a fresh one.
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

export async function renew(ask: Fetch, origin: string, token: string): Promise<Renewed> {
  const response = await post(ask, `${origin}/api/links/renew`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response || response.status >= 500 || response.status === 429) return 'unreachable';
  const fields = response.ok ? fieldsOf(await jsonOf(response)) : undefined;
  const fresh = textOf(fields?.['token'], TOKEN_CHARS_MAX);
  return fresh ? { token: fresh, expiresAt: timeOf(fields?.['expiresAt']) } : 'over';
}
