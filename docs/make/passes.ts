/** The page of passes: one model through the whole pipeline, with what each pass changed. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printProgram } from '../../ir/print.ts';
import { type Program, valuesOf } from '../../ir/program.ts';
import { type Stage, stagesOf } from '../../src/derivation/stages.ts';
import type { Model } from '../../src/dsl/model.ts';
import { trace } from '../../src/dsl/trace.ts';
import { loadModel } from '../../src/load-model.ts';
import { loopPasses } from '../../src/pipeline.ts';
import { anchorOf, code, details, fence, link, type Page, page, section, table } from './markdown.ts';
import { loopStages } from './pass-loops.ts';
import { graphStage, sideOf } from './pass-stages.ts';
import { lookAheadModel, memoryModel, passesIntroduction } from './pass-texts.ts';
import { linesOf } from './program-lines.ts';
import { withScratch } from './scratch.ts';
import { read, repository } from './sources.ts';

const example = 'examples/02-softmax-regression/model.ts';
const readSource = (file: string): string => readFileSync(file, 'utf8');
const tracedOf = (model: Model): Program => trace(model, { float: 'f32', readSource }).program;

export async function passesPage(): Promise<Page> {
  const written = tracedOf(await loadModel(join(repository, example)));
  const stages = stagesOf(written);
  const result = stages.at(-1)?.program ?? written;
  const sides = await withScratch(async ({ load }) => ({
    shield: tracedOf(await load('look-ahead.model.ts', lookAheadModel)),
    materialize: tracedOf(await load('memory.model.ts', memoryModel)),
  }));
  return page(
    'docs/passes.md',
    'The passes',
    passesIntroduction,
    contents(stages),
    section(
      2,
      'The model',
      fence('ts', read(example)),
      'as it is recorded:',
      fence('text', linesOf(written).join('\n')),
    ),
    details(
      `The same, value by value (${valuesOf(written).length} of them)`,
      fence('text', printProgram(written)),
    ),
    ...stages.map((stage, i) => graphStage(stage, stages[i - 1]?.program ?? written, sideOf(stage, sides))),
    details(`The graph after the last of them, value by value`, fence('text', printProgram(result))),
    ...loopStages(result, written),
    section(2, 'And then', andThen),
  );
}

const andThen = `The target prints these loops, one commented paragraph for each block: [\`model.trainer.ts\`](../examples/02-softmax-regression/model.trainer.ts) is the whole of it. To see any stage of a model of yours:

\`\`\`sh
npx chainrule compile examples/02-softmax-regression/model.ts -o out/step.trainer.ts --print-after simplify
npx chainrule compile examples/02-softmax-regression/model.ts -o out/step.trainer.ts --explain-schedule --target wasm
npx chainrule inspect examples/02-softmax-regression/model.ts -o out/softmax.html
\`\`\`

The second says how the batch is cut and in which loops each block runs; the third writes a page on which a slider goes through all of this, with the graph drawn, and pointing at a line of the model shows what became of it.

That no pass changes what is computed is not for readers to check: each is run on 10,000 random training graphs, alone and in random order ([what is proved](../README.md#what-is-proved)).`;

const contents = (stages: readonly Stage[]): string =>
  table(
    ['pass', 'what it does', 'afterwards absent'],
    [
      ...stages.map(({ pass }) => [nameLink(pass.name), pass.doc, pass.removes.map(code).join(', ')]),
      ...loopPasses.map(({ name, doc }) => [nameLink(name), doc, '']),
    ],
  );

const nameLink = (name: string): string => link(code(name), `#${anchorOf(name)}`);
