import Link from "next/link";
import { redirect } from "next/navigation";
import { Wordmark } from "@/components/wordmark";
import { currentSession } from "@/server/current-session";

/** The first page. Probes ask for it too: without a cookie it is 200 and needs no back end. */
export default async function WelcomePage() {
  if ((await currentSession()) !== undefined) redirect("/tasks");
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-5 py-8">
      <header className="flex items-center justify-between">
        <Wordmark />
        <Link href="/sign-in" className="button-quiet">
          Sign in
        </Link>
      </header>
      <main className="my-auto grid items-center gap-12 py-14 md:grid-cols-2">
        <div>
          <h1 className="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">
            Write it down. Tick it off.
          </h1>
          <p className="mt-5 max-w-md text-lg text-ink-soft">
            Your tasks in one calm place: quick to add, easy to finish, there on every device.
          </p>
          <Link href="/sign-up" className="button mt-8">
            Create an account
          </Link>
        </div>
        <Picture />
      </main>
    </div>
  );
}

/** What the list looks like, drawn with the same pieces; decoration only. */
function Picture() {
  const rows = [
    ["Call the plumber about the tap", false],
    ["Book train tickets to Lisbon", false],
    ["Water the plants", true],
  ] as const;
  return (
    <ul
      aria-hidden="true"
      className="divide-y divide-line rounded-2xl border border-line bg-surface px-5 py-2 shadow-[0_20px_50px_-30px_rgb(0_0_0/0.35)]"
    >
      {rows.map(([title, done]) => (
        <li key={title} className="flex items-center gap-4 py-4">
          <span className={`task-check ${done ? "task-check-done" : ""}`} />
          <span className={done ? "text-ink-soft line-through" : ""}>{title}</span>
        </li>
      ))}
    </ul>
  );
}
