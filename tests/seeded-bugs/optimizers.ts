/** Faults of optimizers and schedules: corrections, decays, epsilons, moments, clipping, look-ahead, rates. */

import type { SeededBug } from './bug.ts';

type Fault = Pick<SeededBug, 'id' | 'what' | 'find' | 'replace'>;

/** A fault that the rule by hand must notice. */
const ofRule = (file: string, rule: string, fault: Fault): SeededBug => ({
  ...fault,
  file: `src/${file}.ts`,
  test: 'tests/systems/optimizers.test.ts',
  name: `in f64 > ${rule} takes the steps of its rule`,
});

const ofSchedule = (file: string, schedule: string, fault: Fault): SeededBug => ({
  ...fault,
  file: `src/optim/schedules/${file}.ts`,
  test: 'tests/systems/schedules.test.ts',
  name: `in f64 > ${schedule} is reported as the learning rate`,
});

const rules: readonly SeededBug[] = [
  ofRule('optim/gradient-descent', 'gradient descent', {
    id: 'descent-ascends',
    what: 'gradient descent goes up',
    find: 'parameter.sub(rate.mul(gradient))',
    replace: 'parameter.add(rate.mul(gradient))',
  }),
  ofRule('optim/bias-correction', 'Adam by default', {
    id: 'bias-correction-late',
    what: 'the bias correction counts steps from 0 instead of 1',
    find: "step.add(1).named('count')",
    replace: "step.add(1e-9).named('count')",
  }),
  ofRule('optim/bias-correction', 'momentum, corrected', {
    id: 'bias-correction-ahead',
    what: 'the bias correction counts one step too many',
    find: "step.add(1).named('count')",
    replace: "step.add(2).named('count')",
  }),
  ofRule('optim/adam', 'Adam with its own decays and epsilon', {
    id: 'adam-epsilon-inside',
    what: 'the epsilon of Adam is added inside the root',
    find: `      const square = correction ? v.div(biasCorrection(beta2, step).named('correction2')) : v;
      return parameter.sub(rate.mul(mean).div(square.sqrt().add(context.constant('epsilon', epsilon))));`,
    replace: `      const square = correction ? v.div(biasCorrection(beta2, step).named('correction2')) : v;
      return parameter.sub(rate.mul(mean).div(square.add(context.constant('epsilon', epsilon)).sqrt()));`,
  }),
  ofRule('optim/adam', 'Adam by default', {
    id: 'adam-square-uncorrected',
    what: 'the mean square of Adam is not corrected',
    find: "correction ? v.div(biasCorrection(beta2, step).named('correction2')) : v",
    replace: 'v',
  }),
  ofRule('optim/adam', 'Adam, uncorrected', {
    id: 'adam-always-corrected',
    what: 'Adam corrects its mean though told not to',
    find: 'correction ? m.div(context.momentumCorrection()) : m',
    replace: 'm.div(context.momentumCorrection())',
  }),
  ofRule('optim/adam', 'AdaMax by default', {
    id: 'adamax-forgets',
    what: 'AdaMax does not decay its largest gradient',
    find: "largest.value.mul(context.constant('beta2', beta2)).maximum(gradient.abs())",
    replace: 'largest.value.maximum(gradient.abs())',
  }),
  ofRule('optim/adam', 'AdaMax with its own decays and epsilon', {
    id: 'adamax-signed',
    what: 'AdaMax compares gradients with their sign',
    find: 'maximum(gradient.abs())',
    replace: 'maximum(gradient)',
  }),
  ofRule('optim/adam', 'Nadam by default', {
    id: 'nadam-not-ahead',
    what: 'Nadam corrects the momentum of the next step as that of this one',
    find: 'biasCorrection(beta1, step.add(1))',
    replace: 'biasCorrection(beta1, step)',
  }),
  ofRule('optim/moments', 'momentum by default', {
    id: 'moment-not-stored',
    what: 'the average of the gradient is not remembered',
    find: '  set(next);',
    replace: '  set(value);',
  }),
  ofRule('optim/moments', 'momentum by default', {
    id: 'moment-unscaled',
    what: 'the gradient enters its average whole, not by 1 - beta',
    find: 'value.mul(beta).add(x.mul(beta.neg().add(1)))',
    replace: 'value.mul(beta).add(x)',
  }),
  ofRule('optim/moments', 'RMSprop by default', {
    id: 'second-moment-unsquared',
    what: 'the second moment is that of the gradient itself',
    find: 'context.gradient.square()',
    replace: 'context.gradient.abs()',
  }),
  ofRule('optim/rmsprop', 'RMSprop with its own decay and epsilon', {
    id: 'rmsprop-epsilon-inside',
    what: 'the epsilon of RMSprop is added inside the root',
    find: "s.sqrt().add(context.constant('epsilon', epsilon))",
    replace: "s.add(context.constant('epsilon', epsilon)).sqrt()",
  }),
  ofRule('optim/nesterov', 'Nesterov by default', {
    id: 'nesterov-at-parameter',
    what: 'the gradient of Nesterov is taken at the parameter instead of the look-ahead',
    find: "lookAhead: ({ parameter, momentum, slot }) => parameter.sub(slot('v').value.mul(momentum)),",
    replace: '',
  }),
  ofRule('optim/nesterov', 'Nesterov by default', {
    id: 'nesterov-looks-back',
    what: 'the look-ahead of Nesterov lies behind',
    find: "parameter.sub(slot('v').value.mul(momentum))",
    replace: "parameter.add(slot('v').value.mul(momentum))",
  }),
  ofRule('dsl/optimize', 'momentum that swings, corrected', {
    id: 'momentum-product-stuck',
    what: 'the product of scheduled momenta is not remembered',
    find: 'product.set(next);',
    replace: 'product.set(product.value);',
  }),
];

