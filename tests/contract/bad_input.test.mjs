// SPDX-License-Identifier: Apache-2.0
// Bytes that no honest client sends, and clients that misbehave. Each has its exact answer, and two
// people in a call of their own exchange events before, during and after, undisturbed.
// (Bad tokens stand in connect.test.mjs, sessions and rooms that are not one's own in join.test.mjs
// and call.test.mjs.)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Bystanders } from './lib/bystanders.mjs';
import { Client, closeAll, seat } from './lib/client.mjs';
import { offer } from './lib/media.mjs';
import { ask, RawLink, RawPolling, Wire } from './lib/raw.mjs';
import { Stillroom } from './lib/stillroom.mjs';

const kStoppedClient = fileURLToPath(new URL('lib/stopped_client.mjs', import.meta.url));
const kTwoMegabytes = 2 << 20;
const kProtocolError = 1002;
const kInvalidPayload = 1007;
const kPolicyViolation = 1008;
const kTooBig = 1009;

let server;
let bystanders;
let person;

before(async () => {
  server = await Stillroom.start({
    // Short, so that a silent client is missed within the test.
    STILLROOM_ENGINEIO_PING_INTERVAL: '2s',
    STILLROOM_ENGINEIO_PING_TIMEOUT: '2s',
    STILLROOM_ROOMS_GRACE_SEAT: '1s',
    STILLROOM_HTTP_HEADER_TIMEOUT: '2s',
  });
  person = (await server.scene()).client;
  bystanders = await Bystanders.join(server);
});
after(async () => {
  closeAll();
  assert.equal(await server?.stop(), 0);
});

/** A fact about one misbehaviour, with the two others looking on. */
function fact(name, act, options = {}) {
  test(name, options, async () => {
    await bystanders.undisturbed(act);
    assert.ok(server.running);
  });
}

