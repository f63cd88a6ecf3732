/** Every pass over graphs removed or crippled, and those that choose kernels and their order. */

import { inFile, type SeededBug } from './bug.ts';

const stages = 'tests/pipeline/stages.test.ts';
const kernels = 'tests/pipeline/kernels.test.ts';
const bits = (program: string): string => `the emitted code in f32 has the bits of > ${program}`;

const differentiating = inFile('passes/autodiff.ts', 'tests/properties/conventions.test.ts');

const autodiff: readonly SeededBug[] = [
  differentiating('a value that is used several times > x + x collects the gradients of all uses', {
    id: 'autodiff-last-use-wins',
    what: 'of a value that is used twice only the last use counts',
    find: 'adjoints.set(x, sum ? addAdjoints(o, sum, contribution) : contribution);',
    replace: 'adjoints.set(x, sum ? contribution : contribution);',
  }),
  differentiating('the derivative at a kink > of a maximum and a minimum is split in halves', {
    id: 'autodiff-starts-with-two',
    what: 'the gradient of the loss by itself is 2',
    find: 'adjoints.set(loss, { value: o.fill(loss, 1) })',
    replace: 'adjoints.set(loss, { value: o.fill(loss, 2) })',
  }),
  inFile('passes/autodiff.ts', 'tests/properties/gradient-rules.test.ts')(
    'what is made of a gradient has no influence on the loss that it is the gradient of',
    {
      id: 'autodiff-looks-ahead',
      what: 'a value made after the loss is looked for among what the loss depends on',
      find: '.filter((target) => target.id <= loss.id)',
      replace: '',
    },
  ),
  differentiating('a value that is used several times > x * x * x collects the gradients of all uses', {
    id: 'autodiff-forward-order',
    what: 'the backward sweep goes from the inputs to the loss',
    find: '[...active].reverse()',
    replace: '[...active]',
  }),
  differentiating('what a loss does not depend on > an empty sum gives exactly 0', {
    id: 'autodiff-unreached-is-one',
    what: 'what the loss does not depend on has gradient 1',
    find: 'gradient ?? o.fill(renamed(at), 0)',
    replace: 'o.fill(gradient ?? renamed(at), 1)',
  }),
];

const leaks = (title: string): string => `in f64 > case 7: ${title}`;
const branches = inFile('passes/pull-back.ts', 'tests/nasty/kinks.test.ts');

const pullingBack: readonly SeededBug[] = [
  branches(leaks('a logarithm at 0 in the branch not taken leaks no NaN into the gradient'), {
    id: 'select-leaks',
    what: 'the gradient of a branch forgets where the branch is not taken',
    find: 'return { value, mask };\n}',
    replace: 'return { value };\n}',
  }),
  branches(leaks('a quotient by 0 in the branch not taken leaks no NaN into the gradient'), {
    id: 'mask-other-branch',
    what: 'the second branch of a select counts where the first is taken',
    find: 'const own = { condition: nth(y.inputs, 0), when };',
    replace: 'const own = { condition: nth(y.inputs, 0), when: true };',
  }),
  branches(leaks('a select in a select in the branch not taken leaks no NaN into the gradient'), {
    id: 'mask-outer-alone',
    what: 'of a select in a select only the outer condition counts',
    find: 'o.and(truthOf(o, outer), truthOf(o, own))',
    replace: 'truthOf(o, outer)',
  }),
  branches(leaks('a value that two branches share leaks nothing where neither is taken'), {
    id: 'mask-lost-in-sum',
    what: 'the sum of the gradients of two branches forgets where it is 0 for good',
    find: 'return { value, mask: { condition: o.or(truthOf(o, a.mask), truthOf(o, b.mask)), when: true } };',
    replace: 'return { value };',
  }),
  branches(leaks('a sum in the branch not taken leaks nothing'), {
    id: 'mask-lost-in-movement',
    what: 'what a sum in a branch passes on forgets where it is 0 for good',
    find: "new Set(['sum', 'reshape', 'transpose'])",
    replace: "new Set(['reshape', 'transpose'])",
  }),
];

