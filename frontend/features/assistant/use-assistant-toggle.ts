import { useState } from "react";

/** Whether the assistant is open: kept in the page's address, so that a reload shows the same. */
export function useAssistantToggle(firstOpen: boolean) {
  const [open, setOpen] = useState(firstOpen);
  const [asked, setAsked] = useState(false);

  function set(next: boolean) {
    setOpen(next);
    setAsked(true);
    const address = new URL(window.location.href);
    if (next) address.searchParams.set("assistant", "open");
    else address.searchParams.delete("assistant");
    window.history.replaceState(window.history.state, "", address);
  }
  return { open, asked, set };
}
