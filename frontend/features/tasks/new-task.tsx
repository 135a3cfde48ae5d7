import { useState } from "react";
import { useDraft } from "@/features/session/draft";
import { dueAt } from "./due";
import { PrioritySelect } from "./priority";
import { readQuickEntry } from "./quick-entry";
import { LONGEST_TITLE, type Priority, type TaskFields } from "./task";

/** The field in which a task is written down. It has this id, so that focus can return to it. */
export const NEW_TASK_FIELD = "new-task";

/** What was chosen beside the words; undefined: what the words say counts. */
interface Chosen {
  day?: string | undefined;
  priority?: Priority | undefined;
}

interface NewTaskProps {
  userId: string;
  /** The day that a new task gets when nothing else is said, `YYYY-MM-DD` or empty. */
  usualDay: () => string;
  /** Resolves to whether the task was kept; if not, the words come back into the field. */
  onAdd: (fields: TaskFields) => Promise<boolean>;
}

export function NewTask({ userId, usualDay, onAdd }: NewTaskProps) {
  const [text, setText] = useDraft(userId, "new task");
  const [chosen, setChosen] = useState<Chosen>({});
  const [literal, setLiteral] = useState(false);

  const read = literal ? { title: text.trim() } : readQuickEntry(text, new Date());
  const day = chosen.day ?? read.day ?? (text === "" ? "" : usualDay());
  const priority = chosen.priority ?? read.priority ?? "medium";

  async function add() {
    if (read.title === "") return;
    const kept = { text, chosen };
    setText("");
    setChosen({});
    setLiteral(false);
    const fields = { title: read.title, description: null, due_at: dueAt(day), priority };
    if (await onAdd(fields)) return;
    setText(kept.text);
    setChosen(kept.chosen);
  }

  return (
    <form
      className="card p-3 focus-within:border-edge"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <div className="flex gap-2">
        <label htmlFor={NEW_TASK_FIELD} className="sr-only">
          New task
        </label>
        <input
          id={NEW_TASK_FIELD}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
          maxLength={LONGEST_TITLE}
          placeholder="What needs doing?"
          aria-describedby="new-task-hint"
          autoComplete="off"
          enterKeyHint="done"
          className="min-h-11 min-w-0 flex-1 rounded-lg bg-transparent px-2 text-lg"
        />
        <button type="submit" className="button">
          Add
        </button>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <input
          type="date"
          aria-label="Due date of the new task"
          className="field-small"
          value={day}
          onChange={(event) => {
            setChosen({ ...chosen, day: event.target.value });
          }}
        />
        <PrioritySelect
          label="Priority of the new task"
          className="field-small"
          value={priority}
          onChange={(next) => {
            setChosen({ ...chosen, priority: next });
          }}
        />
        <p id="new-task-hint" className="min-w-0 flex-1 basis-48 px-1 text-sm text-ink-soft">
          {read.title === text.trim() ? (
            "Try “Pay the rent friday !high”"
          ) : (
            <>
              <span className="wrap-anywhere">Adds “{read.title}”.</span>{" "}
              <button
                type="button"
                className="link"
                onClick={() => {
                  setLiteral(true);
                }}
              >
                Keep all words
              </button>
            </>
          )}
        </p>
      </div>
    </form>
  );
}
