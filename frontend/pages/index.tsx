import type { GetServerSideProps } from "next";
import { Wordmark } from "@/components/wordmark";
import { seemsSignedIn } from "@/server/current-session";

/** The first page. Probes ask for it too: without a cookie it is 200 and needs no back end. */
export default function WelcomePage() {
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-5 py-8">
      <header className="flex items-center justify-between">
        <Wordmark />
        <a href="/sign-in" className="button-quiet">
          Sign in
        </a>
      </header>
      <main className="my-auto grid items-center gap-12 py-14 md:grid-cols-2">
        <div>
          <h1 className="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">
            Write it down. Tick it off.
          </h1>
          <p className="mt-5 max-w-md text-lg text-ink-soft">
            Your tasks in one calm place: quick to add, easy to finish, there on every device. And
            an assistant that does the typing for you.
          </p>
          <a href="/sign-up" className="button mt-8">
            Create an account
          </a>
        </div>
        <Picture />
      </main>
    </div>
  );
}

/** What the list looks like, drawn with the same pieces; decoration only. */
function Picture() {
  const rows = [
    ["Call the plumber about the tap", "Today", false],
    ["Book train tickets to Lisbon", "Friday", false],
    ["Water the plants", "", true],
  ] as const;
  return (
    <div aria-hidden="true">
      <p className="mb-3 ml-auto w-fit rounded-2xl rounded-br-md bg-accent-wash px-4 py-2.5">
        Add: book train tickets to Lisbon, by Friday
      </p>
      <ul className="divide-y divide-line rounded-2xl border border-line bg-surface px-5 py-2 shadow-float">
        {rows.map(([title, due, done]) => (
          <li key={title} className="flex items-center gap-4 py-4">
            <span className={`task-check ${done ? "task-check-done" : ""}`} />
            <span className={`flex-1 ${done ? "text-ink-soft line-through" : ""}`}>{title}</span>
            <span className="text-sm text-ink-soft">{due}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export const getServerSideProps: GetServerSideProps = (context) =>
  Promise.resolve(
    seemsSignedIn(context)
      ? { redirect: { destination: "/tasks", permanent: false } }
      : { props: {} },
  );
