/** Texts, numbers, ticks, pictures and line charts: what reports are put together from. */

import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cleaned, escapeText, html, shortened, trusted } from '../../src/report/html.ts';
import { lineChart } from '../../src/report/index.ts';
import { percent, tick } from '../../src/report/numbers.ts';
import { crc32, pngDataUri } from '../../src/report/png.ts';
import { linearTicks, logTicks } from '../../src/report/scales.ts';
import { terminalPlot } from '../../src/report/terminal.ts';

describe('markup', () => {
  it('escapes strings and numbers, lists of them too, and leaves markup', () => {
    const item = html`<li>${'<&">'}</li>`;
    expect(html`<ul title="${`'"`}">${[item, trusted('<hr>')]}${1}</ul>`.markup).toBe(
      '<ul title="&#39;&quot;"><li>&lt;&amp;&quot;&gt;</li><hr>1</ul>',
    );
  });

  it('holds no character that a document cannot hold', () => {
    expect(cleaned('a\u0000b\nc\ufffed\ud800e\u00a0f')).toBe('a\ufffdb c\ufffdd\ufffde f');
    expect(escapeText('naïve 数 🙂')).toBe('naïve 数 🙂');
  });

  it('shortens by characters', () => {
    expect(shortened('🙂🙂🙂🙂', 3)).toBe('🙂🙂…');
    expect(shortened('abc', 3)).toBe('abc');
  });
});

describe('numbers', () => {
  it('are short at a tick', () => {
    const values = [0, 0.25, 5000, 10_000, 1_500_000, 2e9, -20_000, 1e-5, 0.001, 1e20];
    expect(values.map(tick)).toEqual([
      '0',
      '0.25',
      '5000',
      '10k',
      '1.5M',
      '2G',
      '-20k',
      '1e-5',
      '0.001',
      '1e+20',
    ]);
  });

  it('are 100 % only when it is all', () => {
    expect([1, 0.99999, 0.5, 0].map(percent)).toEqual(['100 %', '99.9 %', '50.0 %', '0.0 %']);
  });

  it.each([
    [
      [0, 1],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [1, 314],
      [100, 200, 300],
    ],
    [
      [-0.3, 0.3],
      [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3],
    ],
  ] as const)('make round ticks over %j', (domain, ticks) => {
    expect(linearTicks(domain)).toEqual(ticks);
  });

  it.each([
    [
      [1e-5, 1],
      [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1],
    ],
    [
      [0.03, 2],
      [0.05, 0.1, 0.2, 0.5, 1, 2],
    ],
    [
      [1e-20, 1],
      [1e-18, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1],
    ],
  ] as const)('make powers of ten over %j', (domain, ticks) => {
    expect(logTicks(domain)).toEqual(ticks);
  });
});

describe('a picture', () => {
  it('is a PNG of its pixels', () => {
    const uri = pngDataUri({ width: 3, height: 2, channels: 1, values: Uint8Array.of(0, 128, 255, 1, 2, 3) });
    const bytes = Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64');
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([3, 2]);
    const at = bytes.indexOf('IDAT');
    const data = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4));
    expect([...inflateSync(data)]).toEqual([0, 0, 128, 255, 0, 1, 2, 3]);
  });

  it('has the checksum of the standard', () => {
    expect(crc32(Buffer.from('123456789')).toString(16)).toBe('cbf43926');
  });
});

describe('a line chart', () => {
  const wave = Array.from({ length: 5000 }, (_, i) => [i / 100, Math.sin(i / 100)] as const);

  it('is a file of its own with a background, a title, axes and a legend', async () => {
    const svg = await lineChart({
      title: 'Waves <&> "more"',
      x: { label: 'x & y' },
      y: { label: 'height' },
      series: [
        { name: 'raw <b>', points: wave, faint: true },
        { name: 'average', points: wave.map(([x, y]) => [x, y / 2] as const) },
        {
          name: 'other',
          points: [
            [0, Number.NaN],
            [1, 0.5],
            [2, 0.25],
          ],
        },
      ],
    });
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="640" height="\d+" viewBox="0 0 640 \d+"/,
    );
    expect(svg).toContain('<rect width="100%" height="100%" fill="#ffffff"/>');
    expect(svg).toContain('<title>Waves &lt;&amp;&gt; &quot;more&quot;</title>');
    for (const text of ['x &amp; y', 'height', 'raw &lt;b&gt;', 'average', 'other'])
      expect(svg).toContain(`>${text}</text>`);
    expect(svg).not.toMatch(/var\(|currentColor"? stroke|NaN|&(?!amp;|lt;|gt;|quot;|#39;)/);
    // A faint series has the colour of the strong one that follows it.
    const colors = [...svg.matchAll(/stroke="(#\w{6})" fill="none"><path d="M/g)].map(([, color]) => color);
    expect(colors).toHaveLength(3);
    expect(colors[0]).toBe(colors[1]);
    expect(colors[2]).not.toBe(colors[1]);
    expect(svg.length).toBeLessThan(120_000);
  });

  it('has logarithmic axes, from which it leaves out what they cannot show', async () => {
    const points = [
      [0.001, 1],
      [0.01, 0],
      [0.1, 100],
      [0, 5],
    ] as const;
    const svg = await lineChart({
      title: 't',
      x: { label: 'x', log: true },
      y: { label: 'y', log: true },
      series: [{ name: 's', points }],
    });
    expect(svg).toContain('>0.001</text>');
    expect(svg).toContain('>100</text>');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('of nothing is an empty frame', async () => {
    const svg = await lineChart({
      title: 't',
      x: { label: 'x' },
      y: { label: 'y' },
      series: [{ name: 's', points: [] }],
    });
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('a plot in the terminal', () => {
  it('is as high and as wide as asked, with ticks and marks', async () => {
    const points = Array.from({ length: 50 }, (_, i) => [10 ** (-5 + i / 10), (i - 30) ** 2] as const);
    const text = await terminalPlot({ points, width: 50, height: 10, logX: true, marks: [0.01] });
    const lines = (text ?? '').split('\n');
    expect(lines.length).toBeLessThan(16);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(70);
    expect(text).toContain('1e-5');
    expect(text).toContain('900');
    expect(await terminalPlot({ points: [], width: 50, height: 10, logX: true, marks: [] })).toBeUndefined();
  });
});
