import { useEffect, useRef, type RefObject } from "react";

/** Beside the page from here on; over it, and alone, below. As in globals.css. */
const ROOM_FOR_BOTH = "(min-width: 64rem)";

/**
 * Opens a dialog beside the page where there is room for both, and over it elsewhere: there the
 * keyboard stays inside, Escape closes it, and screen readers hear nothing else.
 */
export function usePanel(onClose: () => void): RefObject<HTMLDialogElement | null> {
  const panel = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    const dialog = panel.current;
    if (dialog === null) return;
    const beside = window.matchMedia(ROOM_FOR_BOTH);
    const place = () => {
      const focused = document.activeElement;
      dialog.close();
      // Not show(): it would take the focus even where nobody has asked for the panel.
      if (beside.matches) dialog.setAttribute("open", "");
      else dialog.showModal();
      // Closing took the focus away, and opening puts it on the first button.
      if (focused instanceof HTMLElement && dialog.contains(focused)) focused.focus();
    };
    const cancel = (event: Event) => {
      event.preventDefault();
      close.current();
    };
    // On the document: what is inside the panel may have used the key for itself by then.
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || !beside.matches) return;
      if (event.target instanceof Node && dialog.contains(event.target)) close.current();
    };
    place();
    beside.addEventListener("change", place);
    dialog.addEventListener("cancel", cancel);
    document.addEventListener("keydown", escape);
    return () => {
      beside.removeEventListener("change", place);
      dialog.removeEventListener("cancel", cancel);
      document.removeEventListener("keydown", escape);
    };
  }, []);
  return panel;
}
