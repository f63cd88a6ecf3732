/** Errors and warnings of what a model declares and returns. */

import { type ErrorText, modelOf } from './text.ts';

const x = "const x = m.input('x', ['batch', 3]);";
const w = "const w = m.param('w', [3, 1], glorotUniform());";
const init = { more: ['glorotUniform'] };

export const modelErrors: readonly ErrorText[] = [
  {
    code: 'name/duplicate',
    means: 'Two inputs, labels, parameters or states have one name.',
    why: 'Names are how data, weights files and the emitted code tell them apart. They are compared in Unicode form NFC, so that names that look alike are alike.',
    mend: 'Give each a name of its own. `dense` counts its parameters itself (`w1`, `b1`, `w2`, ...): a parameter of yours called `b1` and a `dense` layer meet here.',
    example: {
      kind: 'model',
      text: modelOf(
        [x, "const b = m.param('b1', [3], glorotUniform());", 'return { loss: dense(x.add(b), 1).mean() };'],
        { more: ['dense', 'glorotUniform'] },
      ),
    },
  },
  {
    code: 'name/invalid',
    means:
      'A name is empty, too long, holds characters that cannot be seen, or is one that the trainer uses itself.',
    why: 'Names come to stand in files, tables and terminals, where an invisible character would be a trap. `loss`, `step`, `epoch` and their kin are reported by every training.',
    mend: 'Use 1 to 256 printable characters.',
    example: {
      kind: 'model',
      text: modelOf(
        ["const x = m.input('', ['batch', 3]);", w, 'return { loss: x.matmul(w).mean() };'],
        init,
      ),
    },
  },
  {
    code: 'normalization/input',
    means: '`minMax` or `zScore` got something other than an input of the model.',
    why: 'Their statistics are fitted to the training data before the first step, when there is nothing but data. What is computed from an input changes while the model learns.',
    mend: 'Normalize the input itself, before anything else. Inside the network use `batchNorm`, whose statistics follow the training.',
    example: {
      kind: 'model',
      text: modelOf([x, 'return { loss: dense(minMax(x.mul(2)), 1).mean() };'], {
        more: ['dense', 'minMax'],
      }),
    },
  },
  {
    code: 'output/label',
    means: 'An output is computed from a label.',
    why: '`predict` is for data whose labels nobody knows.',
    mend: 'Return it as a metric, which is computed where there are labels, or compute it from inputs alone.',
    example: {
      kind: 'model',
      text: modelOf(
        [
          x,
          "const y = m.label('y', ['batch', 1]);",
          w,
          'const error = x.matmul(w).sub(y);',
          'return { loss: error.square().mean(), outputs: { error } };',
        ],
        init,
      ),
    },
  },
  {
    code: 'loss/not-scalar',
    means: 'The loss is an array.',
    why: 'A gradient is the gradient of one number. Of an array there is no single direction in which it becomes smaller.',
    mend: 'Take the mean over the samples: `loss.mean()`. A sum works as well, but makes the rate depend on the size of the batch.',
    example: {
      kind: 'model',
      text: modelOf([x, w, 'return { loss: x.matmul(w).square() };'], init),
    },
  },
  {
    code: 'loss/no-parameter',
    means: 'The loss depends on no parameter that is trained.',
    why: 'There is nothing to train: every gradient would be 0.',
    mend: 'Use a parameter in what the loss is computed from. If all are frozen (`trainable: false`) or stand behind `stopGradient()`, let one go.',
    example: { kind: 'model', text: modelOf([x, 'return { loss: x.square().mean() };']) },
  },
  {
    code: 'grad/target',
    means: 'A gradient is asked for at something that is no float.',
    why: 'A class index or a truth cannot be moved a little, so nothing can be said about what the loss does then.',
    mend: 'Ask for the gradient at a float: a parameter, an input of numbers, or a value computed from them.',
    example: {
      kind: 'model',
      text: modelOf(
        [
          x,
          "const y = m.label('y', { classes: 3 });",
          'const loss = softmaxCrossEntropy(dense(x, 3), y);',
          'return { loss: loss.add(gradient(loss, y).sum()) };',
        ],
        { more: ['dense', 'gradient', 'softmaxCrossEntropy'] },
      ),
    },
  },
  {
    code: 'grad/rule',
    means: 'An op without a gradient rule stands between the loss and what it is differentiated by.',
    why: 'Every op of the language has a rule ([ops](ops.md)) but the marker `grad`, which is replaced before anything is differentiated through it. No model leads here; a new op without a rule does.',
    mend: 'Give the op a rule in its file.',
    example: { kind: 'told', message: 'error[grad/rule]: sort has no gradient rule.' },
  },
  {
    code: 'model/hyperparameter',
    means: 'A number that a layer, an optimizer or a schedule is made with is out of its range.',
    why: 'A decay of 1.5 or a rate that is NaN would show in the loss much later, and say nothing about where it came from.',
    mend: 'The message says what is expected. Where a schedule may stand for the number, it is checked as far as it is known.',
    example: {
      kind: 'model',
      text: modelOf([x, w, 'return { loss: x.matmul(w).square().mean() };'], {
        more: ['glorotUniform', 'momentum'],
        options: 'batch: 8, optimizer: momentum({ learningRate: 0.1, beta: 1.5 })',
      }),
    },
  },
  {
    code: 'state/set-twice',
    means: 'A state is set twice in one step.',
    why: 'All updates see the state as it was before the step; of two next values none is the right one.',
    mend: 'Combine what is to be remembered, and set it once.',
    example: {
      kind: 'model',
      text: modelOf(
        [
          x,
          w,
          "const seen = m.state('seen', [], zeros());",
          'seen.set(seen.value.add(1));',
          'seen.set(seen.value.add(2));',
          'return { loss: x.matmul(w).square().mean() };',
        ],
        { more: ['glorotUniform', 'zeros'] },
      ),
    },
  },
  {
    code: 'schedule/metric',
    means:
      'A schedule follows a metric that the model does not return, or one that is known only after the schedule has to decide.',
    why: 'The rate of a step may depend on the metrics of its batch before the update. With a look-ahead, the momentum decides where the forward pass runs, and so comes before every metric.',
    mend: 'Return the metric, or name one of those listed; let the learning rate follow it instead of the momentum.',
    example: {
      kind: 'model',
      text: modelOf([x, w, 'return { loss: x.matmul(w).square().mean() };'], {
        more: ['glorotUniform', 'halvingOnMetric'],
        options:
          "batch: 8, optimizer: gradientDescent({ learningRate: halvingOnMetric({ initial: 0.1, metric: 'accuracy', above: [0.9] }) })",
      }),
    },
  },
  {
    code: 'param/unused',
    means: 'A parameter does not influence the loss.',
    why: 'Its gradient is 0 at every step, so it keeps its initial value. That is seldom what was meant, and nothing else would show it.',
    mend: 'Use it in what the loss is computed from, or remove it. A parameter that only outputs use is frozen on purpose: say so with `{ trainable: false }`.',
    example: {
      kind: 'model',
      text: modelOf(
        [x, w, "m.param('scale', [1], glorotUniform());", 'return { loss: x.matmul(w).square().mean() };'],
        init,
      ),
    },
  },
  {
    code: 'param/symmetric',
    means: 'Every weight matrix starts with equal elements.',
    why: 'Units that start equal get equal gradients and stay equal for ever: a hidden layer of 32 does the work of one ([chapter 5](tutorial/05-initialization.md)).',
    mend: 'Start at least the hidden layers at random: `kaimingNormal()`, `glorotUniform()`. Biases may start at 0. A model without a hidden layer has no such symmetry, and is not warned of.',
    example: {
      kind: 'model',
      text: modelOf(
        [
          x,
          'return { loss: dense(tanh(dense(x, 4, { init: zeros() })), 1, { init: zeros() }).square().mean() };',
        ],
        {
          more: ['dense', 'tanh', 'zeros'],
        },
      ),
    },
  },
  {
    code: 'input/unused',
    means: 'An input is declared and never read.',
    why: 'Callers would have to bring data that nothing looks at.',
    mend: 'Use it, or remove it.',
    example: {
      kind: 'model',
      text: modelOf(
        [x, w, "m.input('weight', ['batch', 1]);", 'return { loss: x.matmul(w).square().mean() };'],
        init,
      ),
    },
  },
];
