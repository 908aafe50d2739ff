// SPDX-License-Identifier: Apache-2.0
// The same duties as the Stillroom server, on npm socket.io: the peer that benchmarks measure
// against, and a small signalling server for work on the web client. Not for production.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createTls } from 'node:https';
import { parseArgs } from 'node:util';
import { Server } from 'socket.io';
import { FIELD_ERRORS, mayJoin, verify, wellFormed } from './rules.mjs';

const PAYLOAD_BYTES_MAX = 131_072;
const CAPACITY = { individual: 2, couples: 3, family: 6, group: 12 };
const THERAPISTS = new Set(['psychologist', 'therapist']);

const { values: args } = parseArgs({
  options: {
    port: { type: 'string', default: '3001' },
    host: { type: 'string', default: '127.0.0.1' },
    people: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    origins: { type: 'string' },
  },
});
const secret = process.env.JWT_SECRET ?? '';
if (secret.length < 32 || !args.people) {
  console.error('JWT_SECRET (32 bytes at least) and --people FILE are needed');
  process.exit(2);
}

// People file: {users:[{id,name,role,active?}], sessions:[{sessionId,roomId,clients,therapist,
// start,minutes,status?,payment?,type?}]}
const people = JSON.parse(readFileSync(args.people, 'utf8'));
const users = new Map(people.users.map((user) => [user.id, user]));
const sessions = new Map(people.sessions.map((each) => [each.sessionId, { ...each }]));
const rooms = new Map(); // roomId -> {session, seats: Map<socketId, seat>, startTime}

function refuse(code, message) {
  return Object.assign(new Error(message), { data: { code } });
}

function admit(socket, next) {
  const bearer = /^Bearer (.+)$/.exec(socket.handshake.headers.authorization ?? '')?.[1];
  const token = socket.handshake.auth?.token ?? socket.handshake.query?.token ?? bearer;
  if (typeof token !== 'string' || token === '') {
    return next(refuse('token_missing', 'Authentication token required'));
  }
  const claim = verify(token, secret, Date.now());
  if (claim.code) return next(refuse(claim.code, 'Authentication failed'));
  const user = users.get(claim.id);
  if (!user) return next(refuse('user_unknown', 'User not found'));
  if (user.active === false || user.role !== claim.role) {
    return next(refuse('user_inactive', 'Authentication failed'));
  }
  socket.data.user = user;
  return next();
}

const web =
  args.cert && args.key
    ? createTls({ cert: readFileSync(args.cert), key: readFileSync(args.key) })
    : createPlain();
web.on('request', (request, response) => {
  if (request.url === '/livez') response.writeHead(200).end('ok');
  else if (!request.url.startsWith('/socket.io/')) response.writeHead(404).end();
});
const io = new Server(web, {
  maxHttpBufferSize: PAYLOAD_BYTES_MAX,
  pingInterval: 25_000,
  pingTimeout: 20_000,
  perMessageDeflate: false,
  serveClient: false,
  cors: args.origins ? { origin: args.origins.split(',') } : undefined,
});
io.use(admit);

function audit() {
  // One record per decision, as the real server appends; here only its cost is of interest.
  return Date.now();
}

function seatOf(socket, roomId) {
  return rooms.get(roomId)?.seats.get(socket.id);
}

function introduce(seat) {
  const { user, socketId, seatId } = seat;
  return { socketId, userId: user.id, userName: user.name, userRole: user.role, seatId };
}

function replaceOlderSeat(room, roomId, userId) {
  for (const seat of room.seats.values()) {
    if (seat.user.id !== userId) continue;
    io.to(seat.socketId).emit('access:revoked', { reason: 'replaced' });
    vacate(roomId, seat.socketId, 'replaced');
  }
}

function startCall(room, roomId) {
  room.startTime = new Date().toISOString();
  room.session.status = 'in-progress';
  audit();
  io.to(roomId).emit('call-started', {
    startTime: room.startTime,
    sessionId: room.session.sessionId,
    status: 'in-progress',
  });
}

function headCount(room) {
  return new Set([...room.seats.values()].map((seat) => seat.user.id)).size;
}

