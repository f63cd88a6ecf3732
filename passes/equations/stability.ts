/** How log-sum-exp and softmax are computed: shifted by the maximum, so that no exponential overflows. */

import { type Equation, equations } from '../pattern.ts';

export const stability: readonly Equation[] = equations('finite', {
  'exp(x - broadcast(logsumexp(x))) = exp(x - max) / sum(exp(x - max))': (o, { x, axes, dims }) => {
    const shifted = o.exp(o.sub(x, o.broadcast(o.reduceMax(x, { axes }), { axes, dims })));
    return [
      o.exp(o.sub(x, o.broadcast(o.logSumExp(x, { axes }), { axes, dims }))),
      o.div(shifted, o.broadcast(o.sum(shifted, { axes }), { axes, dims })),
    ];
  },
  'x - broadcast(logsumexp(x)) = (x - max) - ln(sum(exp(x - max)))': (o, { x, axes, dims }) => {
    const shifted = o.sub(x, o.broadcast(o.reduceMax(x, { axes }), { axes, dims }));
    return [
      o.sub(x, o.broadcast(o.logSumExp(x, { axes }), { axes, dims })),
      o.sub(shifted, o.broadcast(o.log(o.sum(o.exp(shifted), { axes })), { axes, dims })),
    ];
  },
});
