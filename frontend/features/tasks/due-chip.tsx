import { useClock } from "./clock";
import { DueMark } from "./due-mark";
import { isSaved, type Task } from "./task";

interface DueChipProps {
  task: Task;
  /** `anchor` is what the choice of another day opens at. */
  onReschedule: (task: Task, anchor: HTMLElement) => void;
}

/** When a task is due; it opens the choice of another day. */
export function DueChip({ task, onReschedule }: DueChipProps) {
  const { now } = useClock();
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      disabled={!isSaved(task)}
      className="due-chip"
      onClick={(event) => {
        onReschedule(task, event.currentTarget);
      }}
    >
      <DueMark due={task} completed={task.completed} now={now} />
      <span className="sr-only">
        . Reschedule “<bdi>{task.title}</bdi>”
      </span>
    </button>
  );
}
