import { useEffect, useRef, useState } from "react";
import { draftKey, keepDraft, readDraft } from "@/features/session/draft";
import { dayOf, dueAt, timeOf } from "./due";
import { PrioritySelect } from "./priority";
import {
  LONGEST_DESCRIPTION,
  LONGEST_TITLE,
  type Priority,
  type Task,
  type TaskFields,
} from "./task";

interface TaskEditorProps {
  userId: string;
  task: Task;
  /** Resolves to whether the server took it. */
  onSave: (task: Task, fields: TaskFields) => Promise<boolean>;
  onDelete: (task: Task) => void;
  onClose: () => void;
}

/** The fields as they are typed. */
interface Draft {
  title: string;
  description: string;
  day: string;
  time: string;
  priority: Priority;
}

/** A dialog for all of one task. What is typed is kept until the server has taken it. */
export default function TaskEditor({ userId, task, onSave, onDelete, onClose }: TaskEditorProps) {
  const key = draftKey(userId, `task ${task.id}`);
  const [draft, setDraft] = useState(() => ({ ...asTyped(task), ...keptDraft(key) }));
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  function change(part: Partial<Draft>) {
    const next = { ...draft, ...part };
    setDraft(next);
    keepDraft(key, JSON.stringify(next));
  }

  function save() {
    const title = draft.title.trim();
    if (title === "") return;
    void onSave(task, {
      title,
      description: draft.description.trim() === "" ? null : draft.description.trim(),
      due_at: draft.day === "" ? null : dueAt(draft.day, draft.time),
      priority: draft.priority,
    }).then((saved) => {
      if (saved) keepDraft(key, "");
    });
    dialog.current?.close();
  }

  function discard() {
    keepDraft(key, "");
    dialog.current?.close();
  }

  return (
    <dialog
      ref={dialog}
      aria-labelledby="edit-heading"
      className="sheet"
      onClose={onClose}
      onCancel={() => {
        keepDraft(key, "");
      }}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <h2 id="edit-heading" className="text-xl font-semibold">
          Edit the task
        </h2>
        <div>
          <label htmlFor="edit-title" className="label">
            Title
          </label>
          <input
            id="edit-title"
            required
            maxLength={LONGEST_TITLE}
            className="field"
            value={draft.title}
            onChange={(event) => {
              change({ title: event.target.value });
            }}
          />
        </div>
        <div>
          <label htmlFor="edit-description" className="label">
            Notes
          </label>
          <textarea
            id="edit-description"
            rows={4}
            maxLength={LONGEST_DESCRIPTION}
            className="field block py-2.5"
            value={draft.description}
            onChange={(event) => {
              change({ description: event.target.value });
            }}
          />
        </div>
        <div className="grid grid-cols-2 gap-3">
          <div>
            <label htmlFor="edit-day" className="label">
              Due
            </label>
            <input
              id="edit-day"
              type="date"
              className="field px-2.5"
              value={draft.day}
              onChange={(event) => {
                change({ day: event.target.value });
              }}
            />
          </div>
          <div>
            <label htmlFor="edit-time" className="label">
              Time
            </label>
            <input
              id="edit-time"
              type="time"
              className="field px-2.5"
              value={draft.time}
              disabled={draft.day === ""}
              onChange={(event) => {
                change({ time: event.target.value });
              }}
            />
          </div>
        </div>
        <div>
          <label htmlFor="edit-priority" className="label">
            Priority
          </label>
          <PrioritySelect
            id="edit-priority"
            className="field"
            value={draft.priority}
            onChange={(priority) => {
              change({ priority });
            }}
          />
        </div>
        <div className="flex flex-wrap gap-2 pt-2">
          <button
            type="button"
            className="button-bad mr-auto min-h-11"
            onClick={() => {
              discard();
              onDelete(task);
            }}
          >
            Delete
          </button>
          <button type="button" className="button-quiet min-h-11" onClick={discard}>
            Cancel
          </button>
          <button type="submit" className="button">
            Save
          </button>
        </div>
      </form>
    </dialog>
  );
}

function asTyped({ title, description, due_at, priority }: Task): Draft {
  const due = due_at === null ? undefined : new Date(due_at);
  return {
    title,
    description: description ?? "",
    day: due === undefined ? "" : dayOf(due),
    time: due === undefined ? "" : timeOf(due),
    priority,
  };
}

function keptDraft(key: string): Partial<Draft> {
  const kept = readDraft(key);
  return kept === "" ? {} : (JSON.parse(kept) as Partial<Draft>);
}
