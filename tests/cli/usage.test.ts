/** Help, version, and everything that can be written wrongly on the command line. */

import { describe, expect, it } from 'vitest';
import { chainrule, model } from './run.ts';

describe('help', () => {
  it('names the commands, and not the hidden one', async () => {
    const { code, stdout, stderr } = await chainrule('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of ['compile', 'train', 'lr-range', 'eval', 'predict'])
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(stdout).not.toContain('start');
  });

  it('names all options of a command and the data sets', async () => {
    const { code, stdout } = await chainrule('train', '--help');
    expect(code).toBe(0);
    for (const option of 'data epochs steps batch seed init no-shuffle dtype target out json'.split(' '))
      expect(stdout).toContain(`--${option}`);
    for (const set of ['digits', 'moons', 'spirals', 'blobs', 'mnist:DIR', 'csv:FILE?label=COLUMN'])
      expect(stdout).toContain(set);
  });

  it('is shown without a command', async () => {
    expect((await chainrule()).stdout).toContain('Commands:');
  });

  it('tells the version', async () => {
    expect((await chainrule('--version')).stdout).toMatch(/^chainrule \d+\.\d+\.\d+\n$/);
  });
});

describe('wrong usage', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['an unknown command', ['trian', 'm.ts'], 'there is no command "trian".\n  Did you mean train?'],
    ['no model', ['train'], 'train needs a model file.\n  Write: chainrule train MODEL.ts [options]'],
    ['two models', ['train', 'a.ts', 'b.ts'], 'unexpected argument "b.ts".'],
    [
      'an unknown option',
      ['train', 'm.ts', '--epoch', '3'],
      'train has no option --epoch.\n  Did you mean --epochs?',
    ],
    ['an option of another command', ['eval', 'm.ts', '--epochs', '3'], 'eval has no option --epochs.'],
    [
      'no number',
      ['train', 'm.ts', '--steps', 'ten'],
      'option --steps: expected a whole number from 0, got "ten".',
    ],
    [
      'a fraction',
      ['train', 'm.ts', '--epochs=1.5'],
      'option --epochs: expected a whole number from 0, got "1.5".',
    ],
    [
      'below the range',
      ['train', 'm.ts', '--batch', '-1'],
      'option --batch: expected a whole number from 1, got "-1".',
    ],
    [
      'above the range',
      ['train', 'm.ts', '--seed', '4294967296'],
      'option --seed: expected a whole number from 0 to 4294967295, got "4294967296".',
    ],
    [
      'an unknown dtype',
      ['compile', 'm.ts', '--dtype', 'f16'],
      'option --dtype: expected f32 or f64, got "f16".',
    ],
    ['a value missing', ['train', 'm.ts', '--steps', '--json'], 'option --steps needs a value: --steps N.'],
    ['a value too many', ['train', 'm.ts', '--json=yes'], 'option --json takes no value, got "yes".'],
    ['an option twice', ['train', 'm.ts', '--seed', '1', '--seed', '2'], 'option --seed is given twice.'],
    [
      'two lengths',
      ['train', 'm.ts', '--steps', '1', '--epochs', '2'],
      'options --epochs and --steps are both given.',
    ],
    ['no weights', ['eval', 'm.ts', '--data', 'moons'], 'eval needs the option --weights FILE.'],
    ['no data', ['predict', 'm.ts', '--weights', 'w'], 'predict needs the option --data SPEC.'],
    ['no data anywhere', ['train', model('line')], 'the model "line" names no data.'],
    [
      'a batch too large',
      ['train', model('tiny'), '--batch', '65'],
      'option --batch: 65 is more than 64, the most records that the model can take at once.',
    ],
  ];

  it.concurrent.each(cases)('%s', async (_title, words, message) => {
    const { code, stdout, stderr } = await chainrule(...words);
    expect(stderr).toContain(`error[usage]: ${message}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
