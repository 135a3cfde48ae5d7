import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { redirectToSignIn } from "@/features/session/keep-session";
import { isSignedOut, mayPass, messageOf } from "@/features/api/api-fetch";
import { taskChanges } from "./changes";
import { NEW_TASK_FIELD } from "./new-task";
import type { FailedChange, Offer } from "./notices";
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

/** Where a task can be seen that the list on the page leaves out. */
export interface Place {
  /** "Upcoming" */
  name: string;
  show: () => void;
}

interface TaskActionsOptions {
  /** The tasks on the page, in their order. */
  shown: () => readonly Task[];
  /** Changes when the list on the page does. */
  content: unknown;
  /** Where a task is to be found, if not in the list on the page. */
  placeOf: (task: Task) => Place | undefined;
}

let lastOffer = 0;

/** Changes to tasks as a person makes them: what is said about them, and what if they fail. */
export function useTaskActions(userId: string, { shown, content, placeOf }: TaskActionsOptions) {
  const changes = taskChanges(useQueryClient(), userId);
  const focusAfter = useFocusAfter(content);
  const [failed, setFailed] = useState<FailedChange>();
  const [offer, setOffer] = useState<Offer>();
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

  /**
   * Adds a task. If it was not added, `putBack` returns its words to the field they came from; only
   * where that is not possible can the change be tried again from here, so that there is one way on.
   */
  async function add(fields: TaskFields, putBack: () => boolean): Promise<void> {
    setSpoken(`Added “${fields.title}”.`);
    try {
      const task = await changes.add(fields);
      const place = placeOf(task);
      if (place !== undefined) tellPlace(task, place);
    } catch (error) {
      if (isSignedOut(error)) redirectToSignIn();
      const again = () => void add(fields, putBack);
      setFailed({
        what: `“${fields.title}” was not added.`,
        why: messageOf(error),
        again: putBack() || !mayPass(error) ? undefined : again,
      });
    }
  }

  /** The list on the page does not show this new task: says where it is. */
  function tellPlace(task: Task, { name, show }: Place) {
    setSpoken(`Added “${task.title}” to ${name}.`);
    setOffer({
      id: ++lastOffer,
      what: `Added “${task.title}” to ${name}`,
      action: "Show",
      act: () => {
        setOffer(undefined);
        show();
        // Its row is there with the next frame.
        requestAnimationFrame(() => document.getElementById(checkboxId(task))?.focus());
      },
    });
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
    const notice: Offer = {
      id: ++lastOffer,
      what: `Deleted “${task.title}”`,
      action: "Undo",
      act: () => {
        restore(task);
      },
    };
    setOffer(notice);
    void attempt(changes.remove(task), `“${task.title}” could not be deleted.`, () => {
      remove(task);
    }).then((deleted) => {
      // What was not deleted cannot be taken back.
      if (!deleted) setOffer((current) => (current === notice ? undefined : current));
    });
  }

  function restore(task: Task) {
    setOffer(undefined);
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
    offer,
    spoken,
    dismissFailed: () => {
      setFailed(undefined);
    },
    dismissOffer: () => {
      setOffer(undefined);
    },
  };
}
