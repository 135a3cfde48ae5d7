import { useCallback, useEffect, useState } from "react";
import type { QuickEntry, readQuickEntry } from "./quick-entry";

type Reader = typeof readQuickEntry;

/** Loaded when somebody is about to type: the page does not wait for it. */
async function loadReader(): Promise<Reader> {
  return (await import("./quick-entry")).readQuickEntry;
}

/** Takes every word for the title. */
export function literally(line: string): QuickEntry {
  const title = line.trim().replace(/\s+/g, " ");
  return { title, undated: title };
}

/**
 * Reads what is typed. `read` takes words literally until the reader is there; `ready` waits for it.
 *
 * @param needed whether something is typed already, kept from before
 */
export function useQuickEntry(needed: boolean) {
  const [reader, setReader] = useState<{ read: Reader }>();
  const ready = useCallback(async (): Promise<Reader> => {
    try {
      const read = await loadReader();
      setReader({ read });
      return read;
    } catch {
      // Without a network the task cannot be added either, and the words come back.
      return literally;
    }
  }, []);
  useEffect(() => {
    if (!needed) return;
    loadReader().then(
      (read) => {
        setReader({ read });
      },
      // Asked for again when the task is added.
      () => undefined,
    );
  }, [needed]);
  return { read: reader?.read ?? literally, ready };
}
