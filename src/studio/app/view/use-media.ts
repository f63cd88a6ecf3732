/** Whether a media query holds, now and after it changes. */

import { useEffect, useState } from 'preact/hooks';

export const narrowQuery = '(max-width: 899px)';

export function useMedia(query: string): boolean {
  const [holds, set] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = (): void => set(list.matches);
    follow();
    list.addEventListener('change', follow);
    return () => list.removeEventListener('change', follow);
  }, [query]);
  return holds;
}