const wrappers: readonly SeededBug[] = [
  ofRule('optim/weight-decay', 'weight decay', {
    id: 'decay-coupled',
    what: 'weight decay is added to the gradient and so goes through the moments',
    find: '      const next = optimizer.update(context);',
    replace:
      '      const next = optimizer.update({ ...context, gradient: context.gradient.add(context.parameter.mul(decay)) });\n      if (decay > 0) return next;',
  }),
  ofRule('optim/weight-decay', 'AdamW with its own decay of the weights', {
    id: 'decay-without-rate',
    what: 'weight decay does not follow the learning rate',
    find: 'next.sub(rate.mul(decay).mul(parameter))',
    replace: 'next.sub(rate.mul(0).add(decay).mul(parameter))',
  }),
  ofRule('optim/weight-decay', 'weight decay of matrices alone', {
    id: 'decay-of-all',
    what: 'weight decay shrinks the parameters that it is to leave alone',
    find: 'decay > 0 && only(name)',
    replace: 'decay > 0 && (only(name) || name.length > 0)',
  }),
  ofRule('optim/clip-by-norm', 'clipping by the norm of all gradients', {
    id: 'clip-each',
    what: 'the norm is that of the first gradient alone',
    find: '.reduce((total, next) => total.add(next), first)',
    replace: '.reduce((total, next) => total.add(next.mul(0)), first)',
  }),
  ofRule('optim/clip-by-norm', 'clipping by the norm of all gradients', {
    id: 'clip-always',
    what: 'gradients below the limit are scaled up to it',
    find: 'norm.maximum(maxNorm).div(maxNorm)',
    replace: 'norm.div(maxNorm)',
  }),
  ofRule('dsl/optimize', 'gradient descent of a falling rate', {
    id: 'rate-reported-wrong',
    what: 'the learning rate that a step reports is not the one that it used',
    find: "{ name: 'learningRate', value: rate.value }",
    replace: "{ name: 'learningRate', value: rate.mul(2).value }",
  }),
];

const schedules: readonly SeededBug[] = [
  {
    id: 'plateau-patience',
    what: 'the rate falls one step late on a plateau',
    file: 'src/optim/schedules/halving.ts',
    find: 'since.less(patience).select(0, 1)',
    replace: 'since.less(patience + 1).select(0, 1)',
    test: 'tests/systems/metric-schedules.test.ts',
    name: 'halving on a plateau > waits as many steps as patience says, then counts anew',
  },
  {
    id: 'plateau-never-anew',
    what: 'after the rate fell the steps of patience are not counted anew',
    file: 'src/optim/schedules/halving.ts',
    find: 'waited.set(since.mul(stalled.neg().add(1)));',
    replace: 'waited.set(since);',
    test: 'tests/systems/metric-schedules.test.ts',
    name: 'halving on a plateau > waits as many steps as patience says, then counts anew',
  },
  {
    id: 'halving-one-late',
    what: 'halving falls one step after each multiple of its interval',
    file: 'src/optim/schedules/halving.ts',
    find: 't.div(every).floor()',
    replace: 't.sub(1).maximum(0).div(every).floor()',
    test: 'tests/systems/schedules.test.ts',
    name: 'in f64 > halving falls at exactly the multiples of every interval',
  },
  ofSchedule('cosine', 'cosine', {
    id: 'cosine-starts-low',
    what: 'cosine annealing starts at its end',
    find: '.cos()\n      .add(1)',
    replace: '.cos()\n      .neg()\n      .add(1)',
  }),
];

export const optimizers: readonly SeededBug[] = [...rules, ...wrappers, ...schedules];
