/** What the page of passes says of each in words: why it is there, and what to look at. */

export const passTexts: Readonly<Record<string, string>> = {
  shield: `A gradient is asked for *at a value*. If that value is a parameter there is nothing to do, and this pass does nothing here. But an optimizer with a look-ahead takes it at \`w - beta * v\`, and a model may ask for \`gradient(loss, z)\` in the middle: an equation that rewrites what is computed from \`z\` could lead around \`z\`, and the gradient there would be 0. So each such value is wrapped in [\`opaque\`](ops.md#opaque), which no equation looks through.`,
  simplify: `Losses are simplified *before* they are differentiated, because the derivative of an expression that overflows overflows as well. Equations are tried at each value from the inputs up, until none applies; equal values become one value on the way. What happens here is the step that textbooks do by hand: $\\ln(e^z / \\sum e^z)$ becomes $z - \\ln \\sum e^z$.`,
  autodiff: `Reverse mode, from graph to graph: the gradient at the loss is 1; walking from the loss to the inputs, each op passes on what its rule makes of the gradient at its result ([ops](ops.md)), and where a value is read twice the contributions are added. One walk serves all parameters. Gradients are named after what they are gradients at (\`dZ\` at \`z\`), and know the rule and the line that they come from.`,
  'simplify-gradients': `The same pass once more, now over the gradients. Nothing in it knows cross-entropies: the sum of a one-hot row is 1, quotients over one divisor are put together, and what is left is $(p - y) / m$.`,
  stabilize: `By now every log-sum-exp stands in the graph as such, whoever wrote it and however. Here they are spelled out with the maximum taken out, $\\ln \\sum e^{x} = \\max x + \\ln \\sum e^{x - \\max x}$, so that no exponential exceeds 1. A product with a one-hot row becomes a choice, for 0 times infinity would be NaN.`,
  materialize: `An update that is a bare leaf, such as a state that takes over the old value of another, has no statement that could compute it, and a result that is a state would be read after the step has changed it: such values are copied. There are none here.`,
  fuse: `Which values are computed into memory? Results, what the user named, what several kernels read, what is read again and again; everything else is computed where it is read. A kernel is one such value with all that is computed on the way to it. Kernels without a name join the block of their reader: a block is what one reads as one statement, and gets one comment in the emitted code. Blocks are ordered forward, backward, update, and each parameter's gradient as soon as it can be.`,
  schedule: `Each kernel is first written as *the element of its result at an index* (\`lower\`): loads, scalar functions and reductions, and no ops any more. Then come the loops around it: the order in a matrix product follows the strides, kernels of a block that run over the same samples share their outer loop, and what lives for one turn of it stays in a variable. Every element sees the same operations in the same order as in its definition, so that results keep their bits.`,
  'plan-memory': `One arena: state first, then every other value, and two of them share bytes when no function needs both at once. Its size is known to the byte, before anything runs. Updates are written over their state where nothing needs the old value any more.`,
};

export const passesIntroduction = `How a model becomes a step, pass by pass, for one small model: the softmax regression of [chapter 2](tutorial/02-softmax-regression.md), written from \`exp\`, \`sum\` and \`log\`. \`[0]\` and \`[1]\` name the axis that a sum runs over (0 counts samples), \`m\` is the number of samples, \`<-\` is an update, and \`grad(loss, w)\` is a marker that the autodiff pass replaces. The listings have a line for each named value; what is between names is written out, movements and conversions are left out.`;

/** Where shield has something to do. */
export const lookAheadModel = `import { meanSquaredError, model, nesterov, zeros } from 'chainrule';

export default model(
  'look-ahead',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', ['batch', 1]);
    const w = m.param('w', [2, 1], zeros());
    return { loss: meanSquaredError(x.matmul(w), y) };
  },
  { batch: 8, optimizer: nesterov({ learningRate: 0.1, beta: 0.9 }) },
);
`;

/** Where materialize has something to do. */
export const memoryModel = `import { gradientDescent, meanSquaredError, model, zeros } from 'chainrule';

export default model(
  'memory',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', ['batch', 1]);
    const w = m.param('w', [2, 1], zeros());
    const previous = m.state('previous', [2, 1], zeros());
    previous.set(w); // the weights as they were before this step
    return { loss: meanSquaredError(x.matmul(w), y) };
  },
  { batch: 8, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
`;
