import type { ReactNode } from "react";
import { NothingFound, NothingInView, NoTasks } from "./list-states";
import type { Task } from "./task";
import { TaskRow } from "./task-row";
import type { TaskActions } from "./use-task-actions";
import { tasksFor, type Filters } from "./views";

interface TaskListsProps {
  tasks: readonly Task[];
  filters: Filters;
  now: Date;
  actions: TaskActions;
  onShowAll: () => void;
}

/** The tasks that were asked for: what is to be done, and below it what is done. */
export function TaskLists({ tasks, filters, now, actions, onShowAll }: TaskListsProps) {
  const shown = tasksFor(tasks, filters, now);
  const narrowed = filters.search.trim() !== "" || filters.priority !== "any";
  if (tasks.length === 0) return <NoTasks />;
  if (shown.length === 0) {
    return narrowed ? (
      <NothingFound onShowAll={onShowAll} />
    ) : (
      <NothingInView view={filters.view} />
    );
  }

  const open = shown.filter((task) => !task.completed);
  const done = shown.filter((task) => task.completed);
  const rows = (each: Task) => <TaskRow key={each.id} task={each} now={now} actions={actions} />;
  return (
    <>
      {open.length > 0 && (
        <Rows heading="To do" hidden>
          {open.map(rows)}
        </Rows>
      )}
      {open.length === 0 && filters.view === "all" && !narrowed && (
        <p className="notice mt-4">All done. Nothing is waiting for you.</p>
      )}
      {done.length > 0 && (
        <Rows heading={`Done (${done.length})`} hidden={filters.view === "done"}>
          {done.map(rows)}
        </Rows>
      )}
    </>
  );
}

function Rows({
  heading,
  hidden = false,
  children,
}: {
  heading: string;
  /** Whether the heading is for screen readers only. */
  hidden?: boolean;
  children: ReactNode;
}) {
  return (
    <section className="mt-4">
      <h2 className={hidden ? "sr-only" : "mt-6 mb-2 px-1 font-medium text-ink-soft"}>{heading}</h2>
      <ul className="card divide-y divide-line px-4 sm:px-5">{children}</ul>
    </section>
  );
}
