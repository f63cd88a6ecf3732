/** The quality page as Markdown, made of reports alone. */

import type { Counts } from '../../tests/counts.ts';
import { areas } from '../../tests/seeded-bugs/bugs.ts';
import { grouped, percent, table } from './markdown.ts';
import type { CiReport, Outcome, SoakReport } from './reports.ts';
import { type CoverageReport, coverageSection, type MutationReport, mutationSection } from './scores.ts';

export interface Reports {
  readonly ci: CiReport;
  readonly soak?: SoakReport;
  readonly mutation?: MutationReport;
  readonly coverage?: CoverageReport;
}

const countOf = (counts: Counts, area: string, name: string): number => counts[area]?.[name] ?? 0;

export function pageOf({ ci, soak, mutation, coverage }: Reports): string {
  const sections = [
    '# Quality',
    'What the last measured runs found. `npm run quality` writes this page from their reports (`docs/quality/*.json`); ' +
      'it is not edited by hand, and a test holds it to them.',
    ciSection(ci),
    goalsSection(ci.counts),
    opsSection(ci.counts),
    seededSection(ci.checks['seeded bugs']),
    mutation ? mutationSection(mutation) : '',
    coverage ? coverageSection(coverage) : '',
    soak ? soakSection(soak) : '',
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function ciSection({ commit, machine, tests, checks, stages }: CiReport): string {
  const rows = [
    ...Object.entries(tests).map(([folder, outcome]) => rowOf(`tests/${folder}`, outcome)),
    ...Object.entries(checks).map(([runner, outcome]) => rowOf(runner, outcome)),
  ];
  const total = Object.values(stages).reduce((sum, seconds) => sum + seconds, 0);
  const times = Object.entries(stages).map(([title, seconds]) => `${title} ${seconds} s`);
  return [
    '## The run',
    `\`.ci/run\` at commit ${commit} on ${machine}, in ${Math.round(total / 60)} minutes: ${times.join(', ')}.`,
    table(['tests and checks', 'passed', 'failed', 'skipped'], rows),
  ].join('\n\n');
}

const rowOf = (name: string, { passed, failed, skipped }: Outcome): readonly (string | number)[] => [
  name,
  grouped(passed),
  failed,
  skipped,
];

/** The figures that the goals ask for in CI, beside what was counted. */
function goalsSection(counts: Counts): string {
  const of = (area: string, name: string): number => countOf(counts, area, name);
  const ops = Object.values(counts['op uses'] ?? {});
  const count = (n: number): string => grouped(n);
  const exact = (n: number): string => (n === 0 ? '0' : n.toExponential(1));
  const within = of('graphs', 'gradients within 1e-13');
  const beyond = of('graphs', 'gradients beyond 1e-13');
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['G1', 'random training graphs, every one valid', '10,000', count(of('graphs', 'graphs'))],
    ['G1', 'graphs without bounds on their numbers', '5 %', count(of('graphs', 'unguarded'))],
    [
      'G1',
      'of the others, all numbers finite',
      '99 %',
      percent(of('graphs', 'finite'), of('graphs', 'guarded')),
    ],
    ['G1', 'results that rounding alone decides', 'below 0.1 %', count(of('graphs', 'decided by rounding'))],
    ['G1', 'uses of the rarest op', '1,000', count(Math.min(...ops))],
    [
      'G2',
      'ops, shapes and values: gradients against dual numbers',
      '200 per op',
      count(of('gradients of ops', 'duals')),
    ],
    ['G2', 'against a complex step', '200 per smooth op', count(of('gradients of ops', 'complex'))],
    [
      'G2',
      'against central differences',
      'where they converge',
      count(of('gradients of ops', 'differences')),
    ],
    [
      'G2',
      'differences that did not converge',
      'below 2 %',
      percent(
        of('gradients of ops', 'skipped'),
        of('gradients of ops', 'differences') + of('gradients of ops', 'skipped'),
      ),
    ],
    ['G2', 'second derivatives', '100 per op', count(of('gradients of ops', 'second'))],
    ['G2', 'gradients of random graphs within 1e-13', '99.9 %', percent(within, within + beyond)],
    ['G2', 'largest relative error of them', '1e-9', exact(of('graph gradients', 'worst relative error'))],
    [
      'G3',
      'exact equations: combinations of special values',
      'all',
      count(of('equations', 'combinations of special values')),
    ],
    [
      'G3',
      'exact equations: random bit patterns',
      '10,000 each',
      count(of('equations', 'random bit patterns')),
    ],
    [
      'G3',
      'index expressions tried at every position',
      '10,000',
      count(of('index expressions', 'expressions')),
    ],
    ['G3', 'times that an equation fired on a random graph', '', count(sumOf(counts['equations fired']))],
    [
      'G13',
      'plans of memory checked, run with freed bytes poisoned',
      'every graph',
      count(of('graphs', 'graphs') + of('memory plans', 'programs')),
    ],
    ['G13', 'plans broken on purpose and found out', 'all', count(of('broken plans', 'found'))],
    [
      'G14',
      'injected NaN and infinities, found and named',
      '500',
      count(of('injected non-finite points', 'named op and line')),
    ],
    ['', 'nasty cases that are named tests', '35', count(of('nasty cases', 'cases'))],
  ];
  return ['## Goals of CI', table(['goal', 'what', 'asked', 'counted'], rows)].join('\n\n');
}

const sumOf = (counts: Readonly<Record<string, number>> = {}): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0);