const shielded = inFile('passes/shield.ts', 'tests/systems/shielded-points.test.ts');

const pipeline = inFile('src/pipeline.ts', stages);
const results = 'tests/systems/results-and-updates.test.ts';

const graph: readonly SeededBug[] = [
  {
    ...pipeline('a gradient at a value in the middle > counts what goes through it: b + (a - b)', {
      id: 'shield-gone',
      what: 'the pipeline does not shield the points of gradients',
      find: '  shield,\n  simplify,\n  autodiff,',
      replace: '  simplify,\n  autodiff,',
    }),
    test: 'tests/systems/shielded-points.test.ts',
  },
  shielded('a gradient at a value in the middle > counts what goes through it: -(a - b)', {
    id: 'shield-transparent',
    what: 'the points of gradients are wrapped in what equations look through',
    find: 'wrap: (same) => o.opaque(same)',
    replace: 'wrap: (same) => o.cast(same, { dtype: o.float })',
  }),
  shielded('a look-ahead is where the gradient is taken, also where the loss negates the parameter', {
    id: 'shield-leaves-look-ahead',
    what: 'the points of a look-ahead are not shielded',
    find: "opOf(at.op).kind !== 'leaf' && at.id <= loss.id",
    replace: "opOf(at.op).kind !== 'leaf' && at.op !== 'sub' && at.id <= loss.id",
  }),
  pipeline(
    'simplification > finds the stable form of a loss before it is differentiated: logits of 1e4 are finite',
    {
      id: 'simplify-gone',
      what: 'losses are not simplified before they are differentiated',
      find: '  shield,\n  simplify,\n  autodiff,',
      replace: '  shield,\n  { ...simplify, run: (program) => program },\n  autodiff,',
    },
  ),
  pipeline('simplification > makes the gradient of a cross-entropy (p - y) / m', {
    id: 'simplify-gradients-gone',
    what: 'gradients are not simplified',
    find: "{ ...simplify, name: 'simplify-gradients', needs: ['autodiff'] }",
    replace: "{ ...simplify, name: 'simplify-gradients', needs: ['autodiff'], run: (program) => program }",
  }),
  {
    id: 'simplify-gradients-unlisted',
    what: 'the pass that simplifies gradients is gone from the pipeline',
    file: 'src/pipeline.ts',
    find: "  { ...simplify, name: 'simplify-gradients', needs: ['autodiff'] },\n",
    replace: '',
    test: 'tests/properties/manifest.test.ts',
    name: 'the compiler has exactly the passes of the list',
  },
  {
    ...pipeline('in f64 > softmax has rows of probabilities, for logits of any size', {
      id: 'stabilize-gone',
      what: 'nothing spells out log-sum-exp',
      find: '  stabilize,\n  materialize,\n];',
      replace: '  materialize,\n];',
    }),
    test: 'tests/systems/layers.test.ts',
  },
  inFile('passes/stabilize.ts', stages)(
    'stabilization > shifts by the maximum, so that no exponential overflows',
    {
      id: 'stabilize-unshifted',
      what: 'log-sum-exp is not shifted by the maximum',
      find: 'const max = o.reduceMax(x, { axes });',
      replace: 'const max = o.fill(o.reduceMax(x, { axes }), 0);',
    },
  ),
  inFile('passes/stabilize.ts', 'tests/pipeline/regressions.test.ts')(
    'a masked logit of -Infinity gives no NaN, neither in the loss nor in a gradient',
    {
      id: 'stabilize-multiplies-labels',
      what: 'a one-hot label multiplies instead of choosing, and 0 times infinity is no number',
      find: "if (old.op === 'mul') return chooseByLabel(o, old, renamed);",
      replace: "if (old.op === 'mul' && old.inputs.length === 0) return chooseByLabel(o, old, renamed);",
    },
  ),
  {
    ...pipeline('a step > reports a parameter and a state as they were before the update', {
      id: 'materialize-gone',
      what: 'bare states are reported after they have changed',
      find: '  stabilize,\n  materialize,\n];',
      replace: '  stabilize,\n];',
    }),
    test: results,
  },
  inFile('passes/materialize.ts', results)('a step > sets a state to what another one was before the step', {
    id: 'materialize-no-updates',
    what: 'an update that is another state is not copied',
    find: "isLeaf(value) && !(value.op === 'state' && value.attrs.name === state);",
    replace: "isLeaf(value) && value.op === 'constant' && state !== '';",
  }),
  inFile('passes/materialize.ts', results)('an output > may be a constant', {
    id: 'materialize-no-constants',
    what: 'a constant that is predicted has no array',
    find: "return name === 'predict' && isLeaf(value) && !hasArray;",
    replace: "return name === 'predict' && isLeaf(value) && !hasArray && value.op !== 'constant';",
  }),
];

