import { useRef, useState, type ReactNode } from "react";
import { Isolated } from "@/components/isolated";
import { excessOf, LengthNote, lengthOf } from "@/components/length-note";
import { useDraft } from "@/features/session/draft";
import { describeDue, dueDay, dueFrom, FIRST_DAY, LAST_DAY, NOT_DUE } from "./due";
import { PrioritySelect } from "./priority";
import type { QuickEntry } from "./quick-entry";
import { LONGEST_TITLE, type Priority, type TaskFields } from "./task";
import { literally, useQuickEntry } from "./use-quick-entry";

/** The field in which a task is written down. It has this id, so that focus can return to it. */
export const NEW_TASK_FIELD = "new-task";

/** What was chosen beside the words; undefined: what the words say counts. */
interface Chosen {
  /** `YYYY-MM-DD`; empty for no date at all. */
  day?: string | undefined;
  priority?: Priority | undefined;
}

interface NewTaskProps {
  userId: string;
  /** The day that a new task gets when nothing else is said, `YYYY-MM-DD` or empty. */
  usualDay: () => string;
  /** Calls `putBack` if the task was not kept: it says whether its words are back in the field. */
  onAdd: (fields: TaskFields, putBack: () => boolean) => Promise<void>;
}

/** The field for new tasks. Each line of it is one. */
export function NewTask({ userId, usualDay, onAdd }: NewTaskProps) {
  const [text, setText] = useDraft(userId, "new task");
  const [chosen, setChosen] = useState<Chosen>({});
  /** The words that were kept as they are; what is written past them is still meant so. */
  const [kept, setKept] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const adding = useRef(false);
  const newest = useRef(text);
  const quick = useQuickEntry(text !== "");

  const lines = linesOf(text);
  const isLiteral = kept !== undefined && text.startsWith(kept);
  const entries = lines.map((line) => entryOf(line, quick.read));
  const [first] = entries;
  const fields = first === undefined ? undefined : fieldsOf(first);
  const day = chosen.day ?? (fields === undefined ? "" : dueDay(fields));
  const priority = chosen.priority ?? fields?.priority ?? "medium";

  function entryOf(line: string, read: (line: string, now: Date) => QuickEntry): QuickEntry {
    if (isLiteral) return literally(line);
    const entry = read(line, new Date());
    return chosen.day === "" ? { ...entry, title: entry.undated } : entry;
  }

  function fieldsOf(entry: QuickEntry): TaskFields {
    const due = chosen.day !== undefined ? dueFrom(chosen.day) : (entry.due ?? dueFrom(usualDay()));
    return {
      title: entry.title,
      description: null,
      ...due,
      priority: chosen.priority ?? entry.priority ?? "medium",
    };
  }

  function write(next: string) {
    newest.current = next;
    setText(next);
    setProblem(undefined);
    if (kept !== undefined && !next.startsWith(kept)) setKept(undefined);
    // What was said last counts: a date that is typed after one was chosen.
    const before = first ?? NO_ENTRY;
    const [line] = linesOf(next);
    const after = line === undefined ? NO_ENTRY : quick.read(line, new Date());
    if (isNews(before.due, after.due)) setChosen((now) => ({ ...now, day: undefined }));
    if (isNews(before.priority, after.priority)) {
      setChosen((now) => ({ ...now, priority: undefined }));
    }
  }

  async function add() {
    if (adding.current || lines.length === 0) return;
    const long = lines.find((line) => excessOf(titleOf(line), LONGEST_TITLE) > 0);
    if (long !== undefined) {
      setProblem(
        lines.length === 1
          ? "This is too long for a title. Shorten it; the rest may go into the task's notes."
          : `One line is too long for a title: “${long.slice(0, 40)}…”`,
      );
      focusField();
      return;
    }
    adding.current = true;
    const read = await quick.ready();
    adding.current = false;
    const wanted = lines.map((line) => ({ line, fields: fieldsOf(entryOf(line, read)) }));
    write("");
    setChosen({});
    setKept(undefined);
    // The newest stands first in the list, and the lines stay in their order.
    for (const { line, fields: each } of wanted.toReversed()) {
      void onAdd(each, () => putBack(line, chosen));
    }
  }

  /** Into the field, unless something else stands there by now. */
  function putBack(line: string, choice: Chosen): boolean {
    const standing = linesOf(newest.current);
    if (standing.some((each) => !lines.includes(each))) return false;
    write([line, ...standing].join("\n"));
    setChosen(choice);
    if (isLiteral) setKept(newest.current);
    return true;
  }

  function titleOf(line: string): string {
    return entryOf(line, quick.read).title;
  }

  const longest = lines
    .map(titleOf)
    .reduce((one, other) => (lengthOf(other) > lengthOf(one) ? other : one), "");

  return (
    <form
      className="card p-3 focus-within:border-edge"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <div className="flex items-start gap-2">
        <label htmlFor={NEW_TASK_FIELD} className="sr-only">
          New task
        </label>
        <textarea
          id={NEW_TASK_FIELD}
          dir="auto"
          rows={1}
          value={text}
          onFocus={() => void quick.ready()}
          onChange={(event) => {
            write(event.target.value);
          }}
          onKeyDown={(event) => {
            // With Shift it begins another line; while a word is being composed it ends that.
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void add();
          }}
          placeholder="What needs doing?"
          aria-invalid={problem !== undefined}
          aria-describedby="new-task-problem new-task-length new-task-hint"
          autoComplete="off"
          enterKeyHint="done"
          className="field-sizing-content max-h-60 min-h-11 min-w-0 flex-1 resize-none rounded-lg bg-transparent px-2 py-2 text-lg leading-7"
        />
        <button type="submit" className="button">
          {lines.length > 1 ? `Add ${lines.length} tasks` : "Add"}
        </button>
      </div>
      <div id="new-task-problem" role="alert">
        {problem !== undefined && (
          <p className="notice-bad mt-2">
            <Isolated text={problem} />
          </p>
        )}
      </div>
      <div className="px-1">
        <LengthNote id="new-task-length" text={longest} longest={LONGEST_TITLE} />
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <input
          type="date"
          aria-label={`Due date of the new ${lines.length > 1 ? "tasks" : "task"}`}
          className="field-small"
          min={FIRST_DAY}
          max={LAST_DAY}
          value={day}
          onChange={(event) => {
            setChosen({ ...chosen, day: event.target.value });
          }}
        />
        <PrioritySelect
          label={`Priority of the new ${lines.length > 1 ? "tasks" : "task"}`}
          className="field-small"
          value={priority}
          onChange={(next) => {
            setChosen({ ...chosen, priority: next });
          }}
        />
        <p id="new-task-hint" className="min-w-0 flex-1 basis-48 px-1 text-sm text-ink-soft">
          {hint()}
        </p>
      </div>
    </form>
  );

  function hint(): ReactNode {
    if (first === undefined || fields === undefined) return "Try “Pay the rent friday !high”";
    if (lines.length > 1) {
      return (
        <>
          Each line becomes a task.{" "}
          <HintButton
            onClick={() => {
              write(lines.join(" "));
            }}
          >
            Make it one
          </HintButton>
        </>
      );
    }
    const due = describeDue(fields, new Date());
    if (first.problem !== undefined) return <Isolated text={first.problem} />;
    if (first.unsure !== undefined && due === undefined) {
      const { words, day: meant } = first.unsure;
      const when = describeDue({ ...NOT_DUE, due_date: meant }, new Date());
      return (
        <>
          <bdi>“{words}”</bdi> stays in the title.{" "}
          <HintButton
            onClick={() => {
              setChosen({ ...chosen, day: meant });
            }}
          >
            Due <bdi>{when?.words}</bdi>
          </HintButton>
        </>
      );
    }
    const takesWords = first.title !== literally(text).title;
    if (!takesWords && due === undefined) return "Try “Pay the rent friday !high”";
    return (
      <>
        <span className="wrap-anywhere">
          Adds <bdi>“{first.title}”</bdi>
          {due !== undefined && (
            <>
              , due <bdi>{due.words}</bdi>
            </>
          )}
          .
        </span>{" "}
        {takesWords && (
          <HintButton
            onClick={() => {
              setKept(text);
              setChosen({});
            }}
          >
            Keep all words
          </HintButton>
        )}
      </>
    );
  }
}

const NO_ENTRY: QuickEntry = { title: "", undated: "" };

function HintButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      className="link"
      onClick={() => {
        onClick();
        // The button may be gone with the next letter: the keyboard goes on where one types.
        focusField();
      }}
    >
      {children}
    </button>
  );
}

function focusField(): void {
  document.getElementById(NEW_TASK_FIELD)?.focus();
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Whether the words say something now that they did not say before. */
function isNews(before: unknown, after: unknown): boolean {
  return after !== undefined && JSON.stringify(after) !== JSON.stringify(before);
}
