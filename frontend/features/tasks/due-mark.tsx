import { useSyncExternalStore } from "react";
import { Icon } from "@/components/icon";
import { describeDue, type Due, type DueTone } from "./due";

const TONES: Record<DueTone, string> = {
  overdue: "text-bad",
  today: "text-accent",
  later: "text-ink-soft",
};

interface DueMarkProps {
  due: Due;
  completed: boolean;
  now: Date;
}

/** When a task is due, in a row of the list. Only the browser knows the person's zone and language. */
export function DueMark({ due, completed, now }: DueMarkProps) {
  const inBrowser = useSyncExternalStore(never, yes, no);
  const told = inBrowser ? describeDue(due, now) : undefined;
  if (!due.due_date && due.due_at === null) return null;
  return (
    <span
      className={`inline-flex items-center gap-1 ${completed || told === undefined ? "text-ink-soft" : TONES[told.tone]}`}
    >
      <Icon name="calendar" className="size-4" />
      {told !== undefined && told.tone === "overdue" && !completed && "Overdue: "}
      <bdi>{told?.words}</bdi>
    </span>
  );
}

const never = () => () => undefined;
const yes = () => true;
const no = () => false;
