// SPDX-License-Identifier: Apache-2.0
// The two scanners, run against a port of this machine; what they print goes into a folder.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOfSslscan, faultsOfTestssl } from './findings.mjs';

const kScanMsMax = 600_000;

export const isInstalled = (command) =>
  spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

/** Both streams of a command, in a file of `folder`. */
async function print(folder, command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: kScanMsMax });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      text += bytes;
    });
  }
  const [code, signal] = await once(child, 'close');
  writeFileSync(join(folder, `${command}.txt`), text);
  if (signal !== null) throw new Error(`${command} was ended by ${signal}`);
  return { code, text };
}

function fresh(folder, name) {
  const file = join(folder, name);
  rmSync(file, { force: true });
  return file;
}

export async function sslscan(folder, port) {
  const xml = fresh(folder, 'sslscan.xml');
  const flags = ['--no-colour', '--show-sigs', `--xml=${xml}`];
  await print(folder, 'sslscan', [...flags, `127.0.0.1:${port}`]);
  return faultsOfSslscan(readFileSync(xml, 'utf8'));
}

export async function testssl(folder, port, authority) {
  const json = fresh(folder, 'testssl.json');
  const quiet = ['--quiet', '--color', '0', '--warnings', 'batch', '--nodns', 'none'];
  const files = ['--add-ca', authority, '--jsonfile', json];
  await print(folder, 'testssl', [...quiet, ...files, `https://127.0.0.1:${port}`]);
  return faultsOfTestssl(readFileSync(json, 'utf8'));
}
