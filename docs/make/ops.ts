/** The page of ops: what each means, what its gradient is, and which loops it becomes. */

import { type OpName, opNames, opOf } from '../../ir/ops/index.ts';
import { showType } from '../../ir/types.ts';
import {
  anchorOf,
  blocks,
  code,
  fence,
  formula,
  link,
  list,
  math,
  type Page,
  page,
  prose,
  section,
  table,
} from './markdown.ts';
import { factsOf, type GradientAt, type OpFacts } from './op-facts.ts';
import { findMakers, type Makers } from './op-makers.ts';
import { purposeOf, read } from './sources.ts';

type Kind = ReturnType<typeof opOf>['kind'];

const kinds: { readonly [K in Kind]: { readonly title: string; readonly about: string } } = {
  leaf: { title: 'Leaves', about: 'They have no operands: gradients end here.' },
  elementwise: {
    title: 'Elementwise',
    about:
      'Each element of the result is made of the elements at the same place. Operands have one shape: the builder broadcasts them by the rule of NumPy, and says so in the graph (`broadcast`), so that no gradient rule has to take it back.',
  },
  reduction: {
    title: 'Reductions',
    about: 'Elements along one or more axes become one; the axes disappear.',
  },
  contraction: { title: 'Contractions', about: 'A product and a sum at once.' },
  movement: {
    title: 'Movements',
    about:
      'The same elements at other places. They cost nothing: whoever reads the result reads the operand, at another index.',
  },
  indexing: { title: 'Indexing', about: 'What depends on the position, or on a number that is a position.' },
  marker: { title: 'Markers', about: 'They stand for something that a pass puts in their place.' },
};

/** The file of each op, as the manifest imports it. */
function filesOfOps(): ReadonlyMap<string, string> {
  const imports = read('ir/ops/index.ts').matchAll(/^import \{ (\w+) \} from '\.\/(.+)';$/gm);
  return new Map([...imports].map(([, name = '', file = '']) => [name, `ir/ops/${file}`]));
}

export function opsPage(): Page {
  const makers = findMakers();
  const files = filesOfOps();
  const facts = new Map(opNames.map((op) => [op, factsOf(op)] as const));
  const order = Object.keys(kinds);
  const groups = order.flatMap((kind) => {
    const members = opNames.filter((op) => opOf(op).kind === kind);
    return members.length === 0 ? [] : [{ kind, members }];
  });
  const entry = (op: OpName): string => opEntry(op, facts.get(op), makers(op), files.get(op) ?? '');
  return page(
    'docs/ops.md',
    'Ops',
    introduction,
    table(
      ['op', 'of', 'kinds of operands and result', 'made by'],
      opNames.map((op) => [
        link(code(op), `#${anchorOf(op)}`),
        math(facts.get(op)?.notation.tex ?? ''),
        (facts.get(op)?.kinds ?? []).map(code).join('<br>'),
        makers(op).users.map(code).join(', '),
      ]),
    ),
    ...groups.map(({ kind, members }) =>
      section(2, kinds[kind as Kind].title, kinds[kind as Kind].about, ...members.map(entry)),
    ),
  );
}

const introduction = blocks(
  `The whole language of the graph: ${opNames.length} ops, each in one file of \`ir/ops\`. Layers, losses and optimizers are functions over them and no ops ([what there is](../README.md#what-is-there-and-how-to-write-your-own)). A new op is a file and a line in the manifest, [\`ir/ops/index.ts\`](../ir/ops/index.ts); what a file holds is said in [ARCHITECTURE.md](../ARCHITECTURE.md#one-op-one-file).`,
  `The gradients below were derived by the compiler: for each op it was given $L = \\sum Z \\odot \\partial Z$, where $Z$ is what the op makes of its operands $X$, $Y$ and $\\partial Z$ is any weight, and was asked for the gradient of $L$ at the operands. So $\\partial Z$ is the gradient that comes back to the op, and $\\partial X$ the one that it passes on. $\\odot$ multiplies element by element, and a condition in brackets counts 1 where it holds and 0 elsewhere. Notation leaves movements out (a row added to a matrix is just $X + Y$); where that hides what happens, the ops are written out.`,
  'The loops are those of a program that computes the op alone, with `x` of shape `[batch, 3]` and the like; `n` is the number of samples. Where all elements are treated alike, one loop counts through all of them. Targets print these loops and know no ops: this is all that a target has to be able to say. exp, log and their kin stand there as calls, and are expanded into core arithmetic ([`ir/expansions.ts`](../ir/expansions.ts)), so that they have the same bits everywhere.',
);

function opEntry(op: OpName, facts: OpFacts | undefined, makers: Makers, file: string): string {
  if (facts === undefined) return '';
  const { operands, result, notation, kinds: accepted, loops } = facts;
  const types = operands.map(({ name, ...type }) => `${name}: ${showType(type)}`);
  const signature = `${op}(${types.join(', ')}) → ${showType(result)}`;
  return section(
    3,
    code(op),
    prose(purposeOf(file)),
    formula(`${op === 'grad' || operands.length === 0 ? '' : 'Z = '}${notation.tex}`),
    list([
      `in this example: ${code(signature)}, written ${code(notation.text)}`,
      ...(operands.length === 0 ? [] : [`takes ${accepted.map(code).join(', ')}`]),
      `made by ${madeBy(makers)}`,
      `defined in ${link(code(file), `../${file}`)}`,
    ]),
    gradientText(op, facts),
    loops === undefined ? loopless(op) : blocks('Loops:', fence('text', loops)),
  );
}

function madeBy({ users, rules, passes }: Makers): string {
  const parts = [
    ...(users.length === 0 ? [] : [users.map(code).join(', ')]),
    ...(rules.length === 0
      ? []
      : [`the gradient ${rules.length === 1 ? 'rule' : 'rules'} of ${rules.map(code).join(', ')}`]),
    ...(passes.length === 0 ? [] : [passes.map((path) => link(code(path), `../${path}`)).join(', ')]),
  ];
  return parts.length === 0 ? 'nothing but listings that are read back' : parts.join('; ');
}

function gradientText(op: OpName, { operands, result, gradients }: OpFacts): string {
  if (op === 'grad')
    return 'It has no gradient of its own: differentiated first, it can be differentiated again.';
  if (operands.length === 0) return '';
  if (gradients.length === 0)
    return result.dtype === 'f32'
      ? 'No gradient flows: the operands are no floats.'
      : `No gradient flows: a result of type ${code(result.dtype)} has none.`;
  const flowing = gradients.filter(({ notation }) => notation !== undefined);
  const stopped = gradients.filter(({ notation }) => notation === undefined);
  return blocks(
    ...flowing.map((gradient) => formula(gradientTex(gradient))),
    flowing.length === 0
      ? ''
      : `As text: ${flowing.map(({ operand, notation }) => code(`d${operand} = ${notation?.text}`)).join(', ')}.`,
    ...flowing.map(({ operand, ops }) =>
      ops === undefined ? '' : `In ops: ${code(`d${operand} = ${ops}`)}.`,
    ),
    stopped.length === 0
      ? ''
      : `No gradient flows to ${stopped.map(({ operand }) => code(operand)).join(', ')}.`,
  );
}

const gradientTex = ({ operand, notation }: GradientAt): string =>
  `\\partial ${operand.toUpperCase()} = ${notation?.tex}`;

/** Why an op has no loops of its own. */
function loopless(op: OpName): string {
  if (op === 'input' || op === 'state')
    return 'It has no loops: it is an array in memory, and others read it.';
  return 'It has no loops: by then it is gone, and whoever read it reads its operand.';
}
