// SPDX-License-Identifier: Apache-2.0
// One request of REST, and what came of it: an answer, or a problem with a stable code.
import { fieldsOf, textOf } from '@stillroom/client';

export type Fields = Readonly<Record<string, unknown>>;

export interface Problem {
  readonly ok: false;
  /** The server's code, or `unreachable`. */
  readonly code: string;
  /** The server's text; empty when nobody answered. */
  readonly error: string;
  /** Seconds; 0 when the server does not say. */
  readonly retryAfter: number;
}
export type Answer = { readonly ok: true; readonly body: Fields } | Problem;

export const isProblem = (value: object): value is Problem => 'ok' in value && value.ok === false;

/** A field of a form. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface ApiOptions {
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** Public name of this tab's log-in; the browser sends the cookie that it names. */
  readonly logIn: () => string | undefined;
  /** A request of the log-in was answered: it lives on. */
  readonly used: () => void;
  /** The log-in is over. */
  readonly over: () => void;
}

const REQUEST_MS_MAX = 15_000;
const RETRY_AFTER_MAX = 3600;

/** Every reason why a log-in says nothing any more. */
const OVER: ReadonlySet<string> = new Set([
  'token_expired',
  'token_invalid',
  'token_missing',
  'user_inactive',
  'user_unknown',
]);

const nobody: Problem = { ok: false, code: 'unreachable', error: '', retryAfter: 0 };

async function fieldsIn(response: Response): Promise<Fields> {
  try {
    return fieldsOf(await response.json()) ?? {};
  } catch {
    return {};
  }
}

function problemOf(response: Response, body: Fields): Problem {
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return {
    ok: false,
    code: textOf(body['code']) ?? (response.status >= 500 ? 'unavailable' : 'unknown'),
    error: textOf(body['error']) ?? '',
    retryAfter: Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), RETRY_AFTER_MAX) : 0,
  };
}

export type Ask = (method: Method, path: string, body?: object) => Promise<Answer>;

export function apiOf(options: ApiOptions): Ask {
  return async (method, path, body) => {
    const logIn = options.logIn();
    let response: Response;
    try {
      response = await options.fetch(path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_MS_MAX),
        headers: {
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(logIn ? { 'x-log-in': logIn } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    } catch {
      return nobody;
    }
    const fields = await fieldsIn(response);
    if (response.ok) {
      if (logIn) options.used();
      return { ok: true, body: fields };
    }
    const problem = problemOf(response, fields);
    if (logIn && response.status === 401 && OVER.has(problem.code)) options.over();
    return problem;
  };
}
