import { useCallback, useLayoutEffect, useRef, type RefCallback } from "react";

/** How far from the end, in pixels, still counts as being there. */
const NEAR_END = 80;

/** Keeps the end of a growing conversation in sight, unless somebody has scrolled up to read. */
export function useStayAtEnd(content: unknown): RefCallback<HTMLDivElement> {
  const shown = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  // The box comes and goes with the list of conversations, which takes its place.
  const box = useCallback((element: HTMLDivElement) => {
    const look = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    };
    shown.current = element;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      shown.current = null;
      element.removeEventListener("scroll", look);
    };
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current && shown.current !== null) {
      shown.current.scrollTop = shown.current.scrollHeight;
    }
  }, [content]);
  return box;
}
