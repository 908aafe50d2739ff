// SPDX-License-Identifier: Apache-2.0
// The door `./run` in a folder of its own, before anything is set up: what it refuses there touches
// no demo of this clone, and no package of this machine.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kRoot } from './pages.mjs';

const kEndMsMax = 20_000;
const kProgramPlaces = ['/usr/bin', '/bin'];

export class Doorstep {
  #started = [];

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'stillroom-door-'));
    // `run` goes to where its own file is.
    copyFileSync(join(kRoot, 'run'), join(this.folder, 'run'));
    symlinkSync(join(kRoot, 'tools'), join(this.folder, 'tools'));
  }

  /** `{code, out, err}`; `path` is the only place where it finds programs. */
  run(args, { path = process.env.PATH } = {}) {
    const options = {
      cwd: this.folder,
      env: { ...process.env, PATH: path },
      timeout: kEndMsMax,
      killSignal: 'SIGKILL',
    };
    return new Promise((resolve) => {
      execFile(join(this.folder, 'run'), args, options, (error, out, err) => {
        resolve({ code: error === null ? 0 : error.code, out, err });
      });
    });
  }

  /** A process that the system calls `stillroom`, and the file of a demo that names it. */
  async leaveOver() {
    const program = join(this.folder, 'stillroom');
    copyFileSync('/bin/sleep', program);
    const child = spawn(program, ['60'], { stdio: 'ignore' });
    await once(child, 'spawn');
    this.#started.push(child);
    this.nameProcess(child.pid);
    return child.pid;
  }

  nameProcess(pid) {
    mkdirSync(join(this.folder, '.demo'), { recursive: true });
    writeFileSync(join(this.folder, '.demo/server.pid'), `${pid}\n`);
  }

  /** A PATH with these programs of the system, and scripts in place of others. */
  programs(names, scripts) {
    const path = mkdtempSync(join(this.folder, 'bin-'));
    for (const name of names) {
      const place = kProgramPlaces.find((each) => existsSync(join(each, name)));
      symlinkSync(join(place, name), join(path, name));
    }
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(path, name), 0o755);
    }
    return path;
  }

  async close() {
    for (const child of this.#started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
