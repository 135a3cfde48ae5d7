import type { GetServerSideProps } from "next";
import { CredentialsPage } from "@/features/session/credentials-page";
import { noteWithoutScript, seemsSignedIn } from "@/server/current-session";
import { safeRedirect } from "@/server/safe-redirect";
import type { Page } from "./_app";

interface SignInPageProps extends Page {
  note: string | null;
  next: string;
}

export default function SignInPage({ note, next }: SignInPageProps) {
  return <CredentialsPage mode="sign-in" title="Welcome back" note={note} next={next} />;
}

export const getServerSideProps: GetServerSideProps<SignInPageProps> = (context) => {
  const { query } = context;
  const next = safeRedirect(query.next);
  if (seemsSignedIn(context)) {
    return Promise.resolve({ redirect: { destination: next, permanent: false } });
  }
  const note = noteWithoutScript(context) ?? noteOf(query);
  return Promise.resolve({ props: { title: "Sign in", note, next } });
};

function noteOf(query: Record<string, unknown>): string | null {
  if ("ended" in query) return "Your session has ended. Sign in to go on where you were.";
  if ("everywhere" in query) return "You are signed out everywhere.";
  if ("deleted" in query) return "Your account and everything in it is gone.";
  return null;
}
