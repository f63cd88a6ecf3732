/**
 * Puts each seeded bug into the compiler and runs the test that must notice it.
 *
 * `--list` names the bugs, `--only ID` takes one of them (may be repeated), `--check FILE` adds a line for each to a file
 * of checks as `.ci/count.mjs` reads them.
 */

import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { SeededBug } from './bug.ts';
import { areas, bugs } from './bugs.ts';
import { type Judgement, judgeAll } from './judge.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Gives the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      check: { type: 'string' },
    },
  });
  const unknown = values.only.filter((id) => !bugs.some((bug) => bug.id === id));
  if (unknown.length > 0) {
    console.error(`There is no seeded bug ${unknown.join(', ')}; --list names them all.`);
    return 2;
  }
  if (values.list) return list();
  const chosen = bugs.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
  return judge(chosen, values.check);
}

function list(): number {
  for (const [area, { bugs: own }] of Object.entries(areas))
    for (const { id, what } of own) console.log(`${area.padEnd(10)} ${id.padEnd(40)} ${what}`);
  console.log(`${bugs.length} seeded bugs`);
  return 0;
}

async function judge(chosen: readonly SeededBug[], checks: string | undefined): Promise<number> {
  // What the shell says about seeds and golden files is not for these runs.
  for (const name of ['CHAINRULE_BUG', 'CHAINRULE_SEED', 'UPDATE_GOLDEN']) delete process.env[name];
  const begin = performance.now();
  const survivors: string[] = [];
  await judgeAll(root, chosen, (bug, judgement) => {
    console.log(lineOf(bug, judgement));
    const status = judgement.killed ? 'passed' : 'failed';
    if (checks !== undefined) appendFileSync(checks, `${status}\tseeded bugs\t${bug.id}\n`);
    if (!judgement.killed) survivors.push(bug.id);
  });
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  const killed = chosen.length - survivors.length;
  console.log(
    `${killed} of ${chosen.length} seeded bugs killed, ${survivors.length} survived, in ${seconds} s`,
  );
  return survivors.length === 0 ? 0 : 1;
}

function lineOf({ id, test, name }: SeededBug, { killed, said, ms }: Judgement): string {
  const time = `${(ms / 1000).toFixed(1)} s`;
  const shown = killed && said.length > 120 ? `${said.slice(0, 117)}...` : said;
  return `${killed ? 'killed  ' : 'SURVIVED'}  ${id}  by ${test} > ${name}  (${time}; ${shown})`;
}
