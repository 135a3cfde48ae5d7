import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { ErrorBoundary } from "@/components/error-boundary";
import { messageOf } from "@/features/api/api-fetch";
import { tasksKey } from "./changes";
import { dayOf } from "./due";
import { TasksFailed, TasksLoading } from "./list-states";
import { NewTask } from "./new-task";
import { Notices } from "./notices";
import { fetchTasks, type Task } from "./task";
import { TaskLists } from "./task-lists";
import { Toolbar } from "./toolbar";
import { useNow } from "./use-now";
import { useTaskActions } from "./use-task-actions";
import { useFilters } from "./use-filters";
import { tasksFor, type Filters } from "./views";

/** Loaded when somebody is about to edit: most visits do not. */
const loadEditor = () => import("./task-editor");
const TaskEditor = lazy(loadEditor);

/** The task list and all that is done with it. */
export function TaskBoard({ userId, firstFilters }: { userId: string; firstFilters: Filters }) {
  const list = useQuery({ queryKey: tasksKey(userId), queryFn: () => fetchTasks(userId) });
  const [filters, setFilters] = useFilters(firstFilters);
  const [editing, setEditing] = useState<Task>();
  const now = useNow();
  const { data: tasks } = list;
  const actions = useTaskActions(userId, () => tasksFor(tasks ?? [], filters, now), tasks);

  return (
    <>
      <NewTask
        userId={userId}
        usualDay={() => (filters.view === "today" ? dayOf(new Date()) : "")}
        onAdd={actions.add}
      />
      <Toolbar tasks={tasks} filters={filters} now={now} onFilters={setFilters} />
      <p role="status" className="sr-only">
        {actions.spoken}
      </p>
      {tasks !== undefined ? (
        <TaskLists
          tasks={tasks}
          filters={filters}
          now={now}
          actions={{ ...actions, edit: setEditing, prepareEdit: () => void loadEditor() }}
          onShowAll={() => {
            setFilters({ ...filters, search: "", priority: "any" });
          }}
        />
      ) : list.isError ? (
        <TasksFailed reason={messageOf(list.error)} onRetry={() => void list.refetch()} />
      ) : (
        <TasksLoading />
      )}
      <Notices
        failed={actions.failed}
        undoable={actions.undoable}
        stale={tasks !== undefined && list.isError ? messageOf(list.error) : undefined}
        onDismissFailed={actions.dismissFailed}
        onDismissUndo={actions.dismissUndo}
      />
      {editing !== undefined && (
        <ErrorBoundary key={editing.id} instead={() => <EditorMissing />}>
          <Suspense>
            <TaskEditor
              userId={userId}
              task={tasks?.find(({ id }) => id === editing.id) ?? editing}
              onSave={actions.edit}
              onDelete={actions.remove}
              onClose={() => {
                setEditing(undefined);
              }}
            />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}

function EditorMissing() {
  return (
    <p role="alert" className="notice-bad mt-4">
      The editor could not be loaded. Check your network and load the page again.
    </p>
  );
}
