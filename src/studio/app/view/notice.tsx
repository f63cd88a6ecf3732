/** A message about what was just done, until it is put away. */

import type { Studio } from '../state/studio.ts';

export function Notice({ studio }: { readonly studio: Studio }) {
  const { value } = studio.notice;
  const close = (): void => {
    studio.notice.value = undefined;
  };
  return (
    <div class="notice-place" role={value?.bad ? 'alert' : 'status'}>
      {value !== undefined && (
        <p class="notice" data-bad={value.bad}>
          <span>{value.text}</span>
          <button type="button" onClick={close} aria-label="Close the message">
            ✕
          </button>
        </p>
      )}
    </div>
  );
}