const fusing = inFile('passes/fuse.ts', stages);

const kernelsAndOrder: readonly SeededBug[] = [
  fusing('fusion > computes on the way what one reader needs at its own place', {
    id: 'fuse-gone',
    what: 'every value is computed into memory',
    find: '(members.get(home)?.size ?? 0) >= maxInlined ||',
    replace: '(members.get(home)?.size ?? 0) >= 0 ||',
  }),
  fusing('fusion > keeps what the user named where it can be looked at', {
    id: 'fuse-hides-named',
    what: 'values that the user named are computed on the way and cannot be looked at',
    find: "if (note?.role === 'forward' && note.name !== undefined) return undefined; // the user wants to see it",
    replace: '',
  }),
  fusing('fusion > stores what a matrix product reads again and again', {
    id: 'fuse-repeats-work',
    what: 'what a matrix product reads is computed anew for each of its elements',
    find: "maxInlined || mode === 'many') return undefined;",
    replace: 'maxInlined) return undefined;',
  }),
  inFile('passes/order.ts', kernels)(bits('a network with momentum'), {
    id: 'order-not-topological',
    what: 'blocks do not wait for what they read',
    find: 'waiting.set(block, needed.size);\n    for (const other of needed) readers.get(other)?.push(block);',
    replace: 'waiting.set(block, 0);',
  }),
  inFile('passes/order.ts', stages)('the order of blocks > is forward, backward, update', {
    id: 'order-without-phases',
    what: 'blocks come in any order that computes',
    find: 'ranks.set(block, [phaseOf(block), isSink ? 0 : 1, position]);',
    replace: 'ranks.set(block, [0, 0, -lastIdOf(block) % 7]);',
  }),
  inFile('passes/order.ts', stages)(
    'the order of blocks > computes the gradient of each parameter as soon as it can be',
    {
      id: 'order-gradients-late',
      what: 'the gradients of parameters come last in the backward pass',
      find: '[phaseOf(block), isSink ? 0 : 1, position]',
      replace: '[phaseOf(block), isSink ? 1 : 0, position]',
    },
  ),
  inFile('passes/order.ts', stages)(
    'the order of blocks > has what is for evaluating and predicting alone at the end',
    {
      id: 'order-inference-first',
      what: 'what the training step does without comes first',
      find: "usedBy.has('step') ? phases[role] : 3",
      replace: "usedBy.has('step') ? phases[role] : -1",
    },
  ),
  inFile('passes/lower.ts', kernels)(bits('a product by a transposed matrix'), {
    id: 'lower-captures-variable',
    what: 'a sum runs over the variable of the row that it is the sum for',
    find: 'let depth = root.shape.length;',
    replace: 'let depth = root.shape.length - 1;',
  }),
];

export const passes: readonly SeededBug[] = [...autodiff, ...pullingBack, ...graph, ...kernelsAndOrder];
