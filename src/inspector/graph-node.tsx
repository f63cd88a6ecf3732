/** One node of a graph, and one edge: their shapes and signs. */

import { type GraphEdge, type GraphNode, longestLabel, type Role } from '../inspection/inspection.ts';
import { itemId } from './painter.ts';
import { letterOf } from './role.tsx';
import { itemProps } from './use-pane.ts';

/** Longer ones have no room. */
const cut = (text: string): string =>
  text.length > longestLabel ? `${text.slice(0, longestLabel - 1)}…` : text;

const changeSign = { added: '+', changed: 'Δ', gone: '−' } as const;

/** What it is, what it computes, and what became of it, for those who do not see it. */
export function nodeLabel(node: GraphNode, gone: boolean): string {
  const { name, kind, formula, type, role, change } = node;
  const what = kind === 'input' || kind === 'state' ? kind : formula;
  return [name, what, type, role, gone ? 'gone in the next stage' : change]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** Data slants, what stays from step to step has a double edge, blocks have corners. */
function shapeOf({ kind, width, height }: GraphNode): string {
  const [x, y] = [width / 2, height / 2];
  switch (kind) {
    case 'input':
      return `M${8 - x} ${-y}H${x}L${x - 8} ${y}H${-x}Z`;
    case 'state':
      return `M${-x} ${-y}H${x}V${y}H${-x}ZM${4 - x} ${-y}V${y}M${x - 4} ${-y}V${y}`;
    case 'block':
      return `M${-x} ${-y}H${x}V${y}H${-x}Z`;
    case 'value': {
      const r = Math.min(9, y);
      return `M${r - x} ${-y}H${x - r}Q${x} ${-y} ${x} ${r - y}V${y - r}Q${x} ${y} ${x - r} ${y}H${r - x}Q${-x} ${y} ${-x} ${y - r}V${r - y}Q${-x} ${-y} ${r - x} ${-y}Z`;
    }
  }
}

interface NodeProps {
  readonly node: GraphNode;
  readonly item: number;
  readonly gone: boolean;
}

export function Node({ node, item, gone }: NodeProps) {
  const { name, label, x, y, width, height, kind, role } = node;
  const change = gone ? 'gone' : node.change;
  return (
    <g
      class="node"
      {...itemProps('graph', item, 'button')}
      data-kind={kind}
      data-role={role}
      data-change={change}
      transform={`translate(${x} ${y})`}
    >
      <title>{nodeLabel(node, gone)}</title>
      <path class="shape" d={shapeOf(node)} />
      {name === undefined ? (
        <text class="label" x="6" y="4">
          {cut(label)}
        </text>
      ) : (
        <>
          <text class="name" x="6" y="-5">
            {name}
          </text>
          <text class="label" x="6" y="12">
            {cut(label)}
          </text>
        </>
      )}
      <Sign x={12 - width / 2} role={role} />
      {change && (
        <g class="change" transform={`translate(${width / 2} ${-height / 2})`}>
          <circle r="8" />
          <text y="4">{changeSign[change]}</text>
        </g>
      )}
    </g>
  );
}

const Sign = ({ x, role }: { readonly x: number; readonly role: Role }) => (
  <text class="sign" x={x} y="4">
    {letterOf[role]}
  </text>
);

/** Through the middles between its points, so that it has no corners. */
function pathOf(points: GraphEdge['points']): string {
  const [start, ...rest] = points;
  const last = rest.pop();
  if (start === undefined || last === undefined) return '';
  const curves = rest.map(([x, y], i) => {
    const [nextX, nextY] = rest[i + 1] ?? last;
    return i === rest.length - 1
      ? `Q${x} ${y} ${last[0]} ${last[1]}`
      : `Q${x} ${y} ${(x + nextX) / 2} ${(y + nextY) / 2}`;
  });
  return `M${start[0]} ${start[1]}${curves.join('') || `L${last[0]} ${last[1]}`}`;
}

export const Edge = ({ edge, item }: { readonly edge: GraphEdge; readonly item: number }) => (
  <path
    class={edge.far ? 'edge far' : 'edge'}
    id={itemId('edge', item)}
    d={pathOf(edge.points)}
    marker-end="url(#arrow)"
  />
);
