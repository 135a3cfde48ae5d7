import type { GetServerSideProps } from "next";
import { CredentialsPage } from "@/features/session/credentials-page";
import { noteWithoutScript, seemsSignedIn } from "@/server/current-session";
import type { Page } from "./_app";

interface SignUpPageProps extends Page {
  note: string | null;
}

export default function SignUpPage({ note }: SignUpPageProps) {
  return <CredentialsPage mode="sign-up" title="Create your account" note={note} next="/tasks" />;
}

export const getServerSideProps: GetServerSideProps<SignUpPageProps> = (context) =>
  Promise.resolve(
    seemsSignedIn(context)
      ? { redirect: { destination: "/tasks", permanent: false } }
      : { props: { title: "Create an account", note: noteWithoutScript(context) } },
  );
