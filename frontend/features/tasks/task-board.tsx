import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { ErrorBoundary } from "@/components/error-boundary";
import { messageOf } from "@/features/api/api-fetch";
import { dayOf } from "@/lib/dates";
import { tasksKey } from "./changes";
import { TasksFailed, TasksLoading } from "./list-states";
import { NewTask } from "./new-task";
import { Notices } from "./notices";
import { fetchTasks, type Task } from "./task";
import { TaskLists } from "./task-lists";
import { Toolbar, VIEW_WORDS } from "./toolbar";
import { useNow } from "./use-now";
import { useTaskActions, type Place } from "./use-task-actions";
import { useFilters } from "./use-filters";
import { isInView, tasksFor, type Filters, type View } from "./views";

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
  const actions = useTaskActions(userId, {
    shown: () => tasksFor(tasks ?? [], filters, now),
    content: tasks,
    placeOf,
  });

  /** Where a new task is to be found that these filters leave out. */
  function placeOf(task: Task): Place | undefined {
    const at = new Date();
    if (tasksFor([task], filters, at).length > 0) return undefined;
    const views: View[] = [filters.view, "today", "upcoming", "overdue"];
    const view = views.find((each) => isInView(task, each, at)) ?? "all";
    return {
      name: VIEW_WORDS[view],
      show: () => {
        setFilters({ ...filters, view, search: "", priority: "any" });
      },
    };
  }

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
        offer={actions.offer}
        stale={tasks !== undefined && list.isError ? messageOf(list.error) : undefined}
        onDismissFailed={actions.dismissFailed}
        onDismissOffer={actions.dismissOffer}
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
