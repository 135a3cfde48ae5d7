/** What stands in the list's place when there is no list to show. */
import { useEffect, useState } from "react";
import type { View } from "./views";

/** Milliseconds after which waiting needs a word. */
const SLOW = 5_000;

export function TasksLoading() {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSlow(true);
    }, SLOW);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div className="mt-4" role="status">
      <span className="sr-only">Loading your tasks…</span>
      <div aria-hidden="true" className="card divide-y divide-line px-4 sm:px-5">
        {["w-2/3", "w-1/2", "w-3/5"].map((width) => (
          <div key={width} className="flex items-center gap-4 py-3.5">
            <span className="task-check" />
            <span className={`h-6 animate-pulse rounded-md bg-line ${width}`} />
          </div>
        ))}
      </div>
      {slow && <p className="mt-4 text-center text-ink-soft">This takes longer than usual…</p>}
    </div>
  );
}

export function NoTasks() {
  return (
    <div className="mt-10 text-center">
      <svg viewBox="0 0 96 72" className="mx-auto h-20 text-accent" aria-hidden="true">
        <g fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round">
          <rect x="18" y="8" width="60" height="56" rx="10" className="text-edge" />
          <path d="M46 26h20M46 38h14M46 50h17" className="text-edge" />
          <path d="m28 25 3.5 3.5 6-6.5" strokeLinejoin="round" />
          <circle cx="32.5" cy="38" r="3.5" />
          <circle cx="32.5" cy="50" r="3.5" />
        </g>
      </svg>
      <h2 className="mt-5 text-xl font-semibold">A fresh page</h2>
      <p className="mt-1 text-ink-soft">Write down the first thing that is on your mind.</p>
    </div>
  );
}

const NOTHING: Record<View, [heading: string, more: string]> = {
  all: ["Nothing here", "Write down what is on your mind."],
  today: ["Nothing is due today", "Nothing is overdue either. Whatever you add here is due today."],
  upcoming: ["Nothing is coming up", "Tasks with a later due date wait here."],
  done: ["Nothing is done yet", "What you tick off is kept here."],
};

export function NothingInView({ view }: { view: View }) {
  const [heading, more] = NOTHING[view];
  return (
    <div className="mt-12 text-center">
      <h2 className="text-xl font-semibold">{heading}</h2>
      <p className="mt-1 text-ink-soft">{more}</p>
    </div>
  );
}

export function NothingFound({ onShowAll }: { onShowAll: () => void }) {
  return (
    <div className="mt-12 text-center">
      <h2 className="text-xl font-semibold">No task fits</h2>
      <p className="mt-1 mb-4 text-ink-soft">No task here has these words and this priority.</p>
      <button type="button" className="button-quiet" onClick={onShowAll}>
        Clear the search
      </button>
    </div>
  );
}

export function TasksFailed({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <div role="alert" className="notice-bad mt-4">
      <h2 className="font-semibold">Your tasks could not be loaded</h2>
      <p className="mt-1">{reason}</p>
      <button type="button" className="button-quiet mt-3" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
