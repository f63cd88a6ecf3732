/** Puts the model and its options into the address of the page, and copies it. */

import { hashOf } from '../state/share.ts';
import type { Studio } from '../state/studio.ts';

export function ShareButton({ studio }: { readonly studio: Studio }) {
  return (
    <button
      type="button"
      onClick={() => void share(studio)}
      title="Makes a link that holds the model and its options; nothing is sent anywhere"
    >
      Share
    </button>
  );
}

async function share(studio: Studio): Promise<void> {
  history.replaceState(null, '', await hashOf(studio.shared()));
  const without = studio.data.choice.value.kind === 'csv' ? ' Your data file is not part of it.' : '';
  const copied = await copy(location.href);
  const told = copied ? 'The link is copied, and in the address bar.' : 'The link is in the address bar.';
  studio.notice.value = { bad: false, text: told + without };
}

/** Not every page may write to the clipboard. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
