/** The page of an inspection: whole in one file, and closed to whatever a model or its source may hold. */

import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { dense, gradientDescent, type Model, meanSquaredError, model } from '../../src/index.ts';
import { inspect } from '../../src/inspection/inspect.ts';
import { inspectionPage } from '../../src/inspection/page.ts';

const viewer = { script: 'show();', style: 'body{margin:0}', licenses: '# <Licences>' };
const hostile = '</script><script>alert(1)</script><!-- "\' & \u2028';

const declared = (name: string): Model =>
  model(
    name,
    (m) => {
      const x = m.input('x', ['batch', 3]);
      const y = m.label('y', ['batch', 1]);
      return { loss: meanSquaredError(dense(x, 1), y) };
    },
    { batch: 8, optimizer: gradientDescent({ learningRate: 0.1 }) },
  );

const pageOf = async (name: string, source: string): Promise<string> => {
  const { inspection } = await inspect(declared(name), { readSource: () => source });
  return inspectionPage(inspection, viewer);
};

/** What lies between a tag and the next end of its element, as a browser finds it. */
const element = (page: string, tag: string, end: string): string => {
  const from = page.indexOf(tag) + tag.length;
  return page.slice(from, page.indexOf(end, from));
};

it('holds the inspection, whatever the model and its source are called and say', async () => {
  const page = await pageOf(hostile, `${hostile}\n`.repeat(60));
  const data: unknown = JSON.parse(
    element(page, '<script type="application/json" id="inspection">', '</script'),
  );
  expect(data).toMatchObject({ model: hostile, sources: [{ text: `${hostile}\n`.repeat(60) }] });
  expect(page.match(/<script/g)).toHaveLength(3);
  expect(page).toContain('# &lt;Licences>');
  expect(page).toContain('<title>&lt;/script&gt;');
});

it('allows the browser its own script and style, and nothing else', async () => {
  const page = await pageOf('plain', '');
  const policy = element(page, 'http-equiv="Content-Security-Policy" content="', '"');
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${hash(element(page, '<script>', '</script>'))}`,
    `style-src ${hash(element(page, '<style>', '</style>'))}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});
