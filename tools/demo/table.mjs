// SPDX-License-Identifier: Apache-2.0
// Prints what somebody who started the demo wants to know next.
//
//   node tools/demo/table.mjs LINKS.json
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export function tableOf({ sessions }) {
  const lines = [];
  for (const { title, links } of sessions) {
    lines.push('', `  ${title}`);
    for (const { name, url } of links) lines.push(`    ${name.padEnd(10)} ${url}`);
  }
  return lines;
}

const kNext = [
  '',
  '  Each link works once and then stays in its tab, so therapist and client may be two tabs of one',
  '  browser. Open both links of a session, allow camera and microphone, and press Join in both.',
  '',
  '  Then try: mute, camera off, share the screen, leave and come back, reload a tab;',
  '  end the call as the therapist.',
  '',
  '  Log     .demo/server.log',
  '  Data    .demo/data (made anew by each demo)',
  '  Stop    Ctrl-C',
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const links = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  for (const line of [...tableOf(links), ...kNext]) console.log(line);
}
