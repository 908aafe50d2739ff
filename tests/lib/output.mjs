// SPDX-License-Identifier: Apache-2.0

/** What a child process with piped output says, as it says it: `{ out, err }`. */
export function outputOf(child) {
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes) => {
    said.out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    said.err += bytes;
  });
  return said;
}
