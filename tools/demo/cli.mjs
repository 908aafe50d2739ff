// SPDX-License-Identifier: Apache-2.0
// The server's command line, as scripts use it: one call, one JSON document.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A command of `stillroom` on a data folder: `await cli(['user', 'list'])`. */
export function commandLine(binary, data) {
  return async (args) => {
    try {
      const { stdout } = await run(binary, [...args, '--data', data, '--json']);
      return JSON.parse(stdout);
    } catch (error) {
      const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim();
      throw new Error(`stillroom ${args.join(' ')}: ${said || error.message}`, { cause: error });
    }
  };
}
