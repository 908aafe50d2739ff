// SPDX-License-Identifier: Apache-2.0
// Every wait of these tests has a name and an end.

export function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Between two looks at something that tells nobody when it changes. */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks again and again until `probe` sees something, and returns it. */
export async function until(what, probe, ms = 8_000) {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await probe();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await pause(20);
  }
}
