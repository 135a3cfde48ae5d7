import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

/** How far from the end, in pixels, still counts as being there. */
const NEAR_END = 80;

/** Keeps the end of a growing conversation in sight, unless somebody has scrolled up to read. */
export function useStayAtEnd(content: unknown): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    };
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      element.removeEventListener("scroll", look);
    };
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [content]);
  return box;
}
