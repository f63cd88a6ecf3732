/** Starts the studio: reads the address and the draft, draws the page, and lets the engine load behind it. */

import { render } from 'preact';
import { startEngine } from '../engine/start.ts';
import { readDraft } from './state/draft.ts';
import { createEngineHandle } from './state/engine-handle.ts';
import { type Opened, openHash } from './state/share.ts';
import { createStudio, type Studio } from './state/studio.ts';
import { App } from './view/app.tsx';

/** A model whose worker is silent for so long, in milliseconds, has a loop without an end. */
const patience = 15_000;

async function start(root: Element): Promise<void> {
  const { hash } = location;
  const opened = await openHash(hash);
  const shared = readDraft(hash) ?? (opened.kind === 'shared' ? opened.shared : undefined);
  const studio = createStudio(
    createEngineHandle(() => startEngine({ patience })),
    shared,
    () => location.hash,
  );
  if (opened.kind === 'broken') complain(studio, opened);
  root.replaceChildren();
  render(<App studio={studio} />, root);
  addEventListener('hashchange', () => void follow(studio));
}

const complain = (studio: Studio, { why }: Extract<Opened, { kind: 'broken' }>): void => {
  studio.notice.value = { bad: true, text: `This link cannot be opened. ${why} Here is an example instead.` };
};

/** A link that is pasted into the address of an open page. */
async function follow(studio: Studio): Promise<void> {
  const opened = await openHash(location.hash);
  if (opened.kind === 'broken') complain(studio, opened);
  if (opened.kind === 'shared') studio.openShared(opened.shared);
}

const root = document.querySelector('#studio');
if (root !== null) void start(root);
