import { useEffect, useRef } from "react";
import { keysAreOn } from "./keys-setting";
import { NEW_TASK_FIELD } from "./new-task";
import { PRIORITIES, type Priority } from "./task";
import { SEARCH_FIELD } from "./toolbar";

/** What the keys do that this hook cannot do itself. */
export interface KeyActions {
  /** To do or done: the other way round. */
  toggle: (id: number) => void;
  edit: (id: number) => void;
  prioritise: (id: number, priority: Priority) => void;
  askAssistant: () => void;
  undo: () => void;
  help: () => void;
}

/**
 * The keys of the list, as other programs of this kind have them. They do nothing while a dialog is
 * open, and single ones nothing while somebody types or together with Ctrl, Alt or the command key.
 */
export function useKeys(actions: KeyActions): void {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (document.querySelector("dialog:modal, [popover]:popover-open") !== null) return;
      if (act(event, current.current)) event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => {
      document.removeEventListener("keydown", press);
    };
  }, []);
}

/** Whether the key meant something. */
function act(event: KeyboardEvent, actions: KeyActions): boolean {
  const { key } = event;
  const withCommand = event.ctrlKey || event.metaKey;
  const command = withCommand && !event.altKey && !event.shiftKey ? key.toLowerCase() : "";
  if (command === "k") return focus(document.getElementById(SEARCH_FIELD));
  if (isTyping(event.target)) return false;
  if (command === "z") {
    actions.undo();
    return true;
  }
  if (withCommand || event.altKey || !keysAreOn()) return false;
  const id = currentTask();
  switch (key) {
    case "n":
    case "q":
      return focus(document.getElementById(NEW_TASK_FIELD));
    case "/":
      return focus(document.getElementById(SEARCH_FIELD));
    case "j":
      return focus(rowFrom(1));
    case "k":
      return focus(rowFrom(-1));
    case "x":
      if (id !== undefined) actions.toggle(id);
      return id !== undefined;
    case "e":
      if (id !== undefined) actions.edit(id);
      return id !== undefined;
    case "1":
    case "2":
    case "3": {
      const priority = PRIORITIES[Number(key) - 1];
      if (id === undefined || priority === undefined) return false;
      actions.prioritise(id, priority);
      return true;
    }
    case "a":
      actions.askAssistant();
      return true;
    case "?":
      actions.help();
      return true;
    default:
      return false;
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "button"].includes(target.type);
  return target.isContentEditable || target.matches("textarea, select");
}

const ROW = "main [data-task]";

/** The task in whose row the focus is. */
function currentTask(): number | undefined {
  const row = document.activeElement?.closest<HTMLElement>(ROW);
  return row?.dataset.task === undefined ? undefined : Number(row.dataset.task);
}

/** The checkbox of the row that is so many further down; of the first one when no row is current. */
function rowFrom(steps: number): HTMLElement | null {
  const rows = [...document.querySelectorAll(ROW)];
  const place = rows.findIndex((row) => row.contains(document.activeElement));
  const next = place < 0 ? rows[0] : rows[place + steps];
  return next?.querySelector("input") ?? null;
}

function focus(element: HTMLElement | null): boolean {
  element?.focus();
  return element !== null;
}
