"use client";

import { isSaved, type Task } from "./task";

/** The id of a task's checkbox, so that focus can go to it. */
export function checkboxId(task: Task): string {
  return `task-${task.id}`;
}

export function TaskRow({
  task,
  onComplete,
  onRemove,
}: {
  task: Task;
  onComplete: (completed: boolean) => void;
  onRemove: () => void;
}) {
  const waiting = !isSaved(task);
  return (
    <li className="group flex items-start gap-1">
      <label
        htmlFor={checkboxId(task)}
        className={`flex min-w-0 flex-1 items-start gap-4 py-3.5 ${waiting ? "opacity-60" : "cursor-pointer"}`}
      >
        <input
          id={checkboxId(task)}
          type="checkbox"
          className="task-check"
          checked={task.completed}
          disabled={waiting}
          onChange={(event) => {
            onComplete(event.target.checked);
          }}
        />
        <span className="min-w-0 flex-1 leading-6 wrap-anywhere">
          <span className={task.completed ? "text-ink-soft line-through" : ""}>{task.title}</span>
          {task.description !== null && task.description !== "" && (
            <span className="block text-sm text-ink-soft">{task.description}</span>
          )}
        </span>
      </label>
      <button
        type="button"
        className="mt-1 -mr-2 grid size-11 flex-none place-items-center rounded-xl text-ink-soft group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-bad-wash hover:text-bad hover-device:opacity-0"
        disabled={waiting}
        aria-label={`Delete “${task.title}”`}
        onClick={onRemove}
      >
        <svg viewBox="0 0 20 20" className="size-5" aria-hidden="true">
          <path
            d="M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11h8.4l.8-11M8.3 8.5v5M11.7 8.5v5"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      </button>
    </li>
  );
}
