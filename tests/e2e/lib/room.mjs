// SPDX-License-Identifier: Apache-2.0
// The room page as a person uses it: what can be pressed, what can be seen. Works on a page of
// Playwright and of Puppeteer alike, so it holds to what both have.
import { until } from './until.mjs';

const kCallMsMax = 20_000;

/** What a browser says, or sayViolations(), when the page does what its own policy forbids. */
const kPolicyComplaint = /content.security.policy|permissions.policy|trusted.?(types|html|script)/i;

/** The test that runs fails, whatever it looks at itself. */
function failTest(reason) {
  setImmediate(() => {
    throw new Error(reason);
  });
}

/** The page tells each violation of its policy by console: in both browsers, whatever they say. */
function sayViolations(page) {
  const say = () => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      console.error(`Content-Security-Policy: ${effectiveDirective} blocked ${blockedURI}`);
    });
  };
  return page.addInitScript ? page.addInitScript(say) : page.evaluateOnNewDocument(say);
}

const selectorOf = (testId) => `[data-testid="${testId}"]`;

export class Room {
  constructor(page, name) {
    this.page = page;
    this.name = name;
    this.errors = [];
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (kPolicyComplaint.test(message.text())) failTest(`${name}: ${message.text()}`);
    });
  }

  /** Opens a one-time link in a page. */
  static async open(page, link, name) {
    const room = new Room(page, name);
    await room.visit(link);
    return room;
  }

  async visit(address) {
    await sayViolations(this.page);
    await this.page.goto(address);
  }

  async press(testId) {
    await this.sees(testId);
    await this.page.click(selectorOf(testId));
  }

  join() {
    return this.press('join');
  }

  /** Ending concerns others, so the page asks once. */
  async end() {
    await this.press('end');
    await this.press('end-confirm');
  }

  /** Until the page says the sentence with this id: `link_invalid`, `left`, `camera-denied` … */
  told(notice, timeoutMs) {
    const what = `${this.name} to be told ${notice}`;
    return until(
      what,
      () =>
        this.page.evaluate((id) => {
          const found = document.querySelector(`[data-notice="${id}"]`);
          return found?.checkVisibility() && found.textContent.trim();
        }, notice),
      timeoutMs,
    );
  }

  /** Until `testId` carries data-<name> = value. */
  shows(testId, name, value, timeoutMs) {
    const what = `${this.name} to see ${testId} with ${name} ${value}`;
    const has = async () => (await this.attribute(testId, `data-${name}`)) === value;
    return until(what, has, timeoutMs);
  }

  visible(testId) {
    return this.page.evaluate((selector) => {
      const found = document.querySelector(selector);
      return found?.checkVisibility() ?? false;
    }, selectorOf(testId));
  }

  sees(testId, timeoutMs) {
    const what = `${this.name} to see ${testId}`;
    return until(what, () => this.visible(testId), timeoutMs);
  }

  seesNo(testId, timeoutMs) {
    const what = `${this.name} to see no ${testId}`;
    return until(what, async () => !(await this.visible(testId)), timeoutMs);
  }

  text(testId) {
    return this.page.evaluate(
      (selector) =>
        [...document.querySelectorAll(selector)]
          .map((found) => found.textContent.trim())
          .join(' · '),
      selectorOf(testId),
    );
  }

  attribute(testId, name) {
    return this.page.evaluate(
      ([selector, attribute]) => document.querySelector(selector)?.getAttribute(attribute) ?? null,
      [selectorOf(testId), name],
    );
  }

  /** What the tab keeps, by its keys. */
  kept() {
    return this.page.evaluate(() => Object.keys(sessionStorage).sort());
  }

  /** What the page measured: frames, packets, codec, path, cipher. */
  stats() {
    return this.page.evaluate(() => window.stillroomStats());
  }

  /** Until a condition on stats() holds; returns those stats. */
  measures(what, condition, timeoutMs = kCallMsMax) {
    return until(
      `${this.name}: ${what}`,
      async () => {
        const stats = await this.stats();
        return condition(stats) ? stats : false;
      },
      timeoutMs,
    );
  }

  /** Until the other's picture and sound arrive. */
  isInCall(timeoutMs) {
    return this.measures(
      'video is decoded and audio arrives',
      (stats) => stats.framesDecoded > 0 && stats.audioPacketsReceived > 0,
      timeoutMs,
    );
  }

  /** Until `count` more frames than now are decoded. */
  async decodesMore(count, timeoutMs) {
    const { framesDecoded } = await this.stats();
    const wanted = framesDecoded + count;
    return this.measures(
      `${count} more frames than ${framesDecoded}`,
      (stats) => stats.framesDecoded >= wanted,
      timeoutMs,
    );
  }

  close() {
    return this.page.close();
  }
}
