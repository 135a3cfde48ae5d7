import { startTransition, useEffect, useRef, useState, type RefObject } from "react";

/** Rows at first, and how many come at a time: a screen of a phone, then some. */
const FIRST = 14;
const MORE = 60;

/**
 * How much of a long list is drawn: its beginning, and more as somebody comes near the end of that.
 * `list` names what is shown; another list begins anew.
 */
export function useGrowing(
  list: string,
  length: number,
): { limit: number; end: RefObject<HTMLDivElement | null> } {
  const [drawn, setDrawn] = useState({ list, limit: FIRST });
  const limit = drawn.list === list ? drawn.limit : FIRST;
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (end.current === null || limit >= length) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        startTransition(() => {
          setDrawn({ list, limit: limit + MORE });
        });
      },
      { rootMargin: "800px" },
    );
    observer.observe(end.current);
    return () => {
      observer.disconnect();
    };
  }, [list, length, limit]);
  return { limit, end };
}
