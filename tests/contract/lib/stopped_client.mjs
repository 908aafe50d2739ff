// SPDX-License-Identifier: Apache-2.0
// A client in a process of its own, so that it can be stopped dead while its connection stands: it
// neither answers nor closes. It says `seated` on its output once it sits.
//
//   node stopped_client.mjs URL TOKEN ROOM SESSION
import { seat } from './client.mjs';

const [url, token, roomId, sessionId] = process.argv.slice(2);
const client = await seat(url, { token }, { roomId, sessionId }, { transports: ['websocket'] });
console.log(`seated ${client.id}`);