function opsSection(counts: Counts): string {
  const list = (of: Readonly<Record<string, number>> = {}): string =>
    Object.entries(of)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, n]) => `\`${name}\` ${grouped(n)}`)
      .join(', ');
  return [
    '## What the random graphs were made of',
    `Uses of each op: ${list(counts['op uses'])}.`,
    `How often each equation fired: ${list(counts['equations fired'])}.`,
  ].join('\n\n');
}

function seededSection(outcome: Outcome = { passed: 0, failed: 0, skipped: 0 }): string {
  const rows = Object.entries(areas).map(([area, { bugs }]) => [area, bugs.length]);
  const examples = Object.values(areas).flatMap(({ bugs }) => bugs.slice(0, 2));
  return [
    '## Seeded bugs',
    `${outcome.passed} faults that were put into the compiler one by one were each noticed by the test that is named for it; ` +
      `${outcome.failed} were not. \`npm run seeded-bugs -- --list\` shows them all.`,
    table(['area', 'bugs'], rows),
    'For instance:',
    examples.map(({ what, test }) => `- ${what} (\`${test}\`)`).join('\n'),
  ].join('\n\n');
}

function soakSection({
  commit,
  cpu,
  node,
  workers,
  seconds,
  rounds,
  passed,
  failed,
  counts,
}: SoakReport): string {
  const pairs = Object.values(counts['pairs of ops'] ?? {});
  const failures = rounds.flatMap((round) => round.failures);
  return [
    '## Soak',
    `\`npm run soak\` at commit ${commit} for ${Math.round(seconds / 60)} minutes with ${workers} worker${workers === 1 ? '' : 's'} ` +
      `on ${cpu}, Node ${node}: ${rounds.length} rounds, each with a fresh seed.`,
    table(
      ['what', 'count'],
      [
        ['random training graphs', grouped(countOf(counts, 'graphs', 'graphs'))],
        ['mismatches, crashes and failed tests', failed],
        ['tests passed', grouped(passed)],
        ['uses of the rarest op', grouped(Math.min(...Object.values(counts['op uses'] ?? {})))],
        ['pairs of an op and one that reads it', pairs.length],
        ['of these seen 20 times or more', pairs.filter((n) => n >= 20).length],
        [
          'largest relative error of a gradient',
          countOf(counts, 'graph gradients', 'worst relative error').toExponential(1),
        ],
      ],
    ),
    failures.length === 0
      ? ''
      : `What failed, kept under \`tests/regress/\`:\n\n${failures.map((failure) => `- ${failure.split('\n')[0]}`).join('\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
