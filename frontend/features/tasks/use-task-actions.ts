import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { redirectToSignIn } from "@/features/session/keep-session";
import { isSignedOut, mayPass, messageOf } from "@/features/api/api-fetch";
import { taskChanges } from "./changes";
import { NEW_TASK_FIELD } from "./new-task";
import type { FailedChange, Undoable } from "./notices";
import type { Task, TaskFields } from "./task";
import { checkboxId } from "./task-row";
import { useFocusAfter } from "./use-focus-after";

export interface TaskActions {
  complete: (task: Task, completed: boolean) => void;
  edit: (task: Task) => void;
  /** Called when somebody may soon edit: there is something to load for it. */
  prepareEdit: () => void;
  remove: (task: Task) => void;
}

/** Changes to tasks as a person makes them: what is said about them, and what if they fail. */
export function useTaskActions(userId: string, shown: () => readonly Task[], content: unknown) {
  const changes = taskChanges(useQueryClient(), userId);
  const focusAfter = useFocusAfter(content);
  const [failed, setFailed] = useState<FailedChange>();
  const [undoable, setUndoable] = useState<Undoable>();
  const [spoken, setSpoken] = useState("");

  /**
   * Waits for a change; what went wrong is shown, with a way to try again where that can help.
   * Resolves to whether it went well.
   */
  async function attempt(
    change: Promise<unknown>,
    what: string,
    again?: () => void,
  ): Promise<boolean> {
    try {
      await change;
      return true;
    } catch (error) {
      if (isSignedOut(error)) redirectToSignIn();
      setFailed({ what, why: messageOf(error), again: mayPass(error) ? again : undefined });
      return false;
    }
  }

  /** Without a way to try again: what was not added comes back into the field it was typed in. */
  async function add(fields: TaskFields): Promise<boolean> {
    setSpoken(`Added “${fields.title}”.`);
    return attempt(changes.add(fields), `“${fields.title}” was not added.`);
  }

  /** Changes the given fields, and no others: those may have been changed elsewhere meanwhile. */
  async function edit(task: Task, fields: Partial<TaskFields>): Promise<boolean> {
    const title = fields.title ?? task.title;
    setSpoken(`Saved “${title}”.`);
    return attempt(
      changes.edit(task, fields),
      `“${title}” was not saved.`,
      () => void edit(task, fields),
    );
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
    const tasks = shown();
    const next = tasks[tasks.findIndex(({ id }) => id === task.id) + 1];
    focusAfter(next === undefined ? NEW_TASK_FIELD : checkboxId(next));
    setSpoken(`Deleted “${task.title}”. It can be undone.`);
    const notice: Undoable = {
      what: `Deleted “${task.title}”`,
      undo: () => {
        restore(task);
      },
    };
    setUndoable(notice);
    void attempt(changes.remove(task), `“${task.title}” could not be deleted.`, () => {
      remove(task);
    }).then((deleted) => {
      // What was not deleted cannot be taken back.
      if (!deleted) setUndoable((current) => (current === notice ? undefined : current));
    });
  }

  function restore(task: Task) {
    setUndoable(undefined);
    focusAfter(checkboxId(task));
    setSpoken(`“${task.title}” is back.`);
    void attempt(changes.restore(task), `“${task.title}” could not be brought back.`, () => {
      restore(task);
    });
  }

  return {
    add,
    edit,
    complete,
    remove,
    failed,
    undoable,
    spoken,
    dismissFailed: () => {
      setFailed(undefined);
    },
    dismissUndo: () => {
      setUndoable(undefined);
    },
  };
}
