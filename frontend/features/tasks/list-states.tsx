/** What stands in the list's place when there is no list to show. */

export function TasksLoading() {
  return (
    <div className="mt-6" role="status">
      <span className="sr-only">Loading your tasks…</span>
      <div
        aria-hidden="true"
        className="divide-y divide-line rounded-2xl border border-line bg-surface px-4 sm:px-5"
      >
        {["w-2/3", "w-1/2", "w-3/5"].map((width) => (
          <div key={width} className="flex items-center gap-4 py-3.5">
            <span className="task-check" />
            <span className={`h-6 animate-pulse rounded-md bg-line ${width}`} />
          </div>
        ))}
      </div>
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

export function TasksFailed({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <div role="alert" className="notice-bad mt-6">
      <h2 className="font-semibold">Your tasks could not be loaded</h2>
      <p className="mt-1">{reason}</p>
      <button type="button" className="button-quiet mt-3" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
