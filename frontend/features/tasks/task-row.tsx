import { memo } from "react";
import { Icon } from "@/components/icon";
import { isDue } from "./due";
import { DueChip } from "./due-chip";
import { PRIORITY_WORDS } from "./priority";
import { isSaved, type Task } from "./task";
import type { TaskActions } from "./use-task-actions";

/** The id of a task's checkbox, so that focus can go to it. */
export function checkboxId(task: Task): string {
  return `task-${task.id}`;
}

interface TaskRowProps {
  task: Task;
  /** The same object each time: a row is drawn again only when its task has changed. */
  actions: TaskActions;
}

export const TaskRow = memo(function TaskRow({ task, actions }: TaskRowProps) {
  const waiting = !isSaved(task);
  const { title, description, completed, priority } = task;
  return (
    <li
      data-task={task.id}
      className={`task-row group flex items-start ${waiting ? "opacity-60" : ""}`}
    >
      {/* Larger than the circle: a thumb's width. */}
      <label htmlFor={checkboxId(task)} className="-ml-2.5 cursor-pointer p-2.5 pt-3.5">
        <span className="sr-only">
          Done: <bdi>{title}</bdi>
        </span>
        <input
          id={checkboxId(task)}
          type="checkbox"
          className="task-check block"
          checked={completed}
          disabled={waiting}
          onChange={(event) => {
            actions.complete(task, event.target.checked);
          }}
        />
      </label>
      <div className="relative min-w-0 flex-1 py-3.5 pl-1.5 leading-6 wrap-anywhere">
        <button
          type="button"
          dir="auto"
          disabled={waiting}
          aria-label={`Edit “${title}”`}
          className={`block w-full rounded-md text-start before:absolute before:inset-0 ${completed ? "text-ink-soft line-through" : ""}`}
          onClick={() => {
            actions.edit(task);
          }}
          onPointerEnter={actions.prepareEdit}
          onFocus={actions.prepareEdit}
        >
          {title}
        </button>
        {description !== null && description !== "" && (
          <p dir="auto" className="line-clamp-2 text-sm whitespace-pre-line text-ink-soft">
            {description}
          </p>
        )}
        {(isDue(task) || priority !== "medium") && (
          <p className="flex flex-wrap gap-x-4 text-sm">
            {isDue(task) && <DueChip task={task} onReschedule={actions.reschedule} />}
            {priority !== "medium" && (
              <span
                className={`inline-flex items-center gap-1 ${priority === "high" && !completed ? "text-warm" : "text-ink-soft"}`}
              >
                <Icon name="flag" className="size-4" />
                {PRIORITY_WORDS[priority]}
              </span>
            )}
          </p>
        )}
      </div>
      <button
        type="button"
        className="button-icon mt-1 -mr-2 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-bad-wash hover:text-bad hover-device:opacity-0"
        disabled={waiting}
        aria-label={`Delete “${title}”`}
        onClick={() => {
          actions.remove(task);
        }}
      >
        <Icon name="bin" />
      </button>
    </li>
  );
});
