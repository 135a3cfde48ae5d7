export default function NotFoundPage() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-5">
      <h1 className="text-3xl font-semibold tracking-tight">Nothing here</h1>
      <p className="mt-3 mb-6 text-ink-soft">This address leads to no page.</p>
      <p>
        {/* Not next/link: this page is part of every page, and that would be 3 kB of script on each. */}
        {/* eslint-disable-next-line @next/next/no-html-link-for-pages -- as said above */}
        <a href="/" className="button">
          Go to the start
        </a>
      </p>
    </main>
  );
}
