// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFile, functionsOf, loadLimits } from '../check-sizes.mjs';

const limits = loadLimits();
const sizes = (text) => functionsOf(text).map(({ name, lines }) => `${name} ${lines}`);
const lines = (count, line = '  step();') => `${line}\n`.repeat(count);

test('a file within the limits passes', () => {
  assert.deepEqual(checkFile('server/src/base/a.cpp', lines(600, 'int x;'), limits), []);
});

test('a file beyond its limit is found, by its kind', () => {
  const over = (path, count) => checkFile(path, lines(count, 'int x;'), limits).length;
  assert.equal(over('server/src/base/a.cpp', 601), 1);
  assert.equal(over('server/src/base/a.hpp', 301), 1);
  assert.equal(over('web/client/src/a.ts', 501), 1);
  assert.equal(over('web/client/src/a.ts', 500), 0);
});

test('a function of 70 lines passes and of 71 is found', () => {
  const body = (count) => `namespace n {\nvoid f() {\n${lines(count - 2)}}\n}\n`;
  assert.deepEqual(checkFile('server/src/base/a.cpp', body(70), limits), []);
  const [finding] = checkFile('server/src/base/a.cpp', body(71), limits);
  assert.match(finding.what, /^f\(\) has 71 lines/);
  assert.equal(finding.line, 2);
});

test('functions of every shape are seen', () => {
  const text = `
namespace a::b {
struct S : public Base<int> {
  S() : x_{1}, y_(2), z_{{3}} {
    go();
  }
  explicit S(int x) noexcept : x_(x) {}
  bool operator==(const S& other) const {
    return x_ == other.x_;
  }
  int x_ = 1;
  std::array<int, 2> y_{1, 2};
};
enum class E { one, two };
template <class T>
  requires std::integral<T>
auto S::get(T value = {}) const -> int {
  auto inner = [value] {
    return value;
  };
  if (value) {
    return 1;
  }
  return inner();
}
constexpr int kTable[] = {1, 2};
}  // namespace a::b
`;
  assert.deepEqual(sizes(text), ['S 3', 'S 1', 'operator== 3', 'S::get 11']);
});

test('a test macro counts as a function', () => {
  assert.deepEqual(sizes('TEST(Room, fact) {\n  check();\n}\n'), ['TEST 3']);
});

test('braces in strings, characters and comments do not count', () => {
  assert.deepEqual(sizes('void f() {\n  g("}", \'{\', R"({{)");  // }\n  int i = 1\'000;\n}\n'), [
    'f 4',
  ]);
});

test('a long line is found, a long address or raw string is not', () => {
  const at = 'server/src/base/a.cpp';
  const wide = 'x'.repeat(101);
  assert.equal(checkFile(at, `${wide}\n`, limits).length, 1);
  assert.equal(checkFile(at, `// https://example.org/${wide}\n`, limits).length, 0);
  assert.equal(checkFile(at, `auto s = R"(\n${wide}\n)";\n`, limits).length, 0);
  assert.equal(checkFile(at, `${'é'.repeat(100)}\n`, limits).length, 0, 'characters, not bytes');
});

test('an exception covers its one finding up to its own limit', () => {
  const path = 'server/src/base/a.cpp';
  const exceptions = [{ path, rule: 'file', max: 700, reason: 'a table of the protocol' }];
  const own = { ...limits, exceptions };
  assert.equal(checkFile(path, lines(650, 'int x;'), own).length, 0);
  assert.equal(checkFile(path, lines(701, 'int x;'), own).length, 1);
});
