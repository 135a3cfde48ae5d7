import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { mayPass, messageOf } from "@/features/api/api-fetch";
import { taskChanges } from "./changes";
import { asTypedDue, dueFrom, NOT_DUE } from "./due";
import { NEW_TASK_FIELD } from "./new-task";
import type { FailedChange, Offer } from "./notices";
import type { Priority, Task, TaskFields } from "./task";
import { checkboxId } from "./task-row";
import {
  describeStep,
  dropStep,
  keepStep,
  keptSteps,
  takeLastStep,
  type UndoStep,
} from "./undo-steps";
import { useFocusAfter } from "./use-focus-after";

/** Milliseconds for which a step is offered again once those after it are taken back. */
const OFFERED = 2 * 60_000;

/** What a row offers. */
export interface TaskActions {
  complete: (task: Task, completed: boolean) => void;
  edit: (task: Task) => void;
  /** Called when somebody may soon edit: there is something to load for it. */
  prepareEdit: () => void;
  remove: (task: Task) => void;
  /** Opens the choice of another day at `anchor`. */
  reschedule: (task: Task, anchor: HTMLElement) => void;
}

/** Where a task can be seen that the list on the page leaves out. */
export interface Place {
  /** "Upcoming" */
  name: string;
  show: () => void;
}

let lastOffer = 0;

/**
 * Changes to tasks as a person makes them: what is said about them, what if they fail, and how they
 * are taken back. `shown` are the tasks in their order on the page, `placeOf` says where a task is to
 * be found if not there. The functions that come back stay the same.
 */
export function useTaskActions(
  userId: string,
  shown: readonly Task[],
  placeOf: (task: Task) => Place | undefined,
) {
  const client = useQueryClient();
  const focusAfter = useFocusAfter(shown);
  const [failed, setFailed] = useState<FailedChange>();
  const [offer, setOffer] = useState<Offer>();
  const [spoken, setSpoken] = useState("");
  const page = useRef({ shown, placeOf });
  useEffect(() => {
    page.current = { shown, placeOf };
  });

  const actions = useMemo(() => {
    const changes = taskChanges(client, userId);

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
        setFailed({ what, why: messageOf(error), again: mayPass(error) ? again : undefined });
        return false;
      }
    }

    /** Says that something was done, and offers to take it back unless it did not succeed. */
    async function undoableAttempt(
      kind: UndoStep["kind"],
      task: Task,
      ...made: Parameters<typeof attempt>
    ) {
      const step = { kind, task, at: Date.now() };
      keepStep(userId, step);
      offerUndo();
      setSpoken(`${describeStep(step)}. It can be undone.`);
      if (await attempt(...made)) return;
      dropStep(userId, step);
      offerUndo();
    }

    function offerUndo() {
      const last = keptSteps(userId).at(-1);
      const offered = last !== undefined && Date.now() - last.at < OFFERED;
      setOffer(
        offered
          ? { id: ++lastOffer, what: describeStep(last), action: "Undo", act: undoLast }
          : undefined,
      );
    }

    /**
     * Adds a task. If it was not added, `putBack` returns its words to the field they came from; only
     * where that is not possible can the change be tried again from here, so that there is one way on.
     */
    async function add(fields: TaskFields, putBack: () => boolean): Promise<void> {
      setSpoken(`Added “${fields.title}”.`);
      try {
        const task = await changes.add(fields);
        const place = page.current.placeOf(task);
        if (place !== undefined) tellPlace(task, place);
      } catch (error) {
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
          focusAfter(checkboxId(task));
          show();
        },
      });
    }

    /** Changes the given fields, and no others: those may have been changed elsewhere meanwhile. */
    function edit(task: Task, fields: Partial<TaskFields>): Promise<boolean> {
      const title = fields.title ?? task.title;
      setSpoken(`Saved “${title}”.`);
      return attempt(
        changes.edit(task, fields),
        `“${title}” was not saved.`,
        () => void edit(task, fields),
      );
    }

    /** Where the keyboard goes if the task's row leaves its place. */
    function keepPlace(task: Task) {
      const place = page.current.shown.findIndex(({ id }) => id === task.id);
      const near = [page.current.shown[place + 1], page.current.shown[place - 1]];
      focusAfter(...near.flatMap((each) => (each ? [checkboxId(each)] : [])), NEW_TASK_FIELD);
    }

    function complete(task: Task, completed: boolean) {
      keepPlace(task);
      void undoableAttempt(
        "completed",
        task,
        changes.complete(task, completed),
        `“${task.title}” could not be ${completed ? "ticked off" : "put back"}.`,
        () => {
          complete(task, completed);
        },
      );
    }

    function remove(task: Task) {
      keepPlace(task);
      void undoableAttempt(
        "deleted",
        task,
        changes.remove(task),
        `“${task.title}” could not be deleted.`,
        () => {
          remove(task);
        },
      );
    }

    /** Moves a task to another day, at the same time of it. */
    function moveTo(task: Task, day: string | null) {
      const due = day === null ? NOT_DUE : dueFrom(day, asTypedDue(task).time);
      keepPlace(task);
      void undoableAttempt(
        "rescheduled",
        task,
        changes.edit(task, due),
        `“${task.title}” could not be rescheduled.`,
        () => {
          moveTo(task, day);
        },
      );
    }

    function prioritise(task: Task, priority: Priority) {
      if (task.priority === priority) return;
      keepPlace(task);
      void undoableAttempt(
        "prioritised",
        task,
        changes.edit(task, { priority }),
        `The priority of “${task.title}” could not be changed.`,
        () => {
          prioritise(task, priority);
        },
      );
    }

    function undoLast() {
      const step = takeLastStep(userId);
      offerUndo();
      if (step !== undefined) undo(step);
    }

    function undo(step: UndoStep) {
      const { kind, task } = step;
      focusAfter(checkboxId(task), NEW_TASK_FIELD);
      setSpoken(`“${task.title}” is as it was.`);
      const change =
        kind === "deleted"
          ? changes.restore(task)
          : kind === "completed"
            ? changes.complete({ ...task, completed: !task.completed }, task.completed)
            : changes.edit(
                task,
                kind === "prioritised"
                  ? { priority: task.priority }
                  : { due_date: task.due_date, due_at: task.due_at },
              );
      const what = `“${task.title}” could not be brought back.`;
      void attempt(change, what, () => {
        undo(step);
      });
    }

    return {
      add,
      edit,
      complete,
      remove,
      moveTo,
      prioritise,
      undoLast,
      dismissFailed: () => {
        setFailed(undefined);
      },
      dismissOffer: () => {
        setOffer(undefined);
      },
    };
  }, [client, userId, focusAfter]);

  return { actions, failed, offer, spoken };
}
