// SPDX-License-Identifier: Apache-2.0
// Bodies of staff and applications that are refused: one code for each way to be wrong.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Office } from './lib/office.mjs';
import { verdict } from './lib/rest.mjs';

let office;
before(async () => {
  office = await Office.open();
});
after(async () => {
  assert.equal(await office?.server.stop(), 0);
});

describe('bodies', () => {
  const good = { clients: ['c'], therapist: 't', start: '2031-01-31T09:00:00Z' };
  const user = { id: 'fine', name: 'Fine', role: 'client' };
  /** what -> [method, path, body or text, status and code] */
  const wrong = {
    'no body': ['POST', 'users', '', '400 malformed'],
    'no JSON': ['POST', 'users', '{', '400 malformed'],
    'an array': ['POST', 'users', [], '400 malformed'],
    'a member twice': [
      'POST',
      'users',
      '{"id":"a","id":"b","name":"N","role":"client"}',
      '400 malformed',
    ],
    'an id that is a number': ['POST', 'users', { ...user, id: 7 }, '400 malformed'],
    'no id': ['POST', 'users', { ...user, id: undefined }, '400 malformed'],
    'no name': ['POST', 'users', { ...user, name: undefined }, '400 malformed'],
    'a name of null': ['PATCH', 'users/nobody', { name: null }, '400 malformed'],
    'no role': ['POST', 'users', { ...user, role: undefined }, '400 malformed'],
    'an unknown role': ['POST', 'users', { ...user, role: 'king' }, '400 invalid'],
    'an id with blanks': ['POST', 'users', { ...user, id: 'a b' }, '400 invalid'],
    'a name of blanks': ['POST', 'users', { ...user, name: ' ' }, '400 invalid'],
    'an unknown status': ['PATCH', 'users/nobody', { status: 'asleep' }, '400 invalid'],
    'rows that are none': ['PUT', 'users', { users: {} }, '400 malformed'],
    'a row that is none': ['PUT', 'users', { users: ['x'] }, '400 malformed'],
    'a row without id': ['PUT', 'users', { users: [{ name: 'x' }] }, '400 malformed'],
    'deep nesting': ['POST', 'users', { ...user, more: [[[[[]]]]] }, '400 malformed'],
    'too many members': ['POST', 'users', { ...user, more: Array(9000).fill(0) }, '400 malformed'],
    'clients that are no list': ['POST', 'sessions', { ...good, clients: 'c' }, '400 malformed'],
    'a client that is no text': ['POST', 'sessions', { ...good, clients: [7] }, '400 malformed'],
    'no clients': ['POST', 'sessions', { ...good, clients: [] }, '400 invalid'],
    'no start': ['POST', 'sessions', { ...good, start: undefined }, '400 malformed'],
    'a start that is no instant': ['POST', 'sessions', { ...good, start: 'soon' }, '400 invalid'],
    'minutes that are text': ['POST', 'sessions', { ...good, minutes: '50' }, '400 malformed'],
    'half a minute': ['POST', 'sessions', { ...good, minutes: 50.5 }, '400 malformed'],
    'too few minutes': ['POST', 'sessions', { ...good, minutes: 4 }, '400 invalid'],
    'too many minutes': ['POST', 'sessions', { ...good, minutes: 9007199254740991 }, '400 invalid'],
    'an unknown type': ['POST', 'sessions', { ...good, type: 'crowd' }, '400 invalid'],
    'too many for the type': [
      'POST',
      'sessions',
      { ...good, clients: ['a', 'b'], type: 'individual' },
      '400 invalid',
    ],
    'somebody twice': ['POST', 'sessions', { ...good, clients: ['t'] }, '400 invalid'],
    'an outside id with blanks': ['POST', 'sessions', { ...good, outsideId: 'a b' }, '400 invalid'],
    'a scope that is none': ['POST', 'keys', { name: 'N', scopes: ['keys:write'] }, '400 invalid'],
    'no scope': ['POST', 'keys', { name: 'N', scopes: [] }, '400 invalid'],
    'a key without a name': ['POST', 'keys', { scopes: ['users:read'] }, '400 malformed'],
    'a key that is not there': ['DELETE', 'keys/none', undefined, '404 not_found'],
    'an id that cannot be decoded': ['GET', 'users/%zz', undefined, '404 not_found'],
    'another method': ['PUT', 'users/x', {}, '405 method_not_allowed'],
  };
  for (const [what, [method, path, body, expected]] of Object.entries(wrong)) {
    test(`${what}: ${expected}`, async () => {
      const more = typeof body === 'string' ? { raw: body } : { body };
      const answer = await office.send(method, `/api/${path}`, office.admin, more);
      assert.equal(verdict(answer), expected);
      assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
    });
  }
});
