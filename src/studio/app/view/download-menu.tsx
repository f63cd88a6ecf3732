/** What can be taken away: the trainer in TypeScript or JavaScript, the model, and the weights of the moment. */

import { useEffect, useRef } from 'preact/hooks';
import { failureOf } from '../state/engine-handle.ts';
import type { Studio } from '../state/studio.ts';

export function DownloadMenu({ studio }: { readonly studio: Studio }) {
  const menu = useRef<HTMLDetailsElement>(null);
  useClosing(menu);
  const compiled = studio.model.compiled.value;
  const name = (compiled?.model.name ?? 'model').replace(/[^\w.-]+/g, '-');
  const take = (file: string, content: () => Promise<BlobPart>): void => {
    if (menu.current !== null) menu.current.open = false;
    content().then(
      (part) => save(file, part),
      (error: unknown) => {
        const message = failureOf(error)?.message;
        if (message !== undefined) studio.notice.value = { bad: true, text: message };
      },
    );
  };
  const choices: readonly Choice[] = [
    { file: `${name}.model.ts`, what: 'the model', content: async () => studio.model.text.value },
    {
      file: `${name}.trainer.ts`,
      what: 'the trainer, TypeScript',
      content: async () => compiled?.typescript ?? '',
    },
    {
      file: `${name}.trainer.js`,
      what: 'the trainer, JavaScript',
      content: async () => compiled?.javascript ?? '',
    },
    { file: `${name}.safetensors`, what: 'the weights of now', content: () => studio.engine.call('weights') },
  ];
  return (
    <details class="menu" ref={menu}>
      <summary>Download</summary>
      <ul>
        {choices.map(({ file, what, content }, i) => (
          <li key={what}>
            <button
              type="button"
              disabled={i > 0 && compiled === undefined}
              onClick={() => take(file, content)}
            >
              {what} <small>{file}</small>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface Choice {
  readonly file: string;
  readonly what: string;
  readonly content: () => Promise<BlobPart>;
}

/** Escape and a click elsewhere close the menu. */
function useClosing(menu: { readonly current: HTMLDetailsElement | null }): void {
  useEffect(() => {
    const close = (event: Event): void => {
      const { current } = menu;
      if (current === null || !current.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return;
        current.querySelector('summary')?.focus();
      } else if (event.composedPath().includes(current)) return;
      current.open = false;
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('focusin', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('focusin', close);
      document.removeEventListener('keydown', close);
    };
  }, []);
}

function save(file: string, part: BlobPart): void {
  const url = URL.createObjectURL(new Blob([part], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
