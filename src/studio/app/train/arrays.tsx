/** Weights, and what the forward pass makes of some test samples, as pictures. */

import type { ArrayPicture } from '../../engine/protocol.ts';
import type { Studio } from '../state/studio.ts';
import { ArrayFigure } from './array-picture.tsx';

export function Arrays({ studio }: { readonly studio: Studio }) {
  const arrays = studio.training.pictures.value?.arrays ?? [];
  if (arrays.length === 0) return null;
  const of = (kind: ArrayPicture['kind']): readonly ArrayPicture[] =>
    arrays.filter((one) => one.kind === kind);
  return (
    <section aria-labelledby="arrays-title">
      <h2 id="arrays-title">Inside the model</h2>
      <p class="note">
        One square for each number: <span class="swatch positive" aria-hidden="true" /> blue above zero,{' '}
        <span class="swatch negative" aria-hidden="true" /> orange below, pale near it. Large arrays show a
        part.
      </p>
      <Gallery title="Weights" arrays={of('parameter')} />
      <Gallery title="Activations of some test samples, one in each row" arrays={of('activation')} />
    </section>
  );
}

interface GalleryProps {
  readonly title: string;
  readonly arrays: readonly ArrayPicture[];
}

function Gallery({ title, arrays }: GalleryProps) {
  if (arrays.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <div class="gallery">
        {arrays.map((array) => (
          <ArrayFigure key={array.name} array={array} />
        ))}
      </div>
    </>
  );
}
