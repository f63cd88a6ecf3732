/** What was typed survives a reload of the tab; where the browser keeps nothing, nothing is lost but that. */

import { type Shared, sharedIn } from './share.ts';

const key = 'chainrule.studio.draft';

/** The draft of this tab, if it was begun at the same address: another link is another text. */
export function readDraft(hash: string): Shared | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    const fits = typeof value === 'object' && value !== null && 'hash' in value && value.hash === hash;
    return fits ? sharedIn(value) : undefined;
  } catch {
    return undefined;
  }
}

export function writeDraft(hash: string, shared: Shared): void {
  try {
    sessionStorage.setItem(key, JSON.stringify({ hash, ...shared }));
  } catch {
    // Full, or forbidden by the reader's settings: the page works all the same.
  }
}
