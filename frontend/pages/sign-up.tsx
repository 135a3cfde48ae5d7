import type { GetServerSideProps } from "next";
import { CredentialsPage } from "@/features/session/credentials-page";
import { seemsSignedIn } from "@/server/current-session";
import type { Page } from "./_app";

export default function SignUpPage() {
  return <CredentialsPage mode="sign-up" title="Create your account" note={null} next="/tasks" />;
}

export const getServerSideProps: GetServerSideProps<Page> = (context) =>
  Promise.resolve(
    seemsSignedIn(context)
      ? { redirect: { destination: "/tasks", permanent: false } }
      : { props: { title: "Create an account" } },
  );
