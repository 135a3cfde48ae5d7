import { useEffect, useRef, type RefObject } from "react";
import { addDays, dayOf } from "@/lib/dates";
import { useClock } from "./clock";
import { dueDay, FIRST_DAY, LAST_DAY } from "./due";
import type { Task } from "./task";

interface RescheduleMenuProps {
  task: Task;
  /** What it was opened by, and opens at. */
  anchor: HTMLElement;
  /** A day, `YYYY-MM-DD`, or null for none. */
  onPick: (task: Task, day: string | null) => void;
  onClose: () => void;
}

/** Another day for a task, without opening all of it. */
export default function RescheduleMenu({ task, anchor, onPick, onClose }: RescheduleMenuProps) {
  const { now, zone } = useClock();
  const today = dayOf(now, zone);
  const menu = useOpenAt(anchor);

  function pick(day: string | null) {
    menu.current?.hidePopover();
    onPick(task, day);
  }

  const days: [words: string, day: string | null][] = [
    ["Today", today],
    ["Tomorrow", addDays(today, 1)],
    ["Next week", nextMonday(today)],
    ["No date", null],
  ];
  return (
    <div
      ref={menu}
      popover="auto"
      role="dialog"
      aria-label={`When is “${task.title}” due?`}
      className="popover-menu"
      onToggle={(event) => {
        if (event.newState === "closed") onClose();
      }}
    >
      {days.map(([words, day]) => (
        <button
          key={words}
          type="button"
          className="menu-item"
          onClick={() => {
            pick(day);
          }}
        >
          {words}
        </button>
      ))}
      <label className="mt-1 block border-t border-line px-3 pt-2 pb-1 text-sm text-ink-soft">
        Another day
        <input
          type="date"
          className="field-small mt-1 w-full"
          min={FIRST_DAY}
          max={LAST_DAY}
          defaultValue={dueDay(task, zone)}
          onKeyDown={(event) => {
            const { value } = event.currentTarget;
            if (event.key === "Enter" && value !== "") pick(value);
          }}
          onBlur={(event) => {
            const { value } = event.currentTarget;
            if (value !== "" && value !== dueDay(task, zone)) pick(value);
          }}
        />
      </label>
    </div>
  );
}

/** Opens it under its anchor, or above where there is no room, and puts the focus inside. */
function useOpenAt(anchor: HTMLElement): RefObject<HTMLDivElement | null> {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = menu.current;
    if (element === null) return;
    element.showPopover();
    const at = anchor.getBoundingClientRect();
    const { width, height } = element.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, window.innerWidth - width - 8));
    const below = at.bottom + 4;
    const top = below + height > window.innerHeight ? Math.max(8, at.top - height - 4) : below;
    element.style.inset = `${top}px auto auto ${left}px`;
    element.querySelector("button")?.focus();
  }, [anchor]);
  return menu;
}

function nextMonday(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, (8 - weekday) % 7 || 7);
}
