// SPDX-License-Identifier: Apache-2.0
// Records what real browsers say: node server/src/sdp/testdata/record.mjs chromium|firefox
// Set TURN_URLS, TURN_USERNAME, TURN_CREDENTIAL to have srflx and relay candidates in it.
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const browserName = process.argv[2];
const env = process.env;

async function openChromium() {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  return { browser, page: await browser.newPage() };
}

async function openFirefox() {
  const { default: puppeteer } = await import('puppeteer-core');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: { 'media.autoplay.default': 0, 'media.peerconnection.ice.loopback': true },
  });
  return { browser, page: await browser.newPage() };
}

/** The recording machine's own addresses are nobody's business. */
function hideAddresses(text) {
  let hidden = text;
  const own = Object.values(networkInterfaces()).flat().filter((one) => !one.internal);
  own.forEach((one, index) => {
    const stand = one.family === 'IPv4' ? `192.168.1.${20 + index}` : `fd00::${20 + index}`;
    hidden = hidden.replaceAll(one.address, stand);
  });
  return hidden;
}

const iceServers = env.TURN_URLS
  ? [{ urls: env.TURN_URLS.split(','), username: env.TURN_USERNAME, credential: env.TURN_CREDENTIAL }]
  : [];
const web = createServer((_, response) => response.end('<!doctype html><title>record</title>'));
await new Promise((done) => web.listen(0, '127.0.0.1', done));
const { browser, page } = await (browserName === 'firefox' ? openFirefox() : openChromium());
try {
  await page.goto(`http://127.0.0.1:${web.address().port}/`);
  await page.evaluate(await readFile(join(here, 'scenarios.js'), 'utf8').then((code) => `${code};0`));
  const recorded = await page.evaluate(`recordScenarios(${JSON.stringify(iceServers)})`);
  for (const { name, kind, sdp } of recorded.descriptions) {
    await writeFile(join(here, `${browserName}-${name}.${kind}.sdp`), hideAddresses(sdp));
  }
  const lines = recorded.candidates.map((one) => hideAddresses(JSON.stringify(one)));
  await writeFile(join(here, `${browserName}-candidates.jsonl`), `${[...new Set(lines)].join('\n')}\n`);
  console.log(`${recorded.descriptions.length} descriptions, ${lines.length} candidates`);
} finally {
  await browser.close();
  web.close();
}
