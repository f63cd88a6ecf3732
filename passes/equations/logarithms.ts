/** Equations of exp, log and what is made of them: how a loss finds its stable form. */

import { type Equation, equations } from '../pattern.ts';

export const logarithms: readonly Equation[] = equations('finite', {
  'ln(exp(x)) = x': (o, { x }) => [o.log(o.exp(x)), x],
  'exp(ln(x)) = x': (o, { x }) => [o.exp(o.log(x)), x],
  'ln(exp(x) / broadcast(y)) = x - broadcast(ln(y))': (o, { x, y, axes, dims }) => [
    o.log(o.div(o.exp(x), o.broadcast(y, { axes, dims }))),
    o.sub(x, o.broadcast(o.log(y), { axes, dims })),
  ],
  '1 / (1 + exp(-x)) = sigmoid(x)': (o, { x }) => [o.div(1, o.add(1, o.exp(o.neg(x)))), o.sigmoid(x)],
  'exp(x) / (1 + exp(x)) = sigmoid(x)': (o, { x }) => [o.div(o.exp(x), o.add(1, o.exp(x))), o.sigmoid(x)],
  'ln(sigmoid(x)) = x - softplus(x)': (o, { x }) => [o.log(o.sigmoid(x)), o.sub(x, o.softplus(x))],
  'ln(1 - sigmoid(x)) = -softplus(x)': (o, { x }) => [o.log(o.sub(1, o.sigmoid(x))), o.neg(o.softplus(x))],
  'ln(1 + exp(x)) = softplus(x)': (o, { x }) => [o.log(o.add(1, o.exp(x))), o.softplus(x)],
  'softplus(-x) = softplus(x) - x': (o, { x }) => [o.softplus(o.neg(x)), o.sub(o.softplus(x), x)],
  'ln(sum(exp(x))) = logsumexp(x)': (o, { x, axes }) => [
    o.log(o.sum(o.exp(x), { axes })),
    o.logSumExp(x, { axes }),
  ],
  'exp(x) / broadcast(sum(exp(x))) = exp(x - broadcast(logsumexp(x)))': (o, { x, axes, dims }) => [
    o.div(o.exp(x), o.broadcast(o.sum(o.exp(x), { axes }), { axes, dims })),
    o.exp(o.sub(x, o.broadcast(o.logSumExp(x, { axes }), { axes, dims }))),
  ],
  'logsumexp(x - broadcast(y)) = logsumexp(x) - y': (o, { x, y, axes, dims }) => [
    o.logSumExp(o.sub(x, o.broadcast(y, { axes, dims })), { axes }),
    o.sub(o.logSumExp(x, { axes }), y),
  ],
  // A logit shifted by the user's own maximum: the shift falls away again.
  '(x - broadcast(y)) - broadcast(z - y) = x - broadcast(z)': (o, { x, y, z, axes, dims }) => [
    o.sub(o.sub(x, o.broadcast(y, { axes, dims })), o.broadcast(o.sub(z, y), { axes, dims })),
    o.sub(x, o.broadcast(z, { axes, dims })),
  ],
});
