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

/** Where the list of one person's tasks is kept in the query cache. */
export function tasksKey(userId: string): [string, string] {
  return ["tasks", userId];
}

type Edit = (tasks: Task[]) => Task[];

interface Change<Answer> {
  /** Changes of one scope reach the back end one after the other, in the order they were made. */
  scope: string;
  optimistic: Edit;
  send: () => Promise<Answer>;
  undo: Edit;
  confirm?: (answer: Answer) => Edit;
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
        if (confirm !== undefined) edit(confirm(answer));
      },
      onError: () => {
        edit(undo);
      },
      onSettled: () => {
        // The last change under way (this one still counts) asks how things really are.
        if (client.isMutating({ mutationKey: key }) === 1) {
          void client.invalidateQueries({ queryKey: key });
        }
      },
    });
    return mutation.execute(undefined);
  }

  return {
    add(fields) {
      const unsaved: Task = {
        ...fields,
        id: --lastUnsavedId,
        completed: false,
        created_at: new Date().toISOString(),
      };
      return change({
        scope: `task ${unsaved.id}`,
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
      });
    },

    complete(task, completed) {
      return change({
        scope: `task ${task.id}`,
        optimistic: setting(task.id, { completed }),
        send: () => completeTask(userId, task.id, completed),
        undo: setting(task.id, { completed: !completed }),
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
      });
    },

    restore(task) {
      return change({
        // The same scope: a deletion that is still under way reaches the back end first.
        scope: `task ${task.id}`,
        optimistic: (tasks) => (tasks.some(({ id }) => id === task.id) ? tasks : [task, ...tasks]),
        send: () => restoreTask(userId, task.id),
        undo: (tasks) => tasks.filter(({ id }) => id !== task.id),
      });
    },
  };
}

/** What `task` has in the fields that `changed` names. */
function valuesOf(task: Task, changed: Partial<TaskFields>): Partial<TaskFields> {
  const names = Object.keys(changed) as (keyof TaskFields)[];
  return Object.fromEntries(names.map((name) => [name, task[name]]));
}

function setting(id: number, values: Partial<Task>): Edit {
  return (tasks) => tasks.map((task) => (task.id === id ? { ...task, ...values } : task));
}
