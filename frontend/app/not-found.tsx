export default function NotFoundPage() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-5">
      <h1 className="text-3xl font-semibold tracking-tight">Nothing here</h1>
      <p className="mt-3 mb-6 text-ink-soft">This address leads to no page.</p>
      <p>
        <a href="/" className="button">
          Go to the start
        </a>
      </p>
    </main>
  );
}
