import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { CredentialsPage } from "@/features/session/credentials-page";
import { currentSession } from "@/server/current-session";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUpPage() {
  if ((await currentSession()) !== undefined) redirect("/tasks");
  return <CredentialsPage mode="sign-up" title="Create your account" />;
}
