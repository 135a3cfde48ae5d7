import { Wordmark } from "@/components/wordmark";
import { CredentialsForm } from "./credentials-form";
import type { Mode } from "./session";

/** The frame of the sign-in and sign-up pages. */
export function CredentialsPage({
  mode,
  title,
  note,
  next,
}: {
  mode: Mode;
  title: string;
  /** Why somebody is here, if there is anything to say. */
  note: string | null;
  /** The page that follows. */
  next: string;
}) {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-sm flex-col px-5 py-8">
      <header>
        <a href="/" className="inline-block rounded-md">
          <Wordmark />
        </a>
      </header>
      <main className="my-auto py-10">
        <h1 className="mb-6 text-3xl font-semibold tracking-tight">{title}</h1>
        {note !== null && <p className="notice mb-6">{note}</p>}
        <CredentialsForm mode={mode} next={next} />
      </main>
    </div>
  );
}
