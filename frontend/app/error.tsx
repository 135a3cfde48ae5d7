"use client";

/** Shown when a page breaks; the rest of the site still works. */
export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-5">
      <h1 className="text-3xl font-semibold tracking-tight">That did not work</h1>
      <p className="mt-3 mb-6 text-ink-soft">
        The page ran into an error of its own. Nothing that you saved is lost.
      </p>
      <p>
        <button type="button" className="button" onClick={reset}>
          Try again
        </button>
      </p>
    </main>
  );
}
