// SPDX-License-Identifier: Apache-2.0
// A server, an administrator, and what they need to order people and sessions over REST.
import assert from 'node:assert/strict';
import { request } from './rest.mjs';
import { Stillroom } from './stillroom.mjs';

export const kScopes = ['users:read', 'users:write', 'sessions:read', 'sessions:write'];

export class Office {
  #count = 0;

  static async open() {
    const office = new Office();
    office.server = await Stillroom.start({ STILLROOM_SERVER_WORKERS: '2' });
    office.admin = await office.somebody('admin');
    return office;
  }

  /** With a token. */
  async somebody(role) {
    const person = await this.server.person(role);
    person.token = await this.server.token(person);
    return person;
  }
  fresh(what) {
    this.#count += 1;
    return `${what}-${this.#count}`;
  }
  send(method, path, by, more = {}) {
    return request(this.server, method, path, { token: by?.token, ...more });
  }
  /** An application: its key, as a token. */
  async application(...scopes) {
    const given = scopes.flatMap((scope) => ['--scope', scope]);
    const made = await this.server.cli('key', 'add', '--name', 'an application', ...given);
    return { ...made, token: made.key };
  }
  newUser() {
    return { id: this.fresh('somebody'), name: 'Somebody', role: 'client' };
  }
  /** A session of these people that is due now. */
  async scheduled(therapist, client, more = {}) {
    const start = new Date().toISOString();
    const body = { clients: [client.id], therapist: therapist.id, start, ...more };
    const answer = await this.send('POST', '/api/sessions', this.admin, { body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.session;
  }
}
