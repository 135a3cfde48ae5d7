import { useEffect, useRef, useState } from "react";
import { excessOf, LengthNote } from "@/components/length-note";
import { draftKey, keepDraft, readDraft } from "@/features/session/draft";
import { ApiError } from "@/features/api/api-fetch";
import { ClashNotice } from "./clash-notice";
import { FIRST_DAY, LAST_DAY } from "./due";
import { PrioritySelect } from "./priority";
import { fetchTask, LONGEST_DESCRIPTION, LONGEST_TITLE, type Task, type TaskFields } from "./task";
import {
  asTyped,
  changed,
  clashes,
  fieldsOf,
  isEmpty,
  keptOver,
  NO_EDIT,
  readEdit,
  without,
  type Part,
  type TaskEdit,
  type Typed,
} from "./task-edit";

interface TaskEditorProps {
  userId: string;
  /** As the list has it now: it may change while somebody edits. */
  task: Task;
  /** Resolves to whether the server took it. */
  onSave: (task: Task, fields: Partial<TaskFields>) => Promise<boolean>;
  onDelete: (task: Task) => void;
  onClose: () => void;
}

/** Where a clash of two changes is shown; the focus goes there. */
const clashId = (part: Part) => `clash-${part}`;

/** A dialog for all of one task. What is typed is kept until the server has taken it. */
export default function TaskEditor({ userId, task, onSave, onDelete, onClose }: TaskEditorProps) {
  const key = draftKey(userId, `task ${task.id}`);
  const [edit, setEdit] = useState(() => readEdit(readDraft(key)));
  const [isKeptDraft, setKeptDraft] = useState(() => !isEmpty(edit));
  const [problem, setProblem] = useState<string>();
  const [checking, setChecking] = useState(false);
  const [titleMissing, setTitleMissing] = useState(false);
  const [newest, setNewest] = useState({ since: task, task });
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // Not what stands before it: a draft that was kept can be discarded there.
    document.getElementById("edit-title")?.focus();
  }, []);

  // The list may have heard of a change since the server was asked here.
  const current = newest.since === task ? newest.task : task;
  const before = asTyped(current);
  const typed: Typed = { ...before, ...edit.now };
  const clashing = clashes(edit, before);

  function keep(next: TaskEdit) {
    setEdit(next);
    keepDraft(key, isEmpty(next) ? "" : JSON.stringify(next));
  }

  function change(part: Part, values: Partial<Typed>) {
    setProblem(undefined);
    setTitleMissing(false);
    keep(changed(edit, before, part, values));
  }

  async function save(form: HTMLFormElement) {
    const wrong = firstWrong(form, typed);
    if (wrong !== undefined) {
      setTitleMissing(typed.title.trim() === "");
      setProblem(wrong.problem);
      wrong.field.focus();
      return;
    }
    if (isEmpty(edit)) {
      dialog.current?.close();
      return;
    }
    setChecking(true);
    const found = await look();
    setChecking(false);
    if (found === undefined) return;
    const [clash] = clashes(edit, asTyped(found));
    if (clash !== undefined) {
      setProblem("This task was changed elsewhere meanwhile. Choose what shall count.");
      // Shown in the next frame, if it was not there before.
      requestAnimationFrame(() => {
        document.getElementById(clashId(clash))?.focus();
      });
      return;
    }
    void onSave(found, fieldsOf(edit)).then((saved) => {
      if (saved) keepDraft(key, "");
    });
    dialog.current?.close();
  }

  /** The task as it is at the server; undefined when it is gone. */
  async function look(): Promise<Task | undefined> {
    try {
      const found = await fetchTask(userId, task.id);
      setNewest({ since: task, task: found });
      return found;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) {
        setProblem("This task was deleted elsewhere meanwhile, so it cannot be saved.");
        return undefined;
      }
      // Saving will not work either, and says so in the list; the draft stays.
      return current;
    }
  }

  function discard() {
    keep(NO_EDIT);
    dialog.current?.close();
  }

  const clash = (part: Part) =>
    clashing.includes(part) && (
      <ClashNotice
        id={clashId(part)}
        part={part}
        theirs={before}
        onTake={() => {
          setProblem(undefined);
          keep(without(edit, part));
        }}
        onKeep={() => {
          setProblem(undefined);
          keep(keptOver(edit, before, part));
        }}
      />
    );

  return (
    <dialog
      ref={dialog}
      aria-labelledby="edit-heading"
      className="sheet"
      onClose={onClose}
      onCancel={() => {
        keep(NO_EDIT);
      }}
    >
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!checking) void save(event.currentTarget);
        }}
      >
        <h2 id="edit-heading" className="text-xl font-semibold">
          Edit the task
        </h2>
        {isKeptDraft && (
          <div className="notice flex flex-wrap items-center gap-3">
            <p className="min-w-40 flex-1">These are changes of yours that were not saved yet.</p>
            <button
              type="button"
              className="button-quiet"
              onClick={() => {
                keep(NO_EDIT);
                setKeptDraft(false);
                document.getElementById("edit-title")?.focus();
              }}
            >
              Discard
            </button>
          </div>
        )}
        <div>
          <label htmlFor="edit-title" className="label">
            Title
          </label>
          <input
            id="edit-title"
            dir="auto"
            required
            aria-invalid={titleMissing || excessOf(typed.title, LONGEST_TITLE) > 0}
            aria-describedby="edit-title-length edit-problem"
            className="field"
            value={typed.title}
            onChange={(event) => {
              change("title", { title: event.target.value });
            }}
          />
          <LengthNote id="edit-title-length" text={typed.title.trim()} longest={LONGEST_TITLE} />
          {clash("title")}
        </div>
        <div>
          <label htmlFor="edit-description" className="label">
            Notes
          </label>
          <textarea
            id="edit-description"
            dir="auto"
            rows={4}
            aria-invalid={excessOf(typed.description.trim(), LONGEST_DESCRIPTION) > 0}
            aria-describedby="edit-description-length"
            className="field block py-2.5"
            value={typed.description}
            onChange={(event) => {
              change("description", { description: event.target.value });
            }}
          />
          <LengthNote
            id="edit-description-length"
            text={typed.description.trim()}
            longest={LONGEST_DESCRIPTION}
          />
          {clash("description")}
        </div>
        <div>
          <div className="grid grid-cols-2 gap-3">
            <div>
              <label htmlFor="edit-day" className="label">
                Due
              </label>
              <input
                id="edit-day"
                type="date"
                min={FIRST_DAY}
                max={LAST_DAY}
                className="field px-2.5"
                value={typed.day}
                onChange={(event) => {
                  change("due", { day: event.target.value });
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
                value={typed.time}
                disabled={typed.day === ""}
                onChange={(event) => {
                  change("due", { time: event.target.value });
                }}
              />
            </div>
          </div>
          {clash("due")}
        </div>
        <div>
          <label htmlFor="edit-priority" className="label">
            Priority
          </label>
          <PrioritySelect
            id="edit-priority"
            className="field"
            value={typed.priority}
            onChange={(priority) => {
              change("priority", { priority });
            }}
          />
          {clash("priority")}
        </div>
        <div id="edit-problem" role="alert">
          {problem !== undefined && <p className="notice-bad">{problem}</p>}
        </div>
        <div className="flex flex-wrap gap-2 pt-2">
          <button
            type="button"
            className="button-bad mr-auto min-h-11"
            onClick={() => {
              discard();
              onDelete(current);
            }}
          >
            Delete
          </button>
          <button type="button" className="button-quiet min-h-11" onClick={discard}>
            Cancel
          </button>
          <button type="submit" className="button" aria-disabled={checking}>
            Save
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** The first field that cannot be saved as it is, and why, in words for people. */
function firstWrong(form: HTMLFormElement, { title, description }: Typed) {
  const at = (id: string) => form.elements.namedItem(id) as HTMLInputElement;
  const day = at("edit-day");
  const time = at("edit-time");
  const problems: [HTMLElement, string | false][] = [
    [at("edit-title"), title.trim() === "" && "A task needs a title."],
    [
      at("edit-title"),
      excessOf(title.trim(), LONGEST_TITLE) > 0 &&
        "The title is too long. What is too much may go into the notes.",
    ],
    [
      at("edit-description"),
      excessOf(description.trim(), LONGEST_DESCRIPTION) > 0 && "The notes are too long.",
    ],
    // An input says "" for a date of which only a part is typed: saved, it would remove the date.
    [day, day.validity.badInput && "This date is not complete, or there is no such day."],
    [day, outOfRange(day) && "A date must be between 1970 and 8999."],
    [time, time.validity.badInput && "This time is not complete."],
  ];
  for (const [field, problem] of problems) if (problem !== false) return { field, problem };
  return undefined;
}

function outOfRange({ validity }: HTMLInputElement): boolean {
  return validity.rangeUnderflow || validity.rangeOverflow;
}
