// SPDX-License-Identifier: Apache-2.0
// `./run demo --auto`: two headless Chromium with fake cameras on two of the demo's links.
// Prints one JSON record; exit 0 only if both sides decode video and receive audio to the end.
//
//   node tests/e2e/demo-auto.mjs --links FILE [--seconds N] [--out FOLDER]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from './lib/chromium.mjs';
import { Room } from './lib/room.mjs';

const { values } = parseArgs({
  options: {
    links: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    out: { type: 'string', default: '.demo' },
  },
});
const kSeconds = Number(values.seconds);
const kViewport = { width: 1100, height: 720 };

async function openSide({ name, url }) {
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: kViewport });
  return { browser, room: await Room.open(page, url, name) };
}

/** What one side says at the end; `grew` is how many frames came in the last second. */
async function sideRecord(room, grew) {
  const stats = await room.stats();
  const record = { name: room.name, ...stats, framesInLastSecond: grew };
  const good = stats.framesDecoded > 0 && grew > 0 && stats.audioPacketsReceived > 0;
  return { record, good };
}

/** Frames must keep coming in every second that is watched; returns the last second's. */
async function watch(rooms, seconds) {
  let before = await Promise.all(rooms.map((room) => room.stats()));
  let grew = rooms.map(() => 0);
  for (let second = 0; second < Math.max(1, seconds); second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const now = await Promise.all(rooms.map((room) => room.stats()));
    grew = now.map((stats, side) => stats.framesDecoded - before[side].framesDecoded);
    before = now;
    if (grew.some((frames) => frames <= 0)) break;
  }
  return grew;
}

async function runCall([first, second]) {
  await first.join();
  await first.sees('leave');
  await second.join();
  await Promise.all([first.isInCall(), second.isInCall()]);
  const grew = await watch([first, second], kSeconds);
  const sides = [await sideRecord(first, grew[0]), await sideRecord(second, grew[1])];
  await first.page.screenshot({ path: join(values.out, 'therapist.png') });
  await second.page.screenshot({ path: join(values.out, 'client.png') });
  return {
    good: sides.every((side) => side.good),
    // From the second person's click on Join to the first decoded frame on both sides.
    connectMs: (await second.stats()).connectMs,
    sides: sides.map((side) => side.record),
  };
}

async function main() {
  const { sessions } = JSON.parse(readFileSync(values.links, 'utf8'));
  const opened = [];
  try {
    for (const link of sessions[0].links) opened.push(await openSide(link));
    const rooms = opened.map((side) => side.room);
    const { good, ...record } = await runCall(rooms);
    const pageErrors = rooms.flatMap((room) => room.errors);
    console.log(JSON.stringify({ ...record, seconds: kSeconds, pageErrors }));
    return good ? 0 : 1;
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
    for (const { room } of opened) {
      await room.page
        .screenshot({ path: join(values.out, `failed-${room.name.replaceAll(' ', '-')}.png`) })
        .catch(() => undefined);
    }
    return 1;
  } finally {
    await Promise.all(opened.map((side) => side.browser.close()));
  }
}

process.exit(await main());
