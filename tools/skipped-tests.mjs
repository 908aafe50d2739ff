// SPDX-License-Identifier: Apache-2.0
// Which tests a runner skipped, and why: `{name, why}` of each.

const kNoReason = 'no reason given';

/** What `node --test` printed with its `spec` reporter; a suite's name stands before its tests'. */
export function skipsOfNode(log) {
  const skips = [];
  const suites = [];
  // The failed tests come again at the end.
  for (const line of log.split(/^✖ failing tests:$/m)[0].split('\n')) {
    const suite = /^( *)▶ (.*?)(?: \([\d.]+ms\))?$/.exec(line);
    if (suite) suites.splice(suite[1].length / 2, Number.POSITIVE_INFINITY, suite[2]);
    const test = /^( *)(?:﹣|✔|✖|⚠) (.*) \([\d.]+ms\) # (.*)$/.exec(line);
    if (!test) continue;
    const [, indent, name, said] = test;
    const path = [...suites.slice(0, indent.length / 2), name];
    skips.push({ name: path.join(', '), why: said === 'SKIP' ? kNoReason : said });
  }
  return skips;
}

const kEntities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const unescaped = (xml) => xml.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => kEntities[name]);

/** What one GoogleTest program printed: `FILE:LINE: Skipped`, the reason, `[  SKIPPED ] NAME`. */
function skipsOfOutput(output) {
  const skips = new Map();
  const told = /^\[ RUN {6}\] (\S+)\n([\s\S]*?)^\[ {2}SKIPPED \] \1/gm;
  for (const [, name, between] of output.matchAll(told)) {
    const reason = /: Skipped\n([\s\S]*)$/.exec(between)?.[1].trim().replaceAll('\n', ' ');
    skips.set(name, { name, why: reason || kNoReason });
  }
  return [...skips.values()];
}

/** ctest's junit file, with what each program printed, and programs that were skipped as a whole. */
export function skipsOfPrograms(junit) {
  const programs = /<testcase\s+name="([^"]*)"[^>]*?status="([^"]*)"([\s\S]*?)(?=<testcase|$)/g;
  return [...junit.matchAll(programs)].flatMap(([, program, status, inside]) => {
    const output = /<system-out>([\s\S]*?)<\/system-out>/.exec(inside)?.[1] ?? '';
    const own = skipsOfOutput(unescaped(output));
    if (status === 'run' || status === 'fail' || own.length > 0) return own;
    const why = /<skipped message="([^"]*)"/.exec(inside)?.[1];
    if (status === 'notrun' && !/^SKIP_/.test(why ?? '')) return [];
    return [{ name: program, why: unescaped(why ?? status) }];
  });
}

/** vitest's json report; it knows no reasons. */
export function skipsOfVitest(report) {
  return (report.testResults ?? [])
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => ['pending', 'skipped', 'todo', 'disabled'].includes(status))
    .map(({ fullName, status }) => ({
      name: fullName,
      why: status === 'todo' ? 'todo' : kNoReason,
    }));
}
