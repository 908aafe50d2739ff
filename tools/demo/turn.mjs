// SPDX-License-Identifier: Apache-2.0
// A TURN server of the demo's own, through the shipped deploy/coturn.conf. Prints one JSON line,
// `{urls, secret, where}`, when it answers; ends with SIGTERM.
//
//   node tools/demo/turn.mjs
import { start, stop } from '../../tests/turn/coturn.mjs';

const turn = await start();
if (!turn) {
  console.error('No TURN server can run here: no coturn, or no address but loopback.');
  process.exit(1);
}
const { urls, secret, where } = turn;
console.log(JSON.stringify({ urls, secret, where }));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stop(turn).then(() => process.exit(0)));
}
