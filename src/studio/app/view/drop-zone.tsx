/** A file of data may be dropped anywhere on the page. */

import { useEffect, useState } from 'preact/hooks';
import type { Studio } from '../state/studio.ts';

export function DropZone({ studio }: { readonly studio: Studio }) {
  const [over, setOver] = useState(false);
  useEffect(() => listenForFiles(studio, setOver), [studio]);
  if (!over) return null;
  return (
    <div class="dropping" aria-hidden="true">
      Drop a CSV file to train on it
    </div>
  );
}

function listenForFiles(studio: Studio, setOver: (over: boolean) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  // Entering a child comes before leaving its parent.
  let depth = 0;
  const move = (by: number) => (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    depth += by;
    setOver(depth > 0);
  };
  const drop = (event: DragEvent): void => {
    const file = event.dataTransfer?.files[0];
    depth = 0;
    setOver(false);
    if (file === undefined) return;
    event.preventDefault();
    studio.view.value = 'train';
    void studio.openFile(file);
  };
  addEventListener('dragenter', move(1), { signal });
  addEventListener('dragover', move(0), { signal });
  addEventListener('dragleave', move(-1), { signal });
  addEventListener('drop', drop, { signal });
  return () => stop.abort();
}
