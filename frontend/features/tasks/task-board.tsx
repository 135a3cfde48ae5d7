"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { leaveSignedOut } from "@/features/session/keep-session";
import { CallFailed } from "@/features/wire/call";
import { taskChanges, tasksKey } from "./changes";
import { FailedChangeNotice, type FailedChange } from "./failed-change";
import { NoTasks, TasksFailed, TasksLoading } from "./list-states";
import { NEW_TASK_FIELD, NewTask } from "./new-task";
import { fetchTasks, type Task } from "./task";
import { TaskLists } from "./task-lists";
import { checkboxId } from "./task-row";
import { useFocusAfter } from "./use-focus-after";

/** The task list and all that is done with it. */
export function TaskBoard({ userId }: { userId: string }) {
  const client = useQueryClient();
  const changes = taskChanges(client, userId);
  const list = useQuery({ queryKey: tasksKey(userId), queryFn: () => fetchTasks(userId) });
  const [failed, setFailed] = useState<FailedChange>();
  const [spoken, setSpoken] = useState("");
  const focusAfter = useFocusAfter(list.data);

  /** Waits for a change; what went wrong is shown. Resolves to whether it went well. */
  async function attempt(
    change: Promise<unknown>,
    what: string,
    again: () => void,
  ): Promise<boolean> {
    try {
      await change;
      return true;
    } catch (error) {
      if (error instanceof CallFailed && error.status === 401) leaveSignedOut();
      setFailed({ what, why: reasonOf(error), again });
      return false;
    }
  }

  async function add(title: string): Promise<boolean> {
    setSpoken(`Added “${title}”.`);
    return attempt(changes.add(title), `“${title}” was not added.`, () => void add(title));
  }

  function complete(task: Task, completed: boolean) {
    focusAfter(checkboxId(task));
    setSpoken(`“${task.title}” is ${completed ? "done" : "to do again"}.`);
    void attempt(
      changes.complete(task, completed),
      `“${task.title}” could not be ${completed ? "ticked off" : "put back"}.`,
      () => {
        complete(task, completed);
      },
    );
  }

  function remove(task: Task) {
    const shown = inDisplayOrder(list.data ?? []);
    const next = shown[shown.findIndex(({ id }) => id === task.id) + 1];
    focusAfter(next === undefined ? NEW_TASK_FIELD : checkboxId(next));
    setSpoken(`Deleted “${task.title}”.`);
    void attempt(changes.remove(task), `“${task.title}” could not be deleted.`, () => {
      remove(task);
    });
  }

  return (
    <>
      <NewTask onAdd={add} />
      <FailedChangeNotice
        failed={failed}
        onDismiss={() => {
          setFailed(undefined);
        }}
      />
      <p role="status" className="sr-only">
        {spoken}
      </p>
      {list.data === undefined ? (
        list.isError ? (
          <TasksFailed reason={reasonOf(list.error)} onRetry={() => void list.refetch()} />
        ) : (
          <TasksLoading />
        )
      ) : list.data.length === 0 ? (
        <NoTasks />
      ) : (
        <TaskLists tasks={inDisplayOrder(list.data)} actions={{ complete, remove }} />
      )}
    </>
  );
}

/** Newest first, what is done after what is not: the order on the page, whatever the server's. */
function inDisplayOrder(tasks: Task[]): Task[] {
  return tasks.toSorted(
    (a, b) => Number(a.completed) - Number(b.completed) || b.created_at.localeCompare(a.created_at),
  );
}

function reasonOf(error: unknown): string {
  return error instanceof CallFailed ? error.message : "Something went wrong. Try again.";
}
