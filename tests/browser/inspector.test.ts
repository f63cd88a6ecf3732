/** The inspector in a browser: what is pointed at in one pane lights up in all others, from a file, under a strict policy. */

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Key, Linked, Stage } from '../../src/inspection/inspection.ts';
import { whyLeftOut } from './chromium.ts';
import { ask, buildInspector, drawnIn, isInSight, type Lights, lightsIn } from './inspector-page.ts';
import { inspectorSetup } from './inspector-setup.ts';

describe.skipIf(whyLeftOut !== '')(`the inspector${whyLeftOut}`, () => {
  const setup = inspectorSetup();
  const page = () => setup().page;
  const inspection = () => setup().inspection;
  const item = (pane: string, position: number) => setup().item(pane, position);
  const tab = (name: string) => setup().tab(name);
  /** The stage that is shown first. */
  const fused = (): Stage => setup().stage('fuse');

  /** Everything that can be lit, but the source. */
  const panes = (): Readonly<Record<string, readonly Linked[]>> => ({
    graph: fused().graph.nodes,
    code: inspection().code[0]?.lines ?? [],
    derivation: inspection().derivation,
    kernels: inspection().schedule.blocks,
    memory: inspection().memory.buffers,
  });

  /** Each pane is drawn when its tab is first chosen. */
  const drawAll = async (): Promise<void> => {
    for (const name of ['Derivation', 'Kernels', 'Memory', 'Graph & passes']) await tab(name).click();
    await item('derivation', inspection().derivation.length - 1).waitFor({ state: 'attached' });
    await item('kernels', inspection().schedule.blocks.length - 1).waitFor({ state: 'attached' });
    for (let line = 20; line < 260; line += 20)
      await ask(page(), `document.querySelector('.panel-code .listing').scrollTo(0, ${line} * 18)`);
    await item('code', (inspection().code[0]?.lines.length ?? 0) - 1).waitFor({ state: 'attached' });
    await ask(page(), `document.querySelector('.panel-code .listing').scrollTo(0, 0)`);
  };

  const expectLights = async (pane: string, expected: Lights): Promise<void> => {
    await expect.poll(() => lightsIn(page(), pane)).toEqual(expected);
  };
  const byLine = (items: readonly Linked[], line: number): Lights =>
    items.flatMap(({ site }, at) => (site?.source === 0 && site.line === line ? [[at, 'own']] : []));
  const byKey = (items: readonly Linked[], key: Key | undefined): Lights =>
    items.flatMap(({ keys }, at) => {
      const place = key === undefined ? -1 : keys.indexOf(key);
      return place < 0 ? [] : [[at, place === 0 ? 'own' : 'part']];
    });

  const lineOf = (text: string): number =>
    (inspection()
      .sources[0]?.text.split('\n')
      .findIndex((line) => line.includes(text)) ?? 0) + 1;
  const sourceLine = (line: number) => page().locator(`.panel-source .line[data-line="${line}"]`);

  describe('what is pointed at', () => {
    it('lights up all that comes from a line of the model', async () => {
      await drawAll();
      const line = lineOf('const z1 =');
      await sourceLine(line).hover();
      for (const [pane, items] of Object.entries(panes())) {
        expect(byLine(items, line).length, pane).toBeGreaterThan(0);
        await expectLights(pane, byLine(items, line));
      }
      expect(await setup().focusLine().innerText()).toMatch(
        /z1, .*dW1.*model\.ts:15 const z1 = x\.matmul\(w1\)/s,
      );
      expect(await drawnIn(page(), 'code')).toHaveLength(inspection().code[0]?.lines.length ?? 0);
    });

    it.each(['graph', 'code', 'derivation', 'kernels', 'memory'])(
      'in the %s lights up the same value everywhere, and its line',
      async (from) => {
        await drawAll();
        const titles: Readonly<Record<string, string>> = {
          derivation: 'Derivation',
          kernels: 'Kernels',
          memory: 'Memory',
        };
        const title = titles[from];
        if (title !== undefined) await tab(title).click();
        const items = panes()[from] ?? [];
        const position = items.findIndex(({ keys }) => keys[0] === 'dZ2');
        expect(position).toBeGreaterThanOrEqual(0);
        // Rows of the table hold a button.
        const target =
          from === 'kernels'
            ? item(from, position).getByRole('button', { name: 'dZ2', exact: true })
            : item(from, position);
        await target.focus();
        const key = items[position]?.keys[0];
        for (const [pane, others] of Object.entries(panes())) await expectLights(pane, byKey(others, key));
        expect(byKey(panes().graph ?? [], key).length).toBeGreaterThan(0);
        const line = items[position]?.site?.line;
        expect(await sourceLine(line ?? 0).getAttribute('data-lit')).toBe('own');
        expect(await lightsIn(page(), 'source')).toHaveLength(1);
        expect(await setup().focusLine().innerText()).toContain('dZ2 = (a2 - onehot(y)) / m');
      },
    );

    it('is scrolled to in the other panes, each within its own box, and not where it is pointed at', async () => {
      const node = fused().graph.nodes.findIndex(({ keys }) => keys[0] === 'dW1');
      const line = inspection().code[0]?.lines.findIndex(({ keys }) => keys[0] === 'dW1') ?? -1;
      const listing = `document.querySelector('.panel-code .listing')`;
      expect(await isInSight(page(), `#graph-item-${node}`, '.canvas')).toBe(false);
      await ask(page(), `${listing}.scrollTo(0, ${inspection().code[0]?.lines[line]?.line ?? 0} * 18)`);
      await item('code', line).waitFor();
      const scrolled = await ask<number>(page(), `${listing}.scrollTop`);
      await item('code', line).hover({ position: { x: 150, y: 8 } });
      await expect.poll(() => isInSight(page(), `#graph-item-${node}`, '.canvas')).toBe(true);
      await expect
        .poll(() => isInSight(page(), '.panel-source [data-lit]', '.panel-source .listing'))
        .toBe(true);
      expect(await ask(page(), `${listing}.scrollTop`)).toBe(scrolled);
      expect(scrolled).toBeGreaterThan(1000);
      expect(await ask(page(), '[scrollX, scrollY, document.documentElement.scrollTop]')).toEqual([0, 0, 0]);
    });

    it('in the source brings code into view that was not drawn before', async () => {
      expect(await drawnIn(page(), 'code')).not.toContain((inspection().code[0]?.lines.length ?? 0) - 1);
      await sourceLine(lineOf('accuracy(a2, y)')).hover();
      await expect
        .poll(() =>
          isInSight(page(), '.panel-code [data-lit="own"]', '.panel-code .listing').catch(() => false),
        )
        .toBe(true);
      expect(await page().locator('.panel-code [data-lit="own"]').first().innerText()).toContain(
        'accuracy = ',
      );
    });

    it('marks the edges that lead to it and away from it', async () => {
      const { nodes, edges } = fused().graph;
      const node = nodes.findIndex(({ keys }) => keys[0] === 'a1');
      await item('graph', node).focus();
      const expected = edges.flatMap(({ from, to }, at): Lights => {
        if (to === node) return [[at, 'in']];
        return from === node ? [[at, 'out']] : [];
      });
      expect(new Set(expected.map(([, how]) => how))).toEqual(new Set(['in', 'out']));
      const marked = `[...document.querySelectorAll('.edge[data-lit]')].map((edge) => [edge.id, edge.dataset.lit])`;
      await expect
        .poll(() => ask(page(), marked))
        .toEqual(expected.map(([at, how]) => [`edge-item-${at}`, how]));
    });
  });

  describe('the keyboard', () => {
    it('pins what it is on, and releases it', async () => {
      await item('source', 0).focus();
      await page().keyboard.press('End');
      for (let i = 0; i < 2; i++) await page().keyboard.press('ArrowUp');
      await page().keyboard.press('Enter');
      const pinned = page().getByRole('button', { name: 'pinned:' });
      expect(await pinned.innerText()).toMatch(/^pinned: a2, .*×/s);
      const lights = await lightsIn(page(), 'graph');
      expect(lights).toEqual(byLine(fused().graph.nodes, lineOf('const a2 =')));
      await sourceLine(lineOf('const z1 =')).hover();
      expect(await lightsIn(page(), 'graph')).toEqual(lights);
      await page().keyboard.press('Escape');
      await pinned.waitFor({ state: 'detached' });
      await expectLights('graph', byLine(fused().graph.nodes, lineOf('const z1 =')));
    });

    it('reaches each pane with one stop, and its items with arrows', async () => {
      const stops = await ask<number>(
        page(),
        `['source', 'graph', 'code'].map((pane) => document.querySelectorAll('[id^="' + pane + '-item-"][tabindex="0"]').length)`,
      );
      expect(stops).toEqual([1, 1, 1]);
      const { nodes } = fused().graph;
      const z1 = nodes.findIndex(({ keys }) => keys[0] === 'z1');
      await item('graph', z1).focus();
      await page().keyboard.press('ArrowDown');
      const reached = await ask<number>(page(), 'Number(document.activeElement.dataset.item)');
      expect(nodes[reached]?.y).toBeGreaterThan(nodes[z1]?.y ?? Number.POSITIVE_INFINITY);
      expect(await isInSight(page(), `#graph-item-${reached}`, '.canvas')).toBe(true);
    });

    it('pans and zooms the graph', async () => {
      const transform = () =>
        ask<string>(page(), `document.querySelector('.canvas svg > g').getAttribute('transform')`);
      const scaleNow = async () => Number(/scale\((.*)\)/.exec(await transform())?.[1]);
      await item('graph', 0).focus();
      const first = await transform();
      await page().keyboard.press('Shift+ArrowRight');
      expect(await transform()).not.toBe(first);
      const scale = await scaleNow();
      await page().keyboard.press('+');
      expect(await scaleNow()).toBeCloseTo(scale * 1.25, 9);
      await page().keyboard.press('0');
      for (const at of fused().graph.nodes.keys())
        expect(await isInSight(page(), `#graph-item-${at}`, '.canvas')).toBe(true);
    });

    it('chooses tabs with arrows', async () => {
      await tab('Graph & passes').focus();
      await page().keyboard.press('ArrowRight');
      expect(await tab('Derivation').getAttribute('aria-selected')).toBe('true');
      await page().getByRole('tabpanel', { name: 'Derivation' }).waitFor();
      await page().keyboard.press('End');
      await page().getByRole('tabpanel', { name: 'Memory' }).waitFor();
      await page().keyboard.press('ArrowRight');
      await page().getByRole('tabpanel', { name: 'Graph & passes' }).waitFor();
      expect(await page().getByRole('tabpanel', { name: 'Memory' }).count()).toBe(0);
      expect(await ask(page(), 'document.activeElement.id')).toBe('tab-passes');
    });
  });

  it('releases by its button, and pins by a click', async () => {
    await sourceLine(lineOf('const a1 =')).click();
    await page().getByRole('button', { name: 'pinned: a1' }).click();
    await page().getByRole('button', { name: 'pinned' }).waitFor({ state: 'detached' });
  });

  it('is small, and cannot end the script that it is in', () => {
    const size = gzipSync(setup().assets.script).length + gzipSync(setup().assets.style).length;
    expect(size).toBeLessThan(120 * 1024);
    expect(setup().assets.script).not.toMatch(/<\/script|<!--/i);
    expect(setup().assets.style).not.toMatch(/<\/style/i);
  });

  it('is the same when it is built again', async () => {
    expect(await buildInspector()).toEqual(setup().assets);
  });
});
