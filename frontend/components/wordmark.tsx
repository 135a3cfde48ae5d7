/** The product's name with its mark, a tick in a circle that is left a little open. */
export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 text-lg font-semibold tracking-tight">
      <svg viewBox="0 0 24 24" className="size-6 text-accent" aria-hidden="true">
        <g fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round">
          <path d="M20.8 9.2A9.3 9.3 0 1 1 16 3.6" />
          <path d="m8 11.8 3.6 3.6L21 5.4" strokeLinejoin="round" />
        </g>
      </svg>
      Todo
    </span>
  );
}
