import { useCallback, useEffect, useState } from "react";

/** Whether the present step of the browser's history is the opening of that sheet. */
export function isSheetStep(name: string): boolean {
  const state = window.history.state as { sheet?: unknown } | null;
  return state?.sheet === name;
}

/** A new step of the history: the sheet `name` is open, at `address` if that is another one. */
export function pushSheetStep(name: string, address?: URL): void {
  // Next.js leaves steps alone that are not its own.
  window.history.pushState({ sheet: name }, "", address);
}

/**
 * Something that lies over the page, and what it is about. Opening it is a step of the browser's
 * history: the back button closes it, as people expect on a phone.
 */
export function useSheet<Subject>(
  name: string,
): [Subject | undefined, open: (subject: Subject) => void, close: () => void] {
  const [subject, setSubject] = useState<Subject>();
  useEffect(() => {
    const stepped = () => {
      if (!isSheetStep(name)) setSubject(undefined);
    };
    window.addEventListener("popstate", stepped);
    return () => {
      window.removeEventListener("popstate", stepped);
    };
  }, [name]);
  const open = useCallback(
    (next: Subject) => {
      setSubject(() => next);
      if (!isSheetStep(name)) pushSheetStep(name);
    },
    [name],
  );
  const close = useCallback(() => {
    setSubject(undefined);
    if (isSheetStep(name)) window.history.back();
  }, [name]);
  return [subject, open, close];
}
