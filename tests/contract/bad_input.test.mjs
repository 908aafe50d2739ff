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
const kOtherOrigin = 'http://other.example';
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
    ALLOWED_ORIGINS: kOtherOrigin,
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

/** Engine.IO's own error body. */
function isEngineError(answer, status, code, message) {
  assert.equal(answer?.status, status);
  assert.match(answer.headers['content-type'], /^application\/json/);
  assert.deepEqual(JSON.parse(answer.body), { code, message });
}
/** What HTTP refuses, it refuses with one line of text. */
function isText(answer, status, text) {
  assert.equal(answer?.status, status);
  assert.match(answer.headers['content-type'], /^text\/plain/);
  assert.equal(answer.body, `${text}\n`);
}
const nested = (depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('too large', () => {
  fact('2 MB in one websocket message: closed with 1009', async () => {
    const link = await socket();
    link.sendText(`42["offer","${'x'.repeat(kTwoMegabytes)}"]`);
    assert.equal(await link.closed(), kTooBig);
  });

  fact('2 MB in forty fragments: closed with 1009', async () => {
    const link = await socket();
    const piece = 'x'.repeat(kTwoMegabytes / 40);
    link.sendFrame(1, `42["offer","${piece}`, { fin: false });
    for (let count = 1; count < 40; count += 1) link.sendFrame(0, piece, { fin: false });
    assert.equal(await link.closed(), kTooBig);
  });

  fact('2 MB in one polling body: 413', async () => {
    const link = await polling();
    const answer = await link.post(`42["offer","${'x'.repeat(kTwoMegabytes)}"]`);
    isText(answer, 413, 'Content Too Large');
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

  fact('100 kB of request headers: 431', async () => {
    const answer = await ask(server.port, `GET / HTTP/1.1\r\nX-Pad: ${'x'.repeat(100_000)}`);
    isText(answer, 431, 'Request Header Fields Too Large');
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
    isEngineError(await link.get(), 400, 1, 'Session ID unknown');
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
      isEngineError(answer, 400, 3, 'Bad request');
      isEngineError(await link.get(), 400, 1, 'Session ID unknown');
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

  fact('a thousand empty fragments: closed with 1008', async () => {
    const link = await socket();
    link.sendFrame(1, '', { fin: false });
    for (let count = 0; count < 1000; count += 1) link.sendFrame(0, '', { fin: false });
    assert.equal(await link.closed(), kPolicyViolation);
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
      isEngineError(answer, status, code, message);
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
      isEngineError(answer, 403, 4, 'Unauthorized origin');
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    });
    fact(`origin ${origin} at REST: the same as a problem`, async () => {
      const head = `GET /api/video-calls/config HTTP/1.1\r\nOrigin: ${origin}`;
      const answer = await ask(server.port, head);
      assert.equal(answer.status, 403);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      assert.equal(JSON.parse(answer.body).error, 'Unauthorized origin');
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    });
  }

  fact('half a request: 408, closed in time', async () => {
    const wire = await Wire.open(server.port);
    wire.send('GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 127');
    const answer = await wire.answer(6000);
    isText(answer, 408, 'Request Timeout');
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

  const get = 'GET / HTTP/1.1\r\nHost: x\r\n';
  const post = 'POST / HTTP/1.1\r\nHost: x\r\n';
  /** name -> [bytes, status, text] */
  const malformed = {
    // Without the end of a head there is nothing to judge: what comes is the deadline.
    'no HTTP at all': ['\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 408, 'Request Timeout'],
    'two lengths': [`${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`, 400, 'Bad Request'],
    'a length and chunks': [
      `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'Bad Request',
    ],
    'a folded header': [`${get}X-A: 1\r\n 2\r\n\r\n`, 400, 'Bad Request'],
    'a space before the colon': [`${get}X-A : 1\r\n\r\n`, 400, 'Bad Request'],
    'a NUL in a header': [`${get}X-A: \0\r\n\r\n`, 400, 'Bad Request'],
    '65 headers': [`${get}${'X-A: 1\r\n'.repeat(64)}\r\n`, 431, 'Request Header Fields Too Large'],
  };
  for (const [name, [bytes, status, text]] of Object.entries(malformed)) {
    fact(`${name}: ${status} ${text} and closed`, async () => {
      const wire = await Wire.open(server.port);
      wire.send(Buffer.from(bytes, 'latin1'));
      isText(await wire.answer(), status, text);
      await wire.end();
    });
  }

  fact('64 headers are not too many', async () => {
    const wire = await Wire.open(server.port);
    wire.send(`${get}${'X-A: 1\r\n'.repeat(63)}\r\n`);
    assert.equal((await wire.answer()).status, 200);
    wire.close();
  });
});

describe('a polling link', () => {
  fact('a second GET ends it', async () => {
    const link = await polling();
    await link.get(); // server:hello
    const first = link.get();
    const second = await link.get();
    // The waiting one is told by a close packet, the other by its own refusal; then there is no
    // link. Which of the two came second is the network's choice.
    const [closed, refused] = [await first, second].sort((a, b) => a.status - b.status);
    assert.deepEqual([closed.status, closed.body], [200, '1']);
    isEngineError(refused, 400, 3, 'Bad request');
    isEngineError(await link.get(), 400, 1, 'Session ID unknown');
  });

  /** name -> [field, the handshake's value, somebody else's, the answer] */
  const strangers = {
    'another Authorization': [
      'Authorization',
      () => 'Bearer own-token',
      'Bearer of-somebody-else',
      [400, 3, 'Bad request'],
    ],
    'another Origin, which is allowed': [
      'Origin',
      () => new URL(server.url).origin,
      kOtherOrigin,
      [400, 3, 'Bad request'],
    ],
    'another Origin, which is not': [
      'Origin',
      () => new URL(server.url).origin,
      'http://127.0.0.1:1',
      [403, 4, 'Unauthorized origin'],
    ],
  };
  for (const [name, [field, own, stolen, refusal]] of Object.entries(strangers)) {
    fact(`${name} than the handshake’s: ${refusal[0]}, and the link lives`, async () => {
      const link = await RawPolling.open(server.port, { [field]: own() });
      await link.connect(person.token);
      isEngineError(await link.get({ [field]: stolen }), ...refusal);
      assert.equal((await link.get()).status, 200);
    });
  }

  fact('a body as octet-stream: 400', async () => {
    const link = await polling();
    const answer = await link.post('42["offer"]', 'application/octet-stream');
    isEngineError(answer, 400, 3, 'Bad request');
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
