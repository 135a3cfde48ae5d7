import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { CredentialsPage } from "@/features/session/credentials-page";
import { currentSession } from "@/server/current-session";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  if ((await currentSession()) !== undefined) redirect("/tasks");
  const ended = "ended" in (await searchParams);
  return (
    <CredentialsPage
      mode="sign-in"
      title="Welcome back"
      note={ended ? "Your session has ended. Sign in to go on where you were." : undefined}
    />
  );
}