const socket = async () => (await RawLink.open(server.port)).connect(person.token);
const polling = async () => (await RawPolling.open(server.port)).connect(person.token);
const nested = (depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('too large', () => {
  fact('2 MB in one websocket message: closed with 1009', async () => {
    const link = await socket();
    link.sendText(`42["offer","${'x'.repeat(kTwoMegabytes)}"]`);
    assert.equal(await link.closed(), kTooBig);
  });

  fact('2 MB in forty fragments: closed', async () => {
    const link = await socket();
    const piece = 'x'.repeat(kTwoMegabytes / 40);
    link.sendFrame(1, `42["offer","${piece}`, { fin: false });
    for (let count = 1; count < 40; count += 1) link.sendFrame(0, piece, { fin: false });
    assert.ok([kTooBig, kPolicyViolation].includes(await link.closed()));
  });

  fact('2 MB in one polling body: 413', async () => {
    const link = await polling();
    const answer = await link.post(`42["offer","${'x'.repeat(kTwoMegabytes)}"]`);
    assert.equal(answer.status, 413);
    assert.equal((await link.get()).status, 200, 'the link lives on');
  });

  fact('2 MB by the stock client: its connection ends', async () => {
    for (const transports of [['websocket'], ['polling']]) {
      const client = await new Client(server.url, {
        auth: { token: person.token },
        transports,
      }).connect();
      client.tell('offer', { offer: 'x'.repeat(kTwoMegabytes) });
      assert.match(await client.dropped(), /^transport (close|error)$/);
    }
  });

  fact('a frame that announces 2^62 bytes: closed with 1009', async () => {
    const link = await socket();
    const head = Buffer.alloc(14);
    head[0] = 0x81;
    head[1] = 0xff;
    head.writeBigUInt64BE(2n ** 62n, 2);
    link.wire.send(head);
    assert.equal(await link.closed(), kTooBig);
  });

  fact('100 kB of request headers: refused', async () => {
    const answer = await ask(server.port, `GET / HTTP/1.1\r\nX-Pad: ${'x'.repeat(100_000)}`);
    assert.equal(answer.status, 431);
  });
});

describe('JSON', () => {
  fact('10,000 deep: closed with 1002', async () => {
    const link = await socket();
    link.sendText(`42["offer",${nested(10_000)}]`);
    assert.equal(await link.closed(), kProtocolError);
  });

  fact('10,000 deep in CONNECT: closed with 1002', async () => {
    const link = await RawLink.open(server.port);
    link.sendText(`40{"token":${nested(10_000)}}`);
    assert.equal(await link.closed(), kProtocolError);
  });

  fact('10,000 deep by polling: the link ends', async () => {
    const link = await polling();
    await link.post(`42["offer",${nested(10_000)}]`);
    // The next GET is told by a close packet; after it there is no such link.
    const last = await link.get();
    assert.equal(last.status, 200);
    assert.equal(last.body.split('\x1e').at(-1), '1');
    const later = await link.get();
    assert.equal(later.status, 400);
    assert.deepEqual(JSON.parse(later.body), { code: 1, message: 'Session ID unknown' });
  });

  const broken = {
    'half a document': '42["offer",{"offer":',
    'no array': '42{"offer":1}',
    'an empty array': '42[]',
    'a name that is no text': '42[{}]',
    'a reserved name': '42["connect"]',
    'a name of 65 characters': `42["${'n'.repeat(65)}"]`,
    'a lone surrogate': '42["offer","\\ud800"]',
    'more members than 512': `42["offer",[${'1,'.repeat(600)}1]]`,
    'an ack id beyond 2^53': '429007199254740993["offer"]',
    'an unknown packet type': '49["offer"]',
    'a binary event': '451-["offer",{"_placeholder":true,"num":0}]',
    'ten thousand attachments': '4510000-["offer"]',
    'an event for a namespace that was not joined': '42/other,["offer"]',
    'a second CONNECT': '40{"token":"x"}',
    'a CONNECT_ERROR': '44{"message":"x"}',
    'a ping of the client': '2',
  };
  for (const [name, text] of Object.entries(broken)) {
    fact(`${name}: closed with 1002`, async () => {
      const link = await socket();
      link.sendText(text);
      assert.equal(await link.closed(), kProtocolError);
    });
  }

  fact('an event before CONNECT: closed with 1002', async () => {
    const link = await RawLink.open(server.port);
    link.sendText('42["join-room",{}]');
    assert.equal(await link.closed(), kProtocolError);
  });
});

describe('not UTF-8', () => {
  const bytes = {
    'a byte that cannot be': [0xff],
    'an overlong slash': [0xc0, 0xaf],
    'a surrogate': [0xed, 0xa0, 0x80],
    'beyond the last character': [0xf4, 0x90, 0x80, 0x80],
    'half a character': [0xe2, 0x82],
  };
  for (const [name, tail] of Object.entries(bytes)) {
    fact(`${name} in a websocket text: closed with 1007`, async () => {
      const link = await socket();
      link.sendFrame(1, Buffer.concat([Buffer.from('42["offer","'), Buffer.from(tail)]));
      assert.equal(await link.closed(), kInvalidPayload);
    });
    fact(`${name} in a polling body: 400, and the link ends`, async () => {
      const link = await polling();
      const answer = await link.post(
        Buffer.concat([Buffer.from('42["offer","'), Buffer.from(tail)]),
      );
      assert.equal(answer.status, 400);
      assert.equal((await link.get()).status, 400);
    });
  }
});

describe('websocket frames', () => {
  const frames = {
    'an unmasked frame': (link) => link.wire.send(Buffer.from([0x81, 0x01, 0x32])),
    'a reserved bit': (link) => link.sendFrame(0x41, '2'),
    'a reserved opcode': (link) => link.sendFrame(0x3, '2'),
    'a continuation of nothing': (link) => link.sendFrame(0x0, '2'),
    'a ping in fragments': (link) => link.sendFrame(0x9, 'x', { fin: false }),
    'a ping of 126 bytes': (link) => link.sendFrame(0x9, 'x'.repeat(126)),
  };
  for (const [name, send] of Object.entries(frames)) {
    fact(`${name}: closed with 1002`, async () => {
      const link = await socket();
      send(link);
      assert.equal(await link.closed(), kProtocolError);
    });
  }

  fact('a thousand empty fragments: closed', async () => {
    const link = await socket();
    link.sendFrame(1, '', { fin: false });
    for (let count = 0; count < 1000; count += 1) link.sendFrame(0, '', { fin: false });
    assert.ok([kPolicyViolation, kTooBig].includes(await link.closed()));
  });

  fact('a binary message: closed with 1002', async () => {
    const link = await socket();
    link.sendFrame(2, Buffer.from([1, 2, 3]));
    assert.equal(await link.closed(), kProtocolError);
  });
});

describe('HTTP', () => {
  const engineErrors = {
    'an unknown transport': ['GET', 'EIO=4&transport=pigeon', 400, 0, 'Transport unknown'],
    'no transport': ['GET', 'EIO=4', 400, 0, 'Transport unknown'],
    'an unknown sid': ['GET', 'EIO=4&transport=polling&sid=x', 400, 1, 'Session ID unknown'],
    'a POST without sid': ['POST', 'EIO=4&transport=polling', 400, 2, 'Bad handshake method'],
    'websocket without upgrade': ['GET', 'EIO=4&transport=websocket', 400, 3, 'Bad request'],
    'protocol 3': ['GET', 'EIO=3&transport=polling', 400, 5, 'Unsupported protocol version'],
    'no protocol version': ['GET', 'transport=polling', 400, 5, 'Unsupported protocol version'],
  };
  for (const [name, [method, query, status, code, message]] of Object.entries(engineErrors)) {
    fact(`${name}: ${status} ${message}`, async () => {
      const answer = await ask(server.port, `${method} /socket.io/?${query} HTTP/1.1`);
      assert.equal(answer.status, status);
      assert.match(answer.headers['content-type'], /^application\/json/);
      assert.deepEqual(JSON.parse(answer.body), { code, message });
    });
  }

  for (const origin of [
    'http://evil.example',
    'null',
    'http://127.0.0.1',
    'http://127.0.0.1.evil.example',
  ]) {
    fact(`origin ${origin}: 403 Unauthorized origin`, async () => {
      const head = `GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nOrigin: ${origin}`;
      const answer = await ask(server.port, head);
      assert.equal(answer.status, 403);
      assert.deepEqual(JSON.parse(answer.body), { code: 4, message: 'Unauthorized origin' });
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    });
  }

  fact('half a request: 408, closed in time', async () => {
    const wire = await Wire.open(server.port);
    wire.send('GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 127');
    const answer = await wire.answer(6000);
    assert.equal(answer.status, 408);
    await wire.end(6000);
    assert.ok(wire.endedAfterMs > 1500, `after ${wire.endedAfterMs} ms`);
  });

  fact('a request of one byte a second: closed in time all the same', async () => {
    const wire = await Wire.open(server.port);
    const drip = setInterval(() => wire.send('G'), 300);
    await wire.end(6000).finally(() => clearInterval(drip));
  });

  fact('a body that never comes: closed in time', async () => {
    const link = await polling();
    const wire = await Wire.open(server.port);
    wire.send(
      `POST /socket.io/?EIO=4&transport=polling${link.sid} HTTP/1.1\r\n` +
        'Host: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n42["off',
    );
    await wire.end(6000);
  });

  fact('silence: closed in time', async () => {
    await (await Wire.open(server.port)).end(6000);
  });

  const malformed = {
    'no HTTP at all': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'two lengths': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    'a length and chunks':
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'a folded header': 'GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\n\r\n',
    'a space before the colon': 'GET / HTTP/1.1\r\nHost: x\r\nX-A : 1\r\n\r\n',
    'a NUL in a header': 'GET / HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n',
    '65 headers': `GET / HTTP/1.1\r\nHost: x\r\n${'X-A: 1\r\n'.repeat(65)}\r\n`,
  };
  for (const [name, bytes] of Object.entries(malformed)) {
    fact(`${name}: 4xx and closed`, async () => {
      const wire = await Wire.open(server.port);
      wire.send(Buffer.from(bytes, 'latin1'));
      const answer = await wire.answer();
      assert.match(String(answer?.status), /^4\d\d$/);
      await wire.end();
    });
  }
});

describe('a polling link', () => {
  fact('a second GET ends it', async () => {
    const link = await polling();
    await link.get(); // server:hello
    const first = link.get();
    const second = await link.get();
    const answers = [await first, second].map(({ status, body }) => [status, body]);
    assert.equal(answers.filter(([status]) => status === 400).length, 1, JSON.stringify(answers));
    assert.equal((await link.get()).status, 400);
  });

  for (const [name, own, stolen] of [
    ['Authorization', `Bearer own-token`, 'Bearer of-somebody-else'],
    ['Origin', 'own', 'http://127.0.0.1:1'],
  ]) {
    fact(`another ${name} than the handshake’s: refused, and the link lives`, async () => {
      const value = own === 'own' ? new URL(server.url).origin : own;
      const link = await RawPolling.open(server.port, { [name]: value });
      await link.connect(person.token);
      const answer = await link.get({ [name]: stolen });
      assert.ok([400, 403].includes(answer.status), `${answer.status}`);
      assert.equal((await link.get()).status, 200);
    });
  }

  fact('a body as octet-stream: 400', async () => {
    const link = await polling();
    assert.equal((await link.post('42["offer"]', 'application/octet-stream')).status, 400);
  });
});

describe('a client that', () => {
  // Its process is stopped: the connection stands, and nobody answers or closes it.
  fact('vanishes without FIN is missed, and its seat becomes free', async () => {
    const scene = await server.scene();
    const therapist = await seat(server.url, scene.therapist, scene);
    const child = spawn(
      process.execPath,
      [kStoppedClient, server.url, scene.client.token, scene.roomId, scene.sessionId],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      const [line] = await once(child.stdout, 'data');
      const id = String(line).trim().split(' ')[1];
      await therapist.through('user-joined');
      child.kill('SIGSTOP');
      const left = await therapist.expect('user-left');
      assert.equal(left.socketId, id);
      assert.equal(left.reason, 'connection_lost');
    } finally {
      child.kill('SIGKILL');
      therapist.close();
    }
  });

  fact('stops reading is dropped, and its seat becomes free', async () => {
    const scene = await server.scene({ clients: 3, type: 'family' });
    const deaf = await RawLink.open(server.port);
    await deaf.connect(scene.client.token);
    deaf.sendText(
      `42["join-room",${JSON.stringify({ roomId: scene.roomId, sessionId: scene.sessionId })}]`,
    );
    while (!(await deaf.text()).includes('"join-success"'));
    deaf.wire.socket.pause();

    const talkers = [];
    for (const talker of [scene.therapist, scene.clients[1], scene.clients[2]]) {
      talkers.push(await seat(server.url, talker, scene, { transports: ['websocket'] }));
    }
    // Each says what one connection may say at once: together more than any buffer holds.
    const padding = Array(900).fill(`a=x-pad:${'x'.repeat(50)}`);
    for (let version = 1; version <= 40; version += 1) {
      for (const talker of talkers) {
        const body = {
          offer: offer({ version, extra: padding }),
          to: deaf.id,
          roomId: scene.roomId,
        };
        talker.tell('offer', body);
      }
    }
    const [, left] = (await talkers[0].through('user-left')).at(-1);
    assert.equal(left.socketId, deaf.id);
    assert.equal(left.reason, 'connection_lost');
    deaf.close();
    for (const talker of talkers) talker.close();
  });
});
