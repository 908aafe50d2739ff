// SPDX-License-Identifier: Apache-2.0
// Tokens, link codes and descriptions go by TLS, or do not leave this machine.

const SECURE: ReadonlySet<string> = new Set(['https:', 'wss:']);
const PLAIN: ReadonlySet<string> = new Set(['http:', 'ws:']);
/** As URL writes them: every way to write an address has become one. */
const LOOPBACK = /^(?:localhost|[a-z0-9-.]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/**
 * `server` is an absolute address, or empty for the page's own. Throws when it would be spoken to
 * without TLS from another machine: a mistake of the application, which nobody should talk over.
 */
export function requireSecure(server: string): void {
  const address = server || globalThis.location?.origin;
  // Where there is no page, or one of no server, there is nobody to speak to either.
  if (!address || address === 'null') return;
  const url = parsed(address);
  if (url && SECURE.has(url.protocol)) return;
  if (url && PLAIN.has(url.protocol) && LOOPBACK.test(url.hostname)) return;
  throw new TypeError('the server has to be named by an https address, or be on this machine');
}
