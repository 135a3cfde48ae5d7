import { useSyncExternalStore } from "react";
import { Icon } from "@/components/icon";
import { useClock } from "./clock";
import { describeDue, type DueTone } from "./due";
import { isSaved, type Task } from "./task";

const TONES: Record<DueTone, string> = {
  overdue: "text-bad",
  today: "text-accent",
  later: "text-ink-soft",
};

interface DueChipProps {
  task: Task;
  /** `anchor` is what the choice of another day opens at. */
  onReschedule: (task: Task, anchor: HTMLElement) => void;
}

/** When a task is due; it opens the choice of another day. */
export function DueChip({ task, onReschedule }: DueChipProps) {
  const { now } = useClock();
  const inBrowser = useSyncExternalStore(never, yes, no);
  // Only the browser knows in whose words; the server leaves the room for them.
  const due = inBrowser ? describeDue(task, now) : undefined;
  const late = due?.tone === "overdue" && !task.completed ? "Overdue: " : "";
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label={`${late}${due?.words ?? "Due"}. Reschedule “${task.title}”`}
      disabled={!isSaved(task)}
      className={`due-chip ${task.completed || due === undefined ? "text-ink-soft" : TONES[due.tone]}`}
      onClick={(event) => {
        onReschedule(task, event.currentTarget);
      }}
    >
      <Icon name="calendar" className="size-4" />
      <span>
        {late}
        <bdi>{due?.words ?? "\u00a0"}</bdi>
      </span>
    </button>
  );
}

const never = () => () => undefined;
const yes = () => true;
const no = () => false;
