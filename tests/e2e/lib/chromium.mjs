// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium without a screen: a fake camera and microphone, and no word to anybody outside.
import { chromium } from 'playwright-core';

const kExecutable = process.env.CHROMIUM ?? '/usr/bin/chromium';

const kLaunchMsMax = 120_000;

const kQuiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  '--metrics-recording-only',
  '--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication',
];

// A page that nobody looks at must run like one that somebody does.
const kAwake = [
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
];

function mediaFlags(camera) {
  if (camera === 'denied') {
    return ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'];
  }
  if (camera === 'absent') return ['--use-fake-ui-for-media-stream'];
  return ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
}

/** `camera`: `allowed`, `denied` by the person, or `absent` from the machine. */
export function launchChromium({ camera = 'allowed', flags = [] } = {}) {
  return chromium.launch({
    executablePath: kExecutable,
    headless: true,
    timeout: kLaunchMsMax,
    // Chromium's own sandbox does not work for root; these pages are our own.
    chromiumSandbox: process.getuid() !== 0,
    args: [
      ...kQuiet,
      ...kAwake,
      ...mediaFlags(camera),
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      ...flags,
    ],
  });
}
