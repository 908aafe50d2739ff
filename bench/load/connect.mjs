// SPDX-License-Identifier: Apache-2.0
// From the second person's click on Join to the first decoded frame on both sides: two Chromium on
// this machine, fake cameras, a new session for each call. What the page itself measured.
//
//   node bench/load/connect.mjs [--runs 10]
import { launchChromium } from '../../tests/e2e/lib/chromium.mjs';
import { Room } from '../../tests/e2e/lib/room.mjs';
import { Server } from '../../tests/e2e/lib/server.mjs';
import { median } from './lib/figures.mjs';
import { numbers } from './lib/options.mjs';
import { progress, report } from './lib/report.mjs';

const settings = numbers({ runs: 10 });
const kViewport = { width: 1100, height: 720 };

async function openSide(browser, link, name) {
  const context = await browser.newContext({ viewport: kViewport });
  return { context, room: await Room.open(await context.newPage(), link, name) };
}

/** One call; `connectMs` of the second person's page. */
async function callOnce(server, browsers) {
  const { links } = await server.seedSession();
  const first = await openSide(browsers[0], links.therapist, 'therapist');
  const second = await openSide(browsers[1], links['client-a'], 'client');
  try {
    await first.room.join();
    await first.room.sees('leave');
    await second.room.join();
    await Promise.all([first.room.isInCall(), second.room.isInCall()]);
    const known = ({ connectMs }) => connectMs !== null;
    return (await second.room.measures('connectMs is known', known)).connectMs;
  } finally {
    await Promise.all([first, second].map(({ context }) => context.close()));
  }
}

const server = await Server.start('bench-connect');
const browsers = [];
try {
  await server.seedPeople();
  for (let side = 0; side < 2; side += 1) browsers.push(await launchChromium());
  const calls = [];
  for (let run = 0; run < settings.runs; run += 1) {
    calls.push(await callOnce(server, browsers));
    progress(`call ${run + 1}: ${Math.round(calls.at(-1))} ms`);
  }
  report('connect', {
    settings,
    rows: [
      {
        figure: 'click on Join to both pictures (connectMs)',
        unit: 'ms',
        ours: median(calls),
        target: '<=3000',
        targetOn: 'ours',
      },
    ],
    details: { calls },
  });
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.stop();
}
