// SPDX-License-Identifier: Apache-2.0
// Raw JSON ends here: each function returns a value that cannot be wrong, or undefined.
import type {
  Candidate,
  Description,
  IceServer,
  Joined,
  Person,
  Role,
  ServerEvent,
  ServerEventName,
} from './events.ts';

/** A room holds twelve people at most (protocol); more than this is not a room. */
const PEOPLE_MAX = 64;
const ICE_SERVERS_MAX = 16;
const TEXT_CHARS_MAX = 512;
const SDP_CHARS_MAX = 128 * 1024;
const PASS_CHARS_MAX = 128;

type Fields = Readonly<Record<string, unknown>>;

function isFields(raw: unknown): raw is Fields {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

export function fieldsOf(raw: unknown): Fields | undefined {
  return isFields(raw) ? raw : undefined;
}

export function textOf(raw: unknown, charsMax = TEXT_CHARS_MAX): string | undefined {
  return typeof raw === 'string' && raw.length <= charsMax ? raw : undefined;
}

const ROLES: Readonly<Record<string, Role>> = {
  client: 'client',
  psychologist: 'therapist',
  therapist: 'therapist',
  admin: 'admin',
  interpreter: 'interpreter',
  observer: 'observer',
};

/** An unknown role gets the fewest rights on the page; the server decides in any case. */
export function roleOf(raw: unknown): Role {
  return (typeof raw === 'string' && Object.hasOwn(ROLES, raw) && ROLES[raw]) || 'observer';
}

function personOf(raw: unknown): Person | undefined {
  const fields = fieldsOf(raw);
  const socketId = textOf(fields?.['socketId']);
  const userId = textOf(fields?.['userId']);
  if (!fields || !socketId || !userId) return undefined;
  const seatId = textOf(fields['seatId']);
  return {
    socketId,
    userId,
    userName: textOf(fields['userName']) ?? '',
    role: roleOf(fields['userRole']),
    ...(seatId ? { seatId } : {}),
  };
}

function iceServerOf(raw: unknown): IceServer | undefined {
  const fields = fieldsOf(raw);
  const listed = Array.isArray(fields?.['urls']) ? fields['urls'] : [fields?.['urls']];
  const urls = listed.map((url) => textOf(url)).filter((url) => url !== undefined);
  if (!fields || urls.length === 0) return undefined;
  const username = textOf(fields['username']);
  const credential = textOf(fields['credential']);
  return { urls, ...(username ? { username } : {}), ...(credential ? { credential } : {}) };
}

export function iceServersOf(raw: unknown): readonly IceServer[] {
  if (!Array.isArray(raw)) return [];
  return raw
    .slice(0, ICE_SERVERS_MAX)
    .map(iceServerOf)
    .filter((server) => server !== undefined);
}

/** Of `server:hello`: what to show at the next handshake. Opaque. */
export function returnPassOf(raw: unknown): string | undefined {
  const pass = textOf(fieldsOf(raw)?.['returnPass'], PASS_CHARS_MAX);
  return pass && /^[\w-]+$/.test(pass) ? pass : undefined;
}

function joinedOf(fields: Fields): Joined | undefined {
  const roomId = textOf(fields['roomId']);
  if (!roomId) return undefined;
  return {
    roomId,
    role: roleOf(fields['userRole']),
    seatId: textOf(fields['seatId']) ?? '',
    iceServers: iceServersOf(fields['iceServers']),
    policy: fieldsOf(fields['policy'])?.['iceTransportPolicy'] === 'relay' ? 'relay' : 'all',
  };
}

function descriptionOf(type: Description['type'], raw: unknown): Description | undefined {
  const fields = fieldsOf(raw);
  const sdp = textOf(fields?.['sdp'], SDP_CHARS_MAX);
  return fields?.['type'] === type && sdp ? { type, sdp } : undefined;
}

/** `undefined` is "malformed"; `null` is the end of candidates. */
function candidateOf(raw: unknown): Candidate | undefined {
  if (raw === null || raw === '') return null;
  const fields = fieldsOf(raw);
  const candidate = textOf(fields?.['candidate']);
  if (!fields || candidate === undefined) return undefined;
  if (candidate === '') return null;
  const index = fields['sdpMLineIndex'];
  return {
    candidate,
    sdpMid: textOf(fields['sdpMid']) ?? null,
    sdpMLineIndex: typeof index === 'number' ? index : null,
    usernameFragment: textOf(fields['usernameFragment']) ?? null,
  };
}

function timeOf(raw: unknown): number {
  const time = typeof raw === 'number' ? raw : Date.parse(textOf(raw) ?? '');
  return Number.isFinite(time) ? time : 0;
}

function refusalOf(kind: 'join-error' | 'call-error' | 'signaling-error', fields: Fields) {
  return { kind, error: textOf(fields['error']) ?? '', code: textOf(fields['code']) ?? '' };
}

function relayedOf(name: ServerEventName, fields: Fields): ServerEvent | undefined {
  const from = textOf(fields['from']);
  if (!from) return undefined;
  if (name === 'ice-candidate') {
    const candidate = candidateOf(fields['candidate']);
    return candidate === undefined ? undefined : { kind: 'candidate', from, candidate };
  }
  const type = name === 'offer' ? 'offer' : 'answer';
  const description = descriptionOf(type, fields[type]);
  return description ? { kind: 'description', from, description } : undefined;
}

export function parseServerEvent(name: ServerEventName, raw: unknown): ServerEvent | undefined {
  if (name === 'existing-participants') {
    if (!Array.isArray(raw)) return undefined;
    const people = raw.slice(0, PEOPLE_MAX).map(personOf);
    return { kind: 'others', people: people.filter((person) => person !== undefined) };
  }
  const fields = fieldsOf(raw);
  if (!fields) return undefined;
  switch (name) {
    case 'join-success': {
      const joined = joinedOf(fields);
      return joined && { kind: 'joined', joined };
    }
    case 'user-joined': {
      const person = personOf(fields);
      return person && { kind: 'user-joined', person };
    }
    case 'user-left': {
      const socketId = textOf(fields['socketId']);
      if (!socketId) return undefined;
      return { kind: 'user-left', socketId, reason: textOf(fields['reason']) ?? '' };
    }
    case 'offer':
    case 'answer':
    case 'ice-candidate':
      return relayedOf(name, fields);
    case 'call-started':
    case 'call-status':
      return { kind: 'call-running', startTime: timeOf(fields['startTime']) };
    case 'call-ended': {
      const minutes = fields['duration'];
      return { kind: 'call-ended', minutes: typeof minutes === 'number' ? minutes : 0 };
    }
    case 'join-error':
    case 'call-error':
    case 'signaling-error':
      return refusalOf(name, fields);
    case 'access:revoked':
      return { kind: 'access-revoked', reason: textOf(fields['reason']) ?? '' };
  }
}
