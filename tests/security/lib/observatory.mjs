// SPDX-License-Identifier: Apache-2.0
// What Mozilla's HTTP Observatory says of one server: node observatory.mjs MODULE HOST PORT, with
// NODE_EXTRA_CA_CERTS for its authority. HOST is this machine, and any other name is a failure: the
// grader asks nobody outside. One JSON document.
import dns from 'node:dns';
import { existsSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, host, port] = process.argv.slice(2);
const kNobodyPort = 9;

const outside = [];
dns.lookup = (name, options, told) => {
  const answer = typeof options === 'function' ? options : told;
  if (name !== host) {
    outside.push(name);
    return answer(new Error(`${name} is asked for`));
  }
  const found = { address: '127.0.0.1', family: 4 };
  return options.all ? answer(null, [found]) : answer(null, found.address, found.family);
};

const of = (path) => import(pathToFileURL(join(folder, 'src', path)).href);
// Its list of preloaded hosts would be fetched by an install script, which does not run.
const preloaded = join(folder, 'conf/hsts-preload.json');
if (!existsSync(preloaded)) writeFileSync(preloaded, '{}');

const { retrieve } = await of('retriever/retriever.js');
const { ALL_TESTS } = await of('constants.js');
const { getGradeForScore, getScoreModifier } = await of('grader/grader.js');
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await of('grader/charts.js');

const retrieved = await retrieve(host, { httpsPort: port, httpPort: kNobodyPort });
const tests = ALL_TESTS.map((grade) => {
  const { result, pass } = grade(retrieved);
  return { result, pass, modifier: getScoreModifier(result) };
});
// As its scanner sums up: extra points count for who is good without them.
const sum = (counted) => counted.reduce((score, { modifier }) => score + modifier, 100);
const bare = sum(tests.filter(({ modifier }) => modifier < 0));
const score = bare >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(tests) : bare;
const { grade } = getGradeForScore(score);
const verified = retrieved.responses.auto?.verified ?? false;
const status = retrieved.responses.auto?.status;
const names = outside.filter((name) => isIP(name) === 0);
process.stdout.write(JSON.stringify({ grade, score, tests, verified, status, outside: names }));