function join(socket, body, ack) {
  const { roomId, sessionId } = body ?? {};
  const user = socket.data.user;
  const session = sessions.get(sessionId);
  let error = mayJoin(user, session, roomId, Date.now());
  if (!error) {
    const held = rooms.get(roomId);
    const others = held ? new Set([...held.seats.values()].map((seat) => seat.user.id)) : new Set();
    others.delete(user.id);
    if (others.size >= (CAPACITY[session.type ?? 'individual'] ?? 2)) error = 'Room is full';
  }
  if (error) {
    socket.emit('join-error', { error });
    return ack({ ok: false, error });
  }
  audit();
  if (!rooms.has(roomId)) rooms.set(roomId, { session, seats: new Map(), startTime: null });
  const room = rooms.get(roomId);
  replaceOlderSeat(room, roomId, user.id);
  rooms.set(roomId, room);
  const others = [...room.seats.values()];
  const seat = { user, socketId: socket.id, seatId: randomUUID() };
  room.seats.set(socket.id, seat);
  if (headCount(room) === 2 && !room.startTime) startCall(room, roomId);
  io.to(roomId).emit('user-joined', introduce(seat));
  socket.emit('existing-participants', others.map(introduce));
  if (room.startTime) {
    socket.emit('call-status', { status: 'in-progress', startTime: room.startTime });
  }
  socket.join(roomId);
  socket.emit('join-success', {
    roomId,
    sessionId,
    participantCount: headCount(room),
    userRole: user.role,
    secureConnection: Boolean(args.cert),
    seatId: seat.seatId,
    iceServers: [],
    policy: { iceTransportPolicy: 'all' },
  });
  return ack({ ok: true });
}

function vacate(roomId, socketId, reason) {
  const room = rooms.get(roomId);
  const seat = room?.seats.get(socketId);
  if (!seat) return;
  audit();
  room.seats.delete(socketId);
  io.in(socketId).socketsLeave(roomId);
  const { user } = seat;
  const timestamp = new Date().toISOString();
  io.to(roomId).emit('user-left', {
    userId: user.id,
    socketId,
    userName: user.name,
    timestamp,
    reason,
  });
  if (room.seats.size === 0) rooms.delete(roomId);
}

function relay(socket, kind, body, ack) {
  const { to, roomId } = body ?? {};
  let error = '';
  if (!seatOf(socket, roomId) || !rooms.get(roomId).seats.has(to) || to === socket.id) {
    error = 'Invalid signaling attempt';
  } else if (!wellFormed(kind, body)) {
    error = FIELD_ERRORS[kind];
  }
  if (error) {
    socket.emit('signaling-error', { error });
    return ack({ ok: false, error });
  }
  const field = kind === 'ice-candidate' ? 'candidate' : kind;
  const timestamp = new Date().toISOString();
  io.to(to).emit(kind, { [field]: body[field], to, from: socket.id, roomId, timestamp });
  return ack({ ok: true });
}

function callError(socket, ack, error) {
  socket.emit('call-error', { error });
  ack({ ok: false, error });
}

function start(socket, body, ack) {
  const room = rooms.get(body?.roomId);
  if (!seatOf(socket, body?.roomId)) return callError(socket, ack, 'Not in this room');
  if (room.startTime) {
    socket.emit('call-status', { status: 'in-progress', startTime: room.startTime });
  } else {
    startCall(room, body.roomId);
  }
  return ack({ ok: true });
}

function end(socket, body, ack) {
  const room = rooms.get(body?.roomId);
  if (!seatOf(socket, body?.roomId)) return callError(socket, ack, 'Not in this room');
  if (!THERAPISTS.has(socket.data.user.role)) {
    return callError(socket, ack, 'Only the therapist can end the call');
  }
  if (!room.startTime) return callError(socket, ack, 'Call not started');
  audit();
  const endTime = new Date();
  const duration = Math.floor((endTime.getTime() - Date.parse(room.startTime)) / 60_000);
  room.session.status = 'completed';
  io.to(body.roomId).emit('call-ended', {
    endTime: endTime.toISOString(),
    duration,
    sessionId: room.session.sessionId,
    status: 'completed',
  });
  return ack({ ok: true });
}

function leave(socket, body, ack) {
  vacate(body?.roomId, socket.id, 'left');
  return ack({ ok: true });
}

io.on('connection', (socket) => {
  const on = (event, handler) =>
    socket.on(event, (body, ack) =>
      handler(socket, body, typeof ack === 'function' ? ack : () => {}),
    );
  on('join-room', join);
  on('start-call', start);
  on('end-call', end);
  on('leave-room', leave);
  for (const kind of ['offer', 'answer', 'ice-candidate']) {
    on(kind, (from, body, ack) => relay(from, kind, body, ack));
  }
  on('ice-servers', (_socket, _body, ack) => ack({ ok: true, iceServers: [] }));
  on('auth:refresh', (_socket, body, ack) =>
    ack({ ok: !verify(String(body?.token), secret, Date.now()).code }),
  );
  socket.on('disconnecting', () => {
    for (const roomId of rooms.keys()) vacate(roomId, socket.id, 'left');
  });
});

web.listen(Number(args.port), args.host, () => {
  const scheme = args.cert ? 'https' : 'http';
  const { port } = web.address();
  console.log(JSON.stringify({ event: 'ready', url: `${scheme}://${args.host}:${port}` }));
});
process.on('SIGTERM', () => void io.close(() => process.exit(0)));
