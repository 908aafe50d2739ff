// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';

/** `--name N` for each default; whole numbers from 1 only. */
export function numbers(defaults) {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { type: 'string', default: String(value) },
    ]),
  );
  const { values } = parseArgs({ options });
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => {
      if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} is a whole number from 1`);
      return [name, Number(text)];
    }),
  );
}
