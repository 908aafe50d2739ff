// SPDX-License-Identifier: Apache-2.0
// Load on one core, server on another, where there are two: else they push each other out of caches.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

function allowedCores() {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1];
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

const kCores = allowedCores();

/** Command and arguments that start the program on the server's core. */
export function onServerCore(command, args) {
  if (kCores.length < 2) return [command, args];
  return ['taskset', ['-c', String(kCores[1]), command, ...args]];
}

/** Puts this process, the load, on the other one. */
export function stayOnLoadCore() {
  if (kCores.length < 2) return;
  execFileSync('taskset', ['-acp', String(kCores[0]), String(process.pid)], { stdio: 'ignore' });
}
