/** The panes of the inspector, each for itself: passes, arena, blocks and code. */

import { describe, expect, it } from 'vitest';
import { whyLeftOut } from './chromium.ts';
import { ask, drawnIn, lightsIn } from './inspector-page.ts';
import { inspectorSetup } from './inspector-setup.ts';

describe.skipIf(whyLeftOut !== '')(`the panes of the inspector${whyLeftOut}`, () => {
  const setup = inspectorSetup();

  describe('the passes', () => {
    const slider = () => setup().page.getByRole('slider', { name: 'Stage' });

    it('are gone through with the slider, each with its graph, sentence and equations', async () => {
      const { page, inspection } = setup();
      await slider().focus();
      await page.keyboard.press('Home');
      for (const [position, one] of inspection.stages.entries()) {
        expect(await slider().getAttribute('aria-valuetext')).toBe(
          `${one.name}, ${position + 1} of ${inspection.stages.length}`,
        );
        await expect.poll(() => drawnIn(page, 'graph')).toHaveLength(one.graph.nodes.length);
        expect(await page.locator('.passes .doc').innerText()).toBe(one.doc);
        const names = await page.locator('.equations .equation').allInnerTexts();
        expect(names).toEqual(one.equations.map(({ name }) => name));
        const changed = one.graph.nodes.filter(({ change }) => change !== undefined).length;
        expect(await page.locator('.node[data-change]').count()).toBe(changed);
        await page.keyboard.press('ArrowRight');
      }
      const fired = inspection.stages.map(({ equations }) => equations.length);
      expect(Math.max(...fired)).toBeGreaterThan(5);
    });

    it('show the graph before, with what goes', async () => {
      const { page, inspection, stage, item } = setup();
      await slider().focus();
      await page.keyboard.press('Home');
      const position = inspection.stages.findIndex(({ name }) => name === 'simplify');
      for (let i = 0; i < position; i++) await page.getByRole('button', { name: 'next stage' }).click();
      const { removed } = stage('simplify');
      const before = inspection.stages[position - 1];
      await page.getByRole('button', { name: 'Before' }).click();
      await expect.poll(() => drawnIn(page, 'graph')).toHaveLength(before?.graph.nodes.length ?? -1);
      const gone = await page.locator('.node[data-change="gone"]').count();
      expect(gone).toBe(before?.graph.nodes.filter(({ keys: [key = ''] }) => removed.includes(key)).length);
      expect(gone).toBeGreaterThan(3);
      await page.getByRole('heading', { name: `Values that are gone: ${gone}` }).waitFor();
      await item('gone', 0).focus();
      expect(await lightsIn(page, 'graph')).toHaveLength(1);
    });

    it('link an equation to what it has made', async () => {
      const { page, inspection, stage, item, focusLine } = setup();
      const simplified = stage('simplify');
      const position = simplified.equations.findIndex(({ to }) =>
        simplified.graph.nodes.some(({ keys }) => keys[0] === to),
      );
      const stages = inspection.stages.indexOf(stage('fuse')) - inspection.stages.indexOf(simplified);
      for (let i = 0; i < stages; i++) await page.getByRole('button', { name: 'previous stage' }).click();
      await item('equations', position).focus();
      const { to, from, name } = simplified.equations[position] ?? {};
      const expected = simplified.graph.nodes.flatMap(({ keys: [own] }, at) =>
        own === to || own === from ? [at] : [],
      );
      const lights = (await lightsIn(page, 'graph')).flatMap(([at, how]) => (how === 'own' ? [at] : []));
      expect(lights).toEqual(expected);
      expect(await focusLine().innerText()).toContain(name);
    });
  });

  it('draws the arena true to bytes and blocks', async () => {
    const { page, inspection, item, tab, focusLine } = setup();
    await tab('Memory').click();
    await page.getByRole('button', { name: 'true to size' }).click();
    const { buffers, arenaBytes } = inspection.memory;
    const rects = await ask<readonly (readonly number[])[]>(
      page,
      `[...document.querySelectorAll('.buffer rect')].map((rect) => ['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name))))`,
    );
    expect(rects).toHaveLength(buffers.length);
    const bottom = Math.max(...rects.map(([, y = 0, , height = 0]) => y + height));
    const column = (rects[0]?.[2] ?? 0) / (inspection.schedule.blocks.length + 1);
    buffers.forEach(({ offset, bytes, from, to, name }, at) => {
      const [x = 0, y = 0, width = 0, height = 0] = rects[at] ?? [];
      expect(Math.abs(y - (offset / arenaBytes) * bottom), name).toBeLessThan(1.6);
      // A pixel at least, be it ever so small.
      expect(Math.abs(height - (bytes / arenaBytes) * bottom), name).toBeLessThan(1.6);
      expect(Math.round(x / column), name).toBe(from);
      expect(Math.round(width / column), name).toBe(to - from + 1);
    });
    const w1 = buffers.findIndex(({ name }) => name === 'w1');
    await item('memory', w1).focus();
    expect(await focusLine().innerText()).toContain('100 352 bytes at 0, kept from step to step');
  });

  it('sorts blocks, and shows their loops', async () => {
    const { page, inspection, item, tab } = setup();
    await tab('Kernels').click();
    const { blocks } = inspection.schedule;
    await page.getByRole('button', { name: 'Operations' }).click();
    expect(await page.getByRole('columnheader', { name: 'Operations' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    const order = await ask<readonly number[]>(
      page,
      `[...document.querySelectorAll('.kernels [data-item]')].map((row) => Number(row.dataset.item))`,
    );
    const flops = order.map((at) => blocks[at]?.flops ?? -1);
    expect(flops).toEqual(blocks.map((block) => block.flops).sort((a, b) => b - a));
    const [greatest = 0] = order;
    const opener = item('kernels', greatest).getByRole('button', { name: 'loops' });
    await opener.click();
    expect(await opener.getAttribute('aria-expanded')).toBe('true');
    expect(await page.locator('.loops pre').innerText()).toBe(blocks[greatest]?.loops);
    // It has opened something, and pinned nothing.
    expect(await page.getByRole('button', { name: 'pinned' }).count()).toBe(0);
  });

  it('colours the emitted files, and numbers their lines', async () => {
    const { page, inspection, tab } = setup();
    await page.locator('.panel-code .code-keyword').first().waitFor();
    await tab('model.trainer.wat').click();
    const text = inspection.code[1]?.text ?? '';
    await page.locator('.panel-code .code-keyword').first().waitFor();
    expect(text.split('\n').length).toBeGreaterThan(2000);
    expect(await page.locator('.panel-code .line').count()).toBeLessThan(400);
    expect(await ask(page, `document.querySelector('.panel-code .lines').textContent.length`)).toBe(
      text.replaceAll('\n', '').length + (await plainBreaks()),
    );
  });
  /** Lines that are drawn are elements, others keep their ends. */
  const plainBreaks = () =>
    ask<number>(
      setup().page,
      `[...document.querySelectorAll('.panel-code .plain')].reduce((sum, chunk) => sum + chunk.textContent.split('\\n').length - 1, 0)`,
    );
});
