/** The top of the page: which model, for which target, and what to take away. */

import type { CompileOptions } from '../../engine/protocol.ts';
import { starterOf, starters } from '../starters.ts';
import type { Studio } from '../state/studio.ts';
import { DownloadMenu } from './download-menu.tsx';
import { ShareButton } from './share-button.tsx';

export function Header({ studio }: { readonly studio: Studio }) {
  return (
    <header class="top">
      <h1>
        chainrule <span>studio</span>
      </h1>
      <StarterPicker studio={studio} />
      <OptionPickers studio={studio} />
      <div class="actions">
        <ShareButton studio={studio} />
        <DownloadMenu studio={studio} />
      </div>
    </header>
  );
}

function StarterPicker({ studio }: { readonly studio: Studio }) {
  const current = starterOf(studio.model.text.value)?.id ?? '';
  const open = (id: string): void => {
    const starter = starters.find((one) => one.id === id);
    if (starter !== undefined) studio.open(starter.text);
  };
  return (
    <label class="field wide" title="Takes the place of the text in the editor; undo brings it back">
      <span>Example</span>
      <select value={current} onChange={(event) => open(event.currentTarget.value)}>
        <option value="" disabled hidden>
          your own
        </option>
        {starters.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

const targets = { ts: 'TypeScript', wasm: 'WebAssembly' } as const;
const dtypes = { f32: '32 bits', f64: '64 bits' } as const;

function OptionPickers({ studio }: { readonly studio: Studio }) {
  const { options } = studio.model;
  const change = (part: Partial<CompileOptions>): void => {
    options.value = { ...options.value, ...part };
  };
  return (
    <>
      <label
        class="field"
        title="What the trainer is written in: code to read, or machine code for SIMD with the same bits"
      >
        <span>Target</span>
        <select
          value={options.value.target}
          onChange={(event) => change({ target: event.currentTarget.value === 'wasm' ? 'wasm' : 'ts' })}
        >
          {Object.entries(targets).map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label class="field" title="The size of each floating-point number: f32 or f64">
        <span>Numbers</span>
        <select
          value={options.value.dtype}
          onChange={(event) => change({ dtype: event.currentTarget.value === 'f64' ? 'f64' : 'f32' })}
        >
          {Object.entries(dtypes).map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
