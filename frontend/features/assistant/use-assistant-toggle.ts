import { useEffect, useState } from "react";
import { isSheetStep, pushSheetStep } from "@/features/shell/use-sheet";

const NAME = "assistant";

/** The field in which people write to the assistant. It has this id, so that focus can go to it. */
export const MESSAGE_FIELD = "message";

/**
 * Whether the assistant is open: kept in the page's address, so that a reload shows the same, and a
 * step of the browser's history, so that the back button closes it.
 */
export function useAssistantToggle(firstOpen: boolean) {
  const [open, setOpen] = useState(firstOpen);
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    const stepped = () => {
      setOpen(new URL(window.location.href).searchParams.has(NAME));
    };
    window.addEventListener("popstate", stepped);
    return () => {
      window.removeEventListener("popstate", stepped);
    };
  }, []);

  function set(next: boolean) {
    setOpen(next);
    setAsked(true);
    const address = new URL(window.location.href);
    if (next) {
      address.searchParams.set(NAME, "open");
      pushSheetStep(NAME, address);
      return;
    }
    address.searchParams.delete(NAME);
    const settle = () => {
      window.history.replaceState(window.history.state, "", address);
    };
    if (isSheetStep(NAME)) {
      // What was asked of the list meanwhile stays; first of all who listens for the step.
      window.addEventListener("popstate", settle, { once: true, capture: true });
      window.history.back();
    } else {
      settle();
    }
  }

  /** Opens it; where it is open, leads to its message. */
  function reach() {
    if (open) document.getElementById(MESSAGE_FIELD)?.focus();
    else set(true);
  }
  return { open, asked, set, reach };
}
