"use client";

import type { Task } from "./task";
import { TaskRow } from "./task-row";

export interface TaskActions {
  complete: (task: Task, completed: boolean) => void;
  remove: (task: Task) => void;
}

/** What is to be done, and below it what is done. Lists that would be empty are left out. */
export function TaskLists({ tasks, actions }: { tasks: Task[]; actions: TaskActions }) {
  const open = tasks.filter((task) => !task.completed);
  const done = tasks.filter((task) => task.completed);
  return (
    <>
      {open.length > 0 ? (
        <Rows heading="To do" hidden tasks={open} actions={actions} />
      ) : (
        <p className="notice mt-6">All done. Nothing is waiting for you.</p>
      )}
      {done.length > 0 && <Rows heading={`Done (${done.length})`} tasks={done} actions={actions} />}
    </>
  );
}

function Rows({
  heading,
  hidden = false,
  tasks,
  actions,
}: {
  heading: string;
  /** Whether the heading is for screen readers only. */
  hidden?: boolean;
  tasks: Task[];
  actions: TaskActions;
}) {
  return (
    <section className="mt-6">
      <h2 className={hidden ? "sr-only" : "mb-2 px-1 font-medium text-ink-soft"}>{heading}</h2>
      <ul className="divide-y divide-line rounded-2xl border border-line bg-surface px-4 sm:px-5">
        {tasks.map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            onComplete={(completed) => {
              actions.complete(task, completed);
            }}
            onRemove={() => {
              actions.remove(task);
            }}
          />
        ))}
      </ul>
    </section>
  );
}
