import type { GetServerSideProps } from "next";
import { CredentialsPage } from "@/features/session/credentials-page";
import { sessionOf } from "@/server/current-session";
import type { Page } from "./_app";

export default function SignUpPage() {
  return <CredentialsPage mode="sign-up" title="Create your account" note={null} next="/tasks" />;
}

export const getServerSideProps: GetServerSideProps<Page> = ({ req }) =>
  Promise.resolve(
    sessionOf(req) === undefined
      ? { props: { title: "Create an account" } }
      : { redirect: { destination: "/tasks", permanent: false } },
  );
