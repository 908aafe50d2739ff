// SPDX-License-Identifier: Apache-2.0
// Somebody at the account pages, and the authenticator in their hand.
import { createHmac } from 'node:crypto';
import { Room } from './room.mjs';
import { until } from './until.mjs';

const kLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const kStepMs = 30_000;
export const kPassword = 'correct horse battery';

/** RFC 6238; `steps` from now. */
export function totp(secret, steps = 0) {
  let bits = '';
  for (const letter of secret) bits += kLetters.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / kStepMs) + steps));
  const tag = createHmac('sha1', key).update(counter).digest();
  const number = tag.readUInt32BE(tag.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

const field = (testId) => `[data-testid="${testId}"]`;

/** A Room has what every page of ours has; this one has forms, too. */
export class AccountPage extends Room {
  static async open(page, address, name) {
    const opened = new AccountPage(page, name);
    await opened.visit(address);
    return opened;
  }

  async fill(testId, text) {
    await this.sees(testId);
    await this.page.focus(field(testId));
    await this.page.evaluate((selector) => {
      const input = document.querySelector(selector);
      if (input.type !== 'datetime-local') input.select();
    }, field(testId));
    if (this.page.keyboard.insertText) return this.page.fill(field(testId), text);
    return this.page.keyboard.type(text);
  }

  async logIn(user, code = '', password = kPassword) {
    await this.fill('user', user);
    await this.fill('password', password);
    if (code) await this.fill('code', code);
    await this.press('log-in');
  }

  /** The heading that the focus is on. */
  arrivedAt(heading) {
    return until(`${this.name} to arrive at ${heading}`, () =>
      this.page.evaluate((text) => {
        const at = document.activeElement;
        return (
          at?.tagName === 'H1' && at.textContent.includes(text) && document.title.includes(text)
        );
      }, heading),
    );
  }

  path() {
    return this.page.evaluate(() => location.pathname + location.hash);
  }
}
