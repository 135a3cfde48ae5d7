import { useEffect, useRef } from "react";

/**
 * Keeps the keyboard's place when its control is moved or removed by a change.
 *
 * The returned function names the element (by id) that gets the focus after the next change of
 * `content`, if the focus was lost by then.
 */
export function useFocusAfter(content: unknown): (id: string) => void {
  const wanted = useRef<string>(undefined);
  useEffect(() => {
    if (wanted.current === undefined || document.activeElement !== document.body) return;
    const element = document.getElementById(wanted.current);
    if (element === null) return;
    element.focus();
    wanted.current = undefined;
  }, [content]);
  return (id) => {
    wanted.current = id;
  };
}
