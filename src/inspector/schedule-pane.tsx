/** The blocks of the schedule as a table: what each costs, and the loops it becomes. */

import { computed, type ReadonlySignal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { BlockRow, Inspection } from '../inspection/inspection.ts';
import { focusOn } from './focus.ts';
import type { Linking } from './linking.ts';
import type { Marks } from './painter.ts';
import { amount, bytes, exact, ratio } from './quantity.ts';
import { RoleSign } from './role.tsx';
import { bytesOf, type Column, intensity, type Order, sorted } from './schedule-order.ts';
import { itemProps, usePane } from './use-pane.ts';
import { partOf, useParts } from './use-parts.ts';

export interface SchedulePaneProps {
  readonly inspection: Inspection;
  readonly linking: Linking;
  /** Position in `Schedule.blocks`. */
  readonly current?: ReadonlySignal<number | undefined> | undefined;
}

/** Rows that are drawn in one frame. */
const size = 25;

const columns: readonly { readonly column: Column; readonly title: string; readonly numeric: boolean }[] = [
  { column: 'order', title: '#', numeric: true },
  { column: 'name', title: 'Block', numeric: false },
  { column: 'role', title: 'Role', numeric: false },
  { column: 'flops', title: 'Operations', numeric: true },
  { column: 'bytes', title: 'Bytes', numeric: true },
  { column: 'intensity', title: 'per byte', numeric: true },
];

export function SchedulePane({ inspection, linking, current }: SchedulePaneProps) {
  const { schedule, batch } = inspection;
  const { blocks, decision } = schedule;
  const order = useSignal<Order>({ column: 'order', descending: false });
  const marks = useMemo(() => ({ 'data-current': computed<Marks>(() => rowOf(current?.value)) }), [current]);
  const { box, repaint, handlers } = usePane({
    pane: 'kernels',
    items: blocks,
    linking,
    marks,
    tabbed: true,
    focusOf: (row) => ({
      ...focusOn('kernels', row),
      says: `${amount(row.flops)} operations, ${bytes(bytesOf(row))}`,
    }),
  });
  return (
    <div class="kernels scrolling" ref={box} {...handlers}>
      <div class="decision">
        {decision.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p class="none">{`Operations and bytes are those of a whole step with ${exact(batch)} samples.`}</p>
      </div>
      <table>
        <caption class="unseen">Blocks in order of computation, with what each costs</caption>
        <Head
          order={order.value}
          choose={(next) => {
            order.value = next;
          }}
        />
        <Rows {...{ blocks, repaint }} order={order.value} />
      </table>
    </div>
  );
}

const rowOf = (block: number | undefined): Marks => new Map(block === undefined ? [] : [[block, '']]);

interface RowsProps {
  readonly blocks: readonly BlockRow[];
  readonly order: Order;
  readonly repaint: () => void;
}

function Rows({ blocks, order, repaint }: RowsProps) {
  const opened = useSignal<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => sorted(blocks, order), [blocks, order]);
  const greatest = useMemo(() => Math.max(1, ...blocks.map(({ flops }) => flops)), [blocks]);
  const toggle = (at: number): void => {
    const next = new Set(opened.value);
    if (!next.delete(at)) next.add(at);
    opened.value = next;
  };
  // Another object where rows have to be drawn again.
  const identity = useMemo(() => ({}), [rows, opened.value]);
  const parts = useParts(
    identity,
    Math.ceil(rows.length / size),
    (part) => (
      <tbody key={part}>
        {partOf(rows, part, size).map((at) => {
          const row = blocks[at];
          if (row === undefined) return null;
          const open = opened.value.has(at);
          return <Block key={at} {...{ row, at, greatest, open }} toggle={() => toggle(at)} />;
        })}
      </tbody>
    ),
    repaint,
  );
  return <>{parts}</>;
}

function Head({ order, choose }: { readonly order: Order; readonly choose: (order: Order) => void }) {
  return (
    <thead>
      <tr>
        {columns.map(({ column, title, numeric }) => {
          const chosen = order.column === column;
          const sort = !chosen ? 'none' : order.descending ? 'descending' : 'ascending';
          // The greatest numbers are what is looked for first.
          const descending = chosen ? !order.descending : numeric && column !== 'order';
          return (
            <th
              key={column}
              scope="col"
              aria-sort={sort}
              class={`column-${column}${numeric ? ' number' : ''}`}
            >
              <button type="button" onClick={() => choose({ column, descending })}>
                {title}
                <span aria-hidden="true">{chosen ? (order.descending ? ' ▾' : ' ▴') : ''}</span>
              </button>
            </th>
          );
        })}
        <th scope="col">Schedule</th>
      </tr>
    </thead>
  );
}

interface BlockProps {
  readonly row: BlockRow;
  readonly at: number;
  readonly greatest: number;
  readonly open: boolean;
  readonly toggle: () => void;
}

function Block({ row, at, greatest, open, toggle }: BlockProps) {
  const { name, role, functions, phase, formula, type, decision, loops, flops } = row;
  const { tabindex: _, ...item } = itemProps('kernels', at);
  return (
    <>
      <tr {...item} data-role={role}>
        <td class="number">{at + 1}</td>
        <th scope="row">
          <button type="button" class="name" data-pins>
            {name}
          </button>
          <small>{type}</small>
        </th>
        <td>
          <RoleSign role={role} />
        </td>
        <td class="number" title={exact(flops)}>
          {amount(flops)}
          <Bar share={flops / greatest} />
        </td>
        <td class="number" title={`reads ${exact(row.bytesRead)}, writes ${exact(row.bytesWritten)}`}>
          {bytes(bytesOf(row))}
        </td>
        <td class="number">{ratio(intensity(row))}</td>
        <td>
          <button
            type="button"
            class="opens"
            aria-expanded={open}
            onClick={toggle}
            aria-label={`loops of ${name}`}
          >
            loops
          </button>{' '}
          {decision}
        </td>
      </tr>
      {open && (
        <tr class="loops">
          <td colSpan={columns.length + 1}>
            <p>
              <code>{formula}</code>
            </p>
            <p class="none">
              {`in ${functions.join(', ')}${phase === undefined ? '' : `, ${phaseWords[phase]}`}`}
            </p>
            <pre>{loops}</pre>
          </td>
        </tr>
      )}
    </>
  );
}

const phaseWords = { before: 'before the tiles', each: 'for each tile', after: 'after the tiles' } as const;

const Bar = ({ share }: { readonly share: number }) => (
  <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect width={Math.max(share * 100, share > 0 ? 1 : 0)} height="4" />
  </svg>
);
