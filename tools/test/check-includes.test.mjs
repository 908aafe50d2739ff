// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFile, includesOf, loadTable } from '../check-includes.mjs';

const table = loadTable();
const whats = (path, text) => checkFile(path, text, table).map((finding) => finding.what);
const passes = (path, text) => assert.deepEqual(whats(path, text), []);
const fails = (path, text, pattern) => {
  const found = whats(path, text);
  assert.equal(found.length, 1, `expected one finding, got ${JSON.stringify(found)}`);
  assert.match(found[0], pattern);
};

test('a lower rank may be included', () => {
  passes('server/src/signalling/a.cpp', '#include "room/room.hpp"\n#include "base/clock.hpp"\n');
});

test('the own module may be included', () => {
  passes('server/src/room/a.cpp', '#include "room/room.hpp"\n');
});

test('a higher rank may not be included', () => {
  fails('server/src/room/a.hpp', '#include "signalling/ports.hpp"\n', /room .* up, signalling/);
  fails('server/src/base/a.hpp', '#  include  "app/app.hpp"\n', /up, app/);
});

test('a neighbour may not be included', () => {
  fails('server/src/sdp/a.cpp', '#include "room/room.hpp"\n', /sideways, room/);
  fails('server/src/store/a.cpp', '#include <gateway/http.hpp>\n', /sideways, gateway/);
});

test('an exception allows one direction only', () => {
  passes('server/src/room/a.hpp', '#include "identity/principal.hpp"\n');
  fails('server/src/identity/a.hpp', '#include "room/seat.hpp"\n', /sideways, room/);
});

test('an exception that is needed is noted as used', () => {
  const used = new Set();
  checkFile('server/src/room/a.hpp', '#include "sdp/sdp.hpp"\n', table, used);
  assert.deepEqual(
    [...used].map((exception) => `${exception.from} ${exception.to}`),
    ['room sdp'],
  );
});

test('an include in a comment or a string is none', () => {
  passes('server/src/base/a.cpp', '// #include "app/app.hpp"\n/*\n#include "app/app.hpp"\n*/\n');
  passes('server/src/base/a.cpp', 'auto text = R"(\n#include "app/app.hpp"\n)";\n');
});

test('the line of an include is told', () => {
  assert.deepEqual(includesOf('// one\n#include <vector>\n\n#include "base/a.hpp"\n'), [
    { name: 'vector', quoted: false, line: 2 },
    { name: 'base/a.hpp', quoted: true, line: 4 },
  ]);
});

test('a path around the table is refused', () => {
  fails('server/src/base/a.cpp', '#include "../app/app.hpp"\n', /include by the path/);
  fails('server/src/base/a.cpp', '#include "clock.hpp"\n', /names no module/);
});

test('a module without a rank is refused', () => {
  fails('server/src/helpers/a.cpp', '#include <vector>\n', /helpers has no rank/);
  fails('server/src/main.cpp', '#include <vector>\n', /directly/);
});

test('only tests include the fakes', () => {
  passes('server/src/room/a_test.cpp', '#include "testing/clock.hpp"\n');
  fails('server/src/room/a.cpp', '#include "testing/clock.hpp"\n', /only \*_test\.cpp/);
});

test('a test obeys the arrows too', () => {
  fails('server/src/room/a_test.cpp', '#include "store/sqlite.hpp"\n', /up, store/);
});

test('a pure module includes no I/O', () => {
  fails('server/src/sdp/a.cpp', '#include <boost/asio/post.hpp>\n', /no I\/O/);
  fails('server/src/room/a.cpp', '#include <mutex>\n', /no I\/O/);
  passes('server/src/net/a.cpp', '#include <boost/asio/post.hpp>\n#include <mutex>\n');
  passes('server/src/sdp/a_test.cpp', '#include <fstream>\n');
});

test('a low header includes no Boost', () => {
  fails('server/src/config/a.hpp', '#include <boost/url.hpp>\n', /Boost in a public header/);
  passes('server/src/config/a.cpp', '#include <boost/url.hpp>\n');
});

test('ambient time, randomness, environment and sleep are found', () => {
  const at = 'server/src/room/a.cpp';
  fails(at, 'auto t = std::chrono::steady_clock::now();\n', /time is a value/);
  fails(at, 'auto t = system_clock::now();\n', /time is a value/);
  fails(at, 'int i = rand();\n', /Rng/);
  fails(at, 'std::random_device source;\n', /Rng/);
  fails(at, 'auto v = std::getenv("PORT");\n', /environment/);
  fails(at, 'std::this_thread::sleep_for(1s);\n', /sleep/);
  passes('server/src/base/system_clock.cpp', 'return std::chrono::steady_clock::now();\n');
  passes(at, '// steady_clock::now() is not for here\nint operand(int);\n');
});

test('an exception without a reason is no exception', async () => {
  const { mkdtempSync, writeFileSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = mkdtempSync(join(tmpdir(), 'arrows-'));
  try {
    const path = join(folder, 'table.json');
    const bad = { ...table, exceptions: [{ from: 'room', to: 'sdp', reason: '' }] };
    writeFileSync(path, JSON.stringify(bad));
    assert.throws(() => loadTable(path), /no reason/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
