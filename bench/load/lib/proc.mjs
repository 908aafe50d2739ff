// SPDX-License-Identifier: Apache-2.0
// What the kernel says about a process: proc(5).
import { readdirSync, readFileSync } from 'node:fs';

const kNsPerUs = 1000;

/**
 * Microseconds of CPU that its threads have used, user and system together. Read from schedstat,
 * which counts the same as utime + stime of stat but in nanoseconds instead of ticks of 10 ms.
 */
export function cpuUs(pid) {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  }
  return ns / kNsPerUs;
}

/** Resident bytes. */
export function rssBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)[1]) * 1024;
}
