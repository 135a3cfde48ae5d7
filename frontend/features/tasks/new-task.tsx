"use client";

import { useState } from "react";
import { LONGEST_TITLE } from "./task";

/** The field in which a task is written down. It has this id, so that focus can return to it. */
export const NEW_TASK_FIELD = "new-task";

/** `onAdd` resolves to whether the task was kept; if not, the words come back into the field. */
export function NewTask({ onAdd }: { onAdd: (title: string) => Promise<boolean> }) {
  const [title, setTitle] = useState("");

  async function add() {
    const trimmed = title.trim();
    if (trimmed === "") return;
    setTitle("");
    if (!(await onAdd(trimmed))) setTitle((current) => (current === "" ? trimmed : current));
  }

  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <label htmlFor={NEW_TASK_FIELD} className="sr-only">
        New task
      </label>
      <input
        id={NEW_TASK_FIELD}
        value={title}
        onChange={(event) => {
          setTitle(event.target.value);
        }}
        maxLength={LONGEST_TITLE}
        placeholder="What needs doing?"
        autoComplete="off"
        enterKeyHint="done"
        className="field min-w-0 flex-1 placeholder:text-ink-soft"
      />
      <button type="submit" className="button">
        Add
      </button>
    </form>
  );
}
