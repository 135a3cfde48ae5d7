/**
 * Changing tasks: the list on the page changes at once, the back end is told, and what it refuses
 * is taken back, for that task alone, so that other changes under way are kept.
 */
import type { QueryClient } from "@tanstack/react-query";
import {
  completeTask,
  createTask,
  deleteTask,
  restoreTask,
  updateTask,
  type Task,
  type TaskFields,
} from "./task";
import { tasksKey } from "./task-list";
import { tellOtherTabs } from "./other-tabs";

type Edit = (tasks: Task[]) => Task[];

interface Change<Answer> {
  /** Changes of one scope reach the back end one after the other, in the order they were made. */
  scope: string;
  optimistic: Edit;
  send: () => Promise<Answer>;
  undo: Edit;
  /** What the server's answer says about the list. */
  confirm: (answer: Answer) => Edit;
}

export interface TaskChanges {
  add: (fields: TaskFields) => Promise<Task>;
  /** Sets the given fields; the others stay as they are at the back end. */
  edit: (task: Task, fields: Partial<TaskFields>) => Promise<Task>;
  complete: (task: Task, completed: boolean) => Promise<Task>;
  remove: (task: Task) => Promise<void>;
  /** Takes back a deletion. */
  restore: (task: Task) => Promise<Task>;
}

let lastUnsavedId = 0;

/** The changes that `userId` can make. Each rejects with `ApiError` after it was taken back. */
export function taskChanges(client: QueryClient, userId: string): TaskChanges {
  const key = tasksKey(userId);

  function edit(change: Edit) {
    client.setQueryData<Task[]>(key, (tasks) => change(tasks ?? []));
  }

  function change<Answer>({
    scope,
    optimistic,
    send,
    undo,
    confirm,
  }: Change<Answer>): Promise<Answer> {
    const mutation = client.getMutationCache().build<Answer, Error, undefined, unknown>(client, {
      mutationKey: key,
      scope: { id: scope },
      // The server may well be this very machine: the browser's idea of "offline" does not count.
      networkMode: "always",
      mutationFn: send,
      onMutate: async () => {
        // An answer under way does not know of this change and would undo it on the page.
        await client.cancelQueries({ queryKey: key });
        edit(optimistic);
      },
      onSuccess: (answer) => {
        // A later change of the same task is on the page already, and this answer does not know it.
        if (underWay(scope) === 1) edit(confirm(answer));
        tellOtherTabs(userId);
      },
      onError: () => {
        edit(undo);
      },
      onSettled: (_, error) => {
        // Without an answer nobody knows what was done: the last one asks (this one still counts).
        if (error !== null && client.isMutating({ mutationKey: key }) === 1) {
          void client.invalidateQueries({ queryKey: key });
        }
      },
    });
    return mutation.execute(undefined);
  }

  function underWay(scope: string): number {
    const pending = client.getMutationCache().findAll({ mutationKey: key, status: "pending" });
    return pending.filter(({ options }) => options.scope?.id === scope).length;
  }

  return {
    add(fields) {
      const now = new Date().toISOString();
      const unsaved: Task = {
        ...fields,
        id: --lastUnsavedId,
        completed: false,
        created_at: now,
        updated_at: now,
      };
      return change({
        // New tasks too: several that were written down at once stay in their order.
        scope: "new tasks",
        optimistic: (tasks) => [unsaved, ...tasks],
        send: () => createTask(userId, fields),
        undo: (tasks) => tasks.filter(({ id }) => id !== unsaved.id),
        confirm: (saved) => (tasks) => tasks.map((task) => (task.id === unsaved.id ? saved : task)),
      });
    },

    edit(task, fields) {
      return change({
        scope: `task ${task.id}`,
        optimistic: setting(task.id, fields),
        send: () => updateTask(userId, task.id, fields),
        undo: setting(task.id, valuesOf(task, fields)),
        confirm: saving,
      });
    },

    complete(task, completed) {
      return change({
        scope: `task ${task.id}`,
        optimistic: setting(task.id, { completed }),
        send: () => completeTask(userId, task.id, completed),
        undo: setting(task.id, { completed: !completed }),
        confirm: saving,
      });
    },

    remove(task) {
      let place = 0;
      return change({
        scope: `task ${task.id}`,
        optimistic: (tasks) => {
          place = tasks.findIndex(({ id }) => id === task.id);
          return tasks.filter(({ id }) => id !== task.id);
        },
        send: () => deleteTask(userId, task.id),
        undo: (tasks) => tasks.toSpliced(Math.max(0, place), 0, task),
        confirm: () => (tasks) => tasks,
      });
    },

    restore(task) {
      return change({
        // The same scope: a deletion that is still under way reaches the back end first.
        scope: `task ${task.id}`,
        optimistic: (tasks) => (tasks.some(({ id }) => id === task.id) ? tasks : [task, ...tasks]),
        send: () => restoreTask(userId, task.id),
        undo: (tasks) => tasks.filter(({ id }) => id !== task.id),
        confirm: saving,
      });
    },
  };
}

/** What `task` has in the fields that `changed` names. */
function valuesOf(task: Task, changed: Partial<TaskFields>): Partial<TaskFields> {
  const names = Object.keys(changed) as (keyof TaskFields)[];
  return Object.fromEntries(names.map((name) => [name, task[name]]));
}

/** The task as the server has it now. */
function saving(saved: Task): Edit {
  return (tasks) => tasks.map((task) => (task.id === saved.id ? saved : task));
}

function setting(id: number, values: Partial<Task>): Edit {
  return (tasks) => tasks.map((task) => (task.id === id ? { ...task, ...values } : task));
}
