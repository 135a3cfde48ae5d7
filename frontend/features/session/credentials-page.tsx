import Link from "next/link";
import { Wordmark } from "@/components/wordmark";
import { CredentialsForm } from "./credentials-form";
import type { Mode } from "./session";

/** The frame of the sign-in and sign-up pages. */
export function CredentialsPage({
  mode,
  title,
  note,
}: {
  mode: Mode;
  title: string;
  note?: string | undefined;
}) {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-sm flex-col px-5 py-8">
      <header>
        <Link href="/" className="inline-block rounded-md">
          <Wordmark />
        </Link>
      </header>
      <main className="my-auto py-10">
        <h1 className="mb-6 text-3xl font-semibold tracking-tight">{title}</h1>
        {note !== undefined && <p className="notice mb-6">{note}</p>}
        <CredentialsForm mode={mode} />
      </main>
    </div>
  );
}
