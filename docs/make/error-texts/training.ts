/** Errors of trainings, weights and workers. */

import { callOf, type ErrorText } from './text.ts';

const weights = callOf('tiny', 'const trainer = createTrainer(tiny);');

/** What brings a worker down takes a worker. */
const told = (code: string, message: string, help: string): ErrorText['example'] => ({
  kind: 'told',
  message: `error[${code}]: ${message}\n  ${help}`,
});

export const trainingErrors: readonly ErrorText[] = [
  {
    code: 'train/not-finite',
    means:
      'A step made the loss, a parameter or a state NaN or infinite. It was taken back: the state is what it was before.',
    why: 'A NaN in a weight never goes away again. Stopping at once keeps the last good weights and the batch that did it.',
    mend: "The command line says which operation it began with, with its operands and your line; in a program `explainNonFinite(model, error)` does. Usual causes: a rate that is too high, a logarithm or a quotient at 0, an exponential of something large. Compute losses from logits (`softmaxCrossEntropy`), or skip such steps with `onNonFinite: 'skip'` (`--on-non-finite skip`).",
    example: {
      kind: 'call',
      text: callOf('tiny', 'createTrainer(tiny, { seed: 1 }).step({ x: [[3e38, 3e38]], y: [0] });'),
    },
  },
  {
    code: 'train/not-fitted',
    means: 'The model normalizes its inputs with statistics that have not been fitted yet.',
    why: 'They are NaN until they are known: what would be computed with them would be no prediction.',
    mend: '`fit` fits them to the data that it is given, before its first step. Otherwise call `fitStatistics` with the training data, or load weights.',
    example: {
      kind: 'call',
      text: callOf('tiny', 'createTrainer(tiny).predict({ x: [[1, 2]] });'),
      model: `import { dense, gradientDescent, model, softmax, softmaxCrossEntropy, zScore } from 'chainrule';

export default model('tiny', (m) => {
  const x = m.input('x', ['batch', 2]);
  const y = m.label('y', { classes: 2 });
  const scores = dense(zScore(x), 2);
  return { loss: softmaxCrossEntropy(scores, y), outputs: { probabilities: softmax(scores) } };
}, { batch: 4, optimizer: gradientDescent({ learningRate: 0.1 }) });`,
    },
  },
  {
    code: 'train/option',
    means:
      'An option of a training does not exist, is out of range, or leaves no step to make; or `explain --for` names something that has no gradient.',
    why: 'A misspelt option would be ignored otherwise.',
    mend: 'The message lists or says what is expected.',
    example: {
      kind: 'call',
      text: callOf('tiny', 'createTrainer(tiny).fit({ x: [[1, 2]], y: [0] }, { epoch: 3 });'),
    },
  },
  {
    code: 'weights/format',
    means: 'The bytes are no safetensors file, or a damaged one.',
    why: 'Every length and offset in it is checked before anything is taken over. Nothing was loaded.',
    mend: 'Use another copy. If the file was fetched by a page, see that it was fetched as bytes, and that it is not the text of an error.',
    example: { kind: 'call', text: `${weights}\ntrainer.load(new TextEncoder().encode('<!doctype html>'));` },
  },
  {
    code: 'weights/mismatch',
    means: 'The weights are those of another model: some are missing, too many, or of another shape.',
    why: 'Loading what fits and leaving the rest would give a model that was never trained. Nothing was loaded.',
    mend: 'Use weights that a trainer of this model has saved. To take the parameters and start the optimizer anew, load with `{ parametersOnly: true }`. Names of unnamed layers count up (`w1`, `w2`): a layer that is put in between renames those behind it.',
    example: {
      kind: 'call',
      text: callOf('tiny', 'createTrainer(tiny, { init: { w1: [[1, 0], [0, 1]], bias: [0, 0] } });'),
    },
  },
  {
    code: 'worker/busy',
    means:
      'The worker is training, and the call would change the model under it; or it serves another page already.',
    why: 'One training at a time: its steps would no longer be those of its own weights.',
    mend: 'Wait for the end of the fit, leave its loop, or call `abort()` before. `evaluate`, `predict` and `save` work at any time.',
    example: told(
      'worker/busy',
      'load() cannot change the model while a fit is training it in the worker.',
      'Wait for the end of that fit, leave its loop, or call abort() before.',
    ),
  },
  {
    code: 'worker/closed',
    means: 'The trainer was closed.',
    why: '`close()` ends the worker, and what was in it is gone.',
    mend: 'Connect to a new worker, and load what `save()` gave.',
    example: told(
      'worker/closed',
      'The worker was closed by close().',
      'Connect to a new worker; load what save() gave to go on from there.',
    ),
  },
  {
    code: 'worker/died',
    means:
      'The worker has ended by itself: its file cannot be loaded, it threw outside of a call, or the system took its memory.',
    why: 'Everything that waits for it would wait for ever.',
    mend: "Look at the reason and at the console. A worker's file needs `{ type: 'module' }`, and a Content-Security-Policy has to let it in (`worker-src`). With checkpoints the training goes on from the last of them.",
    example: told(
      'worker/died',
      'The worker has ended: Script error.',
      'Connect to a new worker; load what save() gave to go on from there.',
    ),
  },
  {
    code: 'worker/not-sendable',
    means: 'Data cannot be sent to the worker.',
    why: 'They hold something that cannot be copied, such as a function, or an array whose memory has been moved somewhere else.',
    mend: 'Give numbers, arrays and typed arrays. After `transfer: true` an array is empty here: keep a copy if it is needed.',
    example: told(
      'worker/not-sendable',
      'This cannot be sent to the worker: () => 1 could not be cloned.',
      'Give numbers, arrays and typed arrays, whose memory was not transferred to somewhere else.',
    ),
  },
];
