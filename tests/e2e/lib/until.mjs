// SPDX-License-Identifier: Apache-2.0
// Waiting for a fact instead of for a time.

const kPauseMs = 100;

/**
 * Asks `probe` again and again until it says something true, and returns that. After `timeoutMs` it
 * throws with `what` was waited for and what was last seen.
 */
export async function until(what, probe, timeoutMs = 15_000) {
  const deadline = performance.now() + timeoutMs;
  let seen;
  for (;;) {
    try {
      seen = await probe();
      if (seen) return seen;
    } catch (error) {
      seen = error.message;
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${what}; last: ${JSON.stringify(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, kPauseMs));
  }
}

/** For what must stay true: throws as soon as it is not, returns after `forMs`. */
export async function throughout(what, probe, forMs) {
  const deadline = performance.now() + forMs;
  while (performance.now() < deadline) {
    if (!(await probe())) throw new Error(`${what}: no longer so`);
    await new Promise((resolve) => setTimeout(resolve, kPauseMs));
  }
}
