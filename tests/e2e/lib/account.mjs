// SPDX-License-Identifier: Apache-2.0
// Somebody at the account pages, and the authenticator in their hand.

import { Room } from './room.mjs';
import { until } from './until.mjs';

export const kPassword = 'correct horse battery';

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
