// SPDX-License-Identifier: Apache-2.0
import { generate } from 'lean-qr';
import { expect, test } from 'vitest';
import { grouped, QUIET_ZONE, qrCode } from './qr.ts';

/** The dark modules that a path draws, as `x y`. */
function drawn(path: string): string[] {
  return [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)].flatMap(([, x, y, run, back]) => {
    expect(run).toBe(back);
    return Array.from({ length: Number(run) }, (_, index) => `${Number(x) + index} ${y}`);
  });
}

test('each_dark_module_is_drawn_once_inside_a_quiet_zone', () => {
  const text = `otpauth://totp/Stillroom:${'tea'.repeat(20)}?secret=${'ABCD2345'.repeat(4)}`;
  const code = generate(text);
  const { size, path } = qrCode(text);
  expect(size).toBe(code.size + 2 * QUIET_ZONE);
  const dark: string[] = [];
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (code.get(x, y)) dark.push(`${x + QUIET_ZONE} ${y + QUIET_ZONE}`);
    }
  }
  expect(dark.length).toBeGreaterThan(400);
  expect(drawn(path)).toEqual(dark);
});

test('a_key_stands_in_groups_of_four', () => {
  expect(grouped('ABCDEFGHIJ')).toBe('ABCD EFGH IJ');
  expect(grouped('')).toBe('');
});
