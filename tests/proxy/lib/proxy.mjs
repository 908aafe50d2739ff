// SPDX-License-Identifier: Apache-2.0
// A real proxy in front of a server: the shipped file with other ports and paths, and nothing else.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { madeCertificate } from '../../contract/lib/issuer.mjs';
import { until, within } from '../../contract/lib/waiting.mjs';

const kDeploy = join(import.meta.dirname, '../../../deploy');
/** Debian keeps both where only root looks. */
const kEnvironment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const kStopMsMax = 10_000;
const kLogBytesMax = 64 << 10;

export const kHasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some(({ address }) => address === '::1');

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Without the means a run by hand goes on and skips; CI has them, so there it is a failure. */
function cannotRun(why) {
  if (process.env.CI) throw new Error(`${why}; in CI that is a failure`);
  return why;
}

/** Why this proxy cannot be tested here, or nothing. */
export function absent(program) {
  const { error } = spawnSync(program, ['-v'], { env: kEnvironment, stdio: 'ignore' });
  return error ? cannotRun(`no ${program}`) : undefined;
}

/** `text` with each of `changes`, `[from, to]`, of which every one must have something to change. */
function changed(text, changes) {
  return changes.reduce((now, [from, to]) => {
    const next = now.replaceAll(from, to);
    if (next === now) throw new Error(`the shipped file has no ${from}`);
    return next;
  }, text);
}

const withoutIpv6 = (text) => (kHasIpv6 ? text : text.replaceAll(/^.*\[::1\].*\n/gm, ''));

/** Started by hand, nginx wants to be told where its own things lie. */
function nginxAround(site, folder) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    process.getuid() === 0 ? 'user root;' : '',
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr crit;`,
    'events {}',
    'http {',
    ...temporary.map((one) => `${one}_temp_path ${folder}/${one};`),
    `include ${site};`,
    '}\n',
  ].join('\n');
}

const makers = {
  nginx({ folder, tls, plain, upstream, certificate }) {
    const site = join(folder, 'site.conf');
    const text = changed(readFileSync(join(kDeploy, 'nginx.conf'), 'utf8'), [
      ['listen [::]:443', `listen [::1]:${tls}`],
      ['listen [::]:80', `listen [::1]:${plain}`],
      ['listen 443', `listen 127.0.0.1:${tls}`],
      ['listen 80', `listen 127.0.0.1:${plain}`],
      ['127.0.0.1:8080', `127.0.0.1:${upstream}`],
      ['/etc/stillroom/tls/fullchain.pem', certificate.ca],
      ['/etc/stillroom/tls/key.pem', certificate.key],
      ['/var/log/nginx/stillroom.log', join(folder, 'log')],
    ]);
    writeFileSync(site, withoutIpv6(text));
    const main = join(folder, 'nginx.conf');
    writeFileSync(main, nginxAround(site, folder));
    return ['nginx', '-e', join(folder, 'log'), '-p', folder, '-c', main];
  },
  haproxy({ folder, tls, plain, upstream, certificate, headerFirst }) {
    const site = join(folder, 'site.pem');
    writeFileSync(site, [certificate.ca, certificate.key].map((one) => readFileSync(one)).join(''));
    const file = join(folder, 'haproxy.cfg');
    const text = changed(readFileSync(join(kDeploy, 'haproxy.cfg'), 'utf8'), [
      ['bind [::]:443', `bind [::1]:${tls}`],
      ['bind [::]:80', `bind [::1]:${plain}`],
      ['bind :443', `bind 127.0.0.1:${tls}`],
      ['bind :80', `bind 127.0.0.1:${plain}`],
      ['  server stillroom 127.0.0.1:8080', `  server stillroom 127.0.0.1:${upstream}`],
      ['/etc/stillroom/tls/site.pem', site],
      // As the file says.
      ...(headerFirst ? [[' check\n', ' check send-proxy-v2-ssl\n']] : []),
    ]);
    writeFileSync(file, withoutIpv6(text));
    return ['haproxy', '-db', '-f', file];
  },
  'haproxy-tcp'({ folder, tls, upstream }) {
    const file = join(folder, 'haproxy.cfg');
    const text = changed(readFileSync(join(kDeploy, 'haproxy-tcp.cfg'), 'utf8'), [
      ['bind [::]:443', `bind [::1]:${tls}`],
      ['bind :443', `bind 127.0.0.1:${tls}`],
      ['  server stillroom 127.0.0.1:8443', `  server stillroom 127.0.0.1:${upstream}`],
    ]);
    writeFileSync(file, withoutIpv6(text));
    return ['haproxy', '-db', '-f', file];
  },
};

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

export class RunningProxy {
  #child;

  /**
   * `kind`: nginx, haproxy or haproxy-tcp; `headerFirst`: with a PROXY header. Its ports are known
   * before the server that it stands for.
   */
  static async prepare(kind, headerFirst) {
    const proxy = new RunningProxy();
    proxy.kind = kind;
    proxy.headerFirst = headerFirst;
    proxy.folder = mkdtempSync(join(tmpdir(), 'stillroom-proxy-'));
    proxy.certificate = madeCertificate(proxy.folder, 'site');
    proxy.tls = await freePort();
    proxy.plain = await freePort();
    proxy.log = '';
    return proxy;
  }

  get url() {
    return `https://127.0.0.1:${this.tls}`;
  }

  async start(upstream) {
    const { folder, tls } = this;
    const [program, ...words] = makers[this.kind]({ ...this, upstream });
    this.#child = spawn(program, words, {
      cwd: folder,
      env: kEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.on('error', () => {});
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (bytes) => {
        this.log = (this.log + bytes).slice(-kLogBytesMax);
      });
    }
    await until(`${this.kind} to listen`, async () => {
      if (this.#child.exitCode !== null) throw new Error(`${this.kind} ended:\n${this.log}`);
      return listens(tls);
    });
    return this;
  }

  /** What it has written anywhere. */
  written() {
    let file = '';
    try {
      file = readFileSync(join(this.folder, 'log'), 'utf8');
    } catch {
      // It writes none.
    }
    return this.log + file;
  }

  async stop() {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await within(kStopMsMax, `the end of ${this.kind}`, gone).catch((error) => {
        this.#child.kill('SIGKILL');
        throw error;
      });
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
