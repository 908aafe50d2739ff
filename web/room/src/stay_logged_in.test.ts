// SPDX-License-Identifier: Apache-2.0
import type { CallView, Right } from '@stillroom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stayLoggedIn } from './stay_logged_in.ts';

const MINUTE = 60_000;
const RIGHT: Right = {
  token: '',
  logIn: 'name',
  roomId: 'room-1',
  sessionId: 's-1',
  expiresAt: 15 * MINUTE,
  receivedAt: 0,
  user: { id: 'u1', name: 'Maya', role: 'client' },
  start: 0,
  minutes: 0,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function during(phase: CallView['phase'], right: Right = RIGHT) {
  const renewed: string[] = [];
  const renew = vi.fn(async (): Promise<Right | 'over'> => ({ ...right, token: 'ticket' }));
  const view: CallView = {
    phase,
    closed: null,
    remotes: [],
    departed: [],
    callError: '',
    role: 'client',
    runningSince: 0,
    unreachable: false,
  };
  stayLoggedIn({ right, renew }, { view, tokenRenewed: (token) => renewed.push(token) });
  return { renew, renewed };
}

test('a_call_prolongs_its_connection_well_within_the_time_of_idleness', async () => {
  const { renewed } = during('joined');
  await vi.advanceTimersByTimeAsync(5 * MINUTE);
  expect(renewed).toEqual(['ticket']);
  await vi.advanceTimersByTimeAsync(5 * MINUTE);
  expect(renewed).toHaveLength(2);
});

test.each(['idle', 'closed'] as const)('nobody_keeps_a_log_in_alive_while_%s', async (phase) => {
  const { renew } = during(phase);
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(renew).not.toHaveBeenCalled();
});

test('a_log_in_that_is_over_prolongs_nothing', async () => {
  const { renew, renewed } = during('joined');
  renew.mockResolvedValue('over');
  await vi.advanceTimersByTimeAsync(5 * MINUTE);
  expect(renew).toHaveBeenCalledTimes(1);
  expect(renewed).toEqual([]);
});

test('a_right_by_a_link_is_left_to_its_keeper', async () => {
  const { logIn: _, ...right } = RIGHT;
  const { renew } = during('joined', { ...right, token: 't' });
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(renew).not.toHaveBeenCalled();
});
