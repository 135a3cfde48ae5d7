import { useSyncExternalStore } from "react";

/**
 * Text that somebody has typed and not sent yet, kept over reloads and over the end of a session,
 * in this tab alone and under the person's own id: nobody else who signs in here gets to see it.
 */
export function useDraft(userId: string, name: string): [string, (text: string) => void] {
  const key = draftKey(userId, name);
  // On the server there is nothing, and the page begins as the server made it.
  const text = useSyncExternalStore(
    subscribe,
    () => readDraft(key),
    () => "",
  );
  return [
    text,
    (next) => {
      keepDraft(key, next);
    },
  ];
}

/** What is typed on this page; the tab's storage holds the same beyond the page's life. */
const typed = new Map<string, string>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function draftKey(userId: string, name: string): string {
  return `draft ${userId} ${name}`;
}

export function readDraft(key: string): string {
  return typed.get(key) ?? window.sessionStorage.getItem(key) ?? "";
}

/** Keeps `text` under `key`; empty text is forgotten. */
export function keepDraft(key: string, text: string): void {
  typed.set(key, text);
  try {
    if (text === "") window.sessionStorage.removeItem(key);
    else window.sessionStorage.setItem(key, text);
  } catch {
    // A full storage: the text is still in the field, only a reload would lose it.
  }
  for (const listener of listeners) listener();
}

/** Signing out on purpose leaves nothing behind. */
export function forgetDrafts(): void {
  for (const key of Object.keys(window.sessionStorage)) {
    if (key.startsWith("draft ")) window.sessionStorage.removeItem(key);
  }
}
