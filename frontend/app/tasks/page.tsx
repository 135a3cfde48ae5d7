import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Wordmark } from "@/components/wordmark";
import { KeepSession } from "@/features/session/keep-session";
import { SignOutButton } from "@/features/session/sign-out-button";
import { TaskBoard } from "@/features/tasks/task-board";
import { QueryProvider } from "@/features/wire/query-provider";
import { currentSession } from "@/server/current-session";

export const metadata: Metadata = { title: "Your tasks" };

export default async function TasksPage() {
  const session = await currentSession();
  if (session === undefined) redirect("/sign-in");
  return (
    <div className="mx-auto min-h-dvh max-w-2xl px-4 pt-5 pb-16 sm:px-6 sm:pt-8">
      <header className="flex items-center justify-between gap-4">
        <Wordmark />
        <div className="flex min-w-0 items-center gap-3">
          <span className="truncate text-sm text-ink-soft">{session.email}</span>
          <div className="flex-none">
            <SignOutButton />
          </div>
        </div>
      </header>
      <main className="mt-10 sm:mt-14">
        <h1 className="mb-5 text-3xl font-semibold tracking-tight">Your tasks</h1>
        <QueryProvider>
          <KeepSession />
          <TaskBoard userId={session.userId} />
        </QueryProvider>
      </main>
    </div>
  );
}
