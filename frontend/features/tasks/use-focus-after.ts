import { useCallback, useEffect, useRef } from "react";

/** Milliseconds in which a change shows; the focus that it loses later is another matter. */
const SHOWS_WITHIN = 1_500;

/**
 * Keeps the keyboard's place when its control is moved or removed by a change.
 *
 * The returned function names the elements (by id), the best first, one of which gets the focus
 * after the next change of `content`, if the focus was lost by then.
 */
export function useFocusAfter(content: unknown): (...ids: string[]) => void {
  const wanted = useRef({ ids: [] as string[], until: 0 });
  useEffect(() => {
    const { ids, until } = wanted.current;
    if (ids.length === 0) return;
    if (Date.now() > until) {
      wanted.current.ids = [];
    } else if (document.activeElement === document.body) {
      const found = ids.map((id) => document.getElementById(id)).find((each) => each !== null);
      found?.focus();
      wanted.current.ids = [];
    }
  }, [content]);
  return useCallback((...ids) => {
    wanted.current = { ids, until: Date.now() + SHOWS_WITHIN };
  }, []);
}
