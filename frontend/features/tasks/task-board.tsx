import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useState } from "react";
import { ErrorBoundary } from "@/components/error-boundary";
import { messageOf } from "@/features/api/api-fetch";
import { dayOf } from "@/lib/dates";
import { useSheet } from "@/features/shell/use-sheet";
import { useClock } from "./clock";
import { TasksFailed, TasksLoading } from "./list-states";
import { NewTask } from "./new-task";
import { Notices } from "./notices";
import { isSaved, type Task } from "./task";
import type { FirstTasks } from "./task-list";
import { TaskLists } from "./task-lists";
import { Toolbar, VIEW_WORDS } from "./toolbar";
import { useKeys } from "./use-keys";
import { useFilters } from "./use-filters";
import { useTaskActions, type Place, type TaskActions } from "./use-task-actions";
import { useTaskList } from "./use-task-list";
import { isInView, isNarrowed, tasksFor, type Filters, type View } from "./views";

/** Loaded when somebody is about to use them: most visits do not. */
const loadEditor = () => import("./task-editor");
const TaskEditor = lazy(loadEditor);
const KeysDialog = lazy(() => import("./keys-dialog"));
const RescheduleMenu = lazy(() => import("./reschedule-menu"));

interface TaskBoardProps {
  userId: string;
  /** The list as it came with the page, unless the back end was away. */
  firstTasks: FirstTasks | undefined;
  firstFilters: Filters;
  /** Leads to the assistant. */
  onAskAssistant: () => void;
}

const NONE: readonly Task[] = [];

/** The task list and all that is done with it. */
export function TaskBoard({ userId, firstTasks, firstFilters, onAskAssistant }: TaskBoardProps) {
  const list = useTaskList(userId, firstTasks);
  const [filters, setFilters] = useFilters(firstFilters);
  // What is typed and pressed shows at once; the list follows.
  const listed = useDeferredValue(filters);
  const clock = useClock();
  const { data: tasks } = list;
  const shown = useMemo(
    () => (tasks === undefined ? NONE : tasksFor(tasks, listed, clock)),
    [tasks, listed, clock],
  );
  /** Where a new task is to be found that these filters leave out. */
  const placeOf = useCallback(
    (task: Task): Place | undefined => {
      if (tasksFor([task], filters, clock).length > 0) return undefined;
      const views: View[] = [filters.view, "today", "upcoming"];
      const view = views.find((each) => isInView(task, each, clock)) ?? "all";
      return {
        name: VIEW_WORDS[view],
        show: () => {
          setFilters({ ...filters, view, search: "", priority: "any" });
        },
      };
    },
    [filters, clock, setFilters],
  );
  const { actions, failed, offer, spoken } = useTaskActions(userId, shown, placeOf);
  const [editing, openEditor, closeEditor] = useSheet<Task>("task");
  const [keysShown, showKeys, hideKeys] = useSheet<true>("keys");
  const [moving, setMoving] = useState<{ task: Task; anchor: HTMLElement }>();
  const rowActions = useMemo<TaskActions>(
    () => ({
      complete: actions.complete,
      remove: actions.remove,
      edit: openEditor,
      prepareEdit: () => void loadEditor(),
      reschedule: (task, anchor) => {
        setMoving({ task, anchor });
      },
    }),
    [actions, openEditor],
  );
  const withTask = (id: number, act: (task: Task) => void) => {
    const task = shown.find((each) => each.id === id);
    if (task !== undefined && isSaved(task)) act(task);
  };
  useKeys({
    toggle: (id) => {
      withTask(id, (task) => {
        actions.complete(task, !task.completed);
      });
    },
    edit: (id) => {
      withTask(id, openEditor);
    },
    prioritise: (id, priority) => {
      withTask(id, (task) => {
        actions.prioritise(task, priority);
      });
    },
    askAssistant: onAskAssistant,
    undo: actions.undoLast,
    help: () => {
      showKeys(true);
    },
  });
  const showAll = useCallback(() => {
    setFilters((current) => ({ ...current, search: "", priority: "any" }));
  }, [setFilters]);

  return (
    <>
      <NewTask
        userId={userId}
        usualDay={() => (filters.view === "today" ? dayOf(new Date()) : "")}
        onAdd={actions.add}
      />
      <Toolbar tasks={tasks} filters={filters} onFilters={setFilters} />
      <p role="status" className="sr-only">
        {spoken}
      </p>
      <p role="status" className="sr-only">
        {isNarrowed(listed) && tasks !== undefined && foundInWords(shown.length)}
      </p>
      {tasks === undefined ? (
        list.isError ? (
          <TasksFailed reason={messageOf(list.error)} onRetry={() => void list.refetch()} />
        ) : (
          <TasksLoading />
        )
      ) : (
        <TaskLists
          shown={shown}
          none={tasks.length === 0}
          filters={listed}
          actions={rowActions}
          onShowAll={showAll}
        />
      )}
      <button
        type="button"
        className="link mt-8 text-sm max-sm:hidden"
        onClick={() => {
          showKeys(true);
        }}
      >
        Keys
      </button>
      <Notices
        failed={failed}
        offer={offer}
        stale={tasks !== undefined && list.isError ? messageOf(list.error) : undefined}
        onDismissFailed={actions.dismissFailed}
        onDismissOffer={actions.dismissOffer}
      />
      {editing !== undefined && (
        <ErrorBoundary key={editing.id} instead={() => <PartMissing />}>
          <Suspense>
            <TaskEditor
              userId={userId}
              task={tasks?.find(({ id }) => id === editing.id) ?? editing}
              onSave={actions.edit}
              onDelete={actions.remove}
              onClose={closeEditor}
            />
          </Suspense>
        </ErrorBoundary>
      )}
      {keysShown && (
        <ErrorBoundary instead={() => <PartMissing />}>
          <Suspense>
            <KeysDialog onClose={hideKeys} />
          </Suspense>
        </ErrorBoundary>
      )}
      {moving !== undefined && isSaved(moving.task) && (
        <ErrorBoundary key={moving.task.id} instead={() => <PartMissing />}>
          <Suspense>
            <RescheduleMenu
              task={moving.task}
              anchor={moving.anchor}
              onPick={actions.moveTo}
              onClose={() => {
                setMoving(undefined);
              }}
            />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}

function foundInWords(count: number): string {
  return count === 0 ? "No task fits." : `${count} ${count === 1 ? "task fits" : "tasks fit"}.`;
}

function PartMissing() {
  return (
    <p role="alert" className="notice-bad mt-4">
      This could not be loaded. Check your network and load the page again.
    </p>
  );
}
