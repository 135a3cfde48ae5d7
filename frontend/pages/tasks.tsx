import type { GetServerSideProps } from "next";
import { Assistant, AssistantButton } from "@/features/assistant/assistant-toggle";
import { useAssistantToggle } from "@/features/assistant/use-assistant-toggle";
import { SignedInPage } from "@/features/shell/signed-in-page";
import { TaskBoard } from "@/features/tasks/task-board";
import { readFilters, type Filters } from "@/features/tasks/views";
import { signedIn } from "@/server/current-session";
import type { Page } from "./_app";

interface TasksPageProps extends Page {
  userId: string;
  firstFilters: Filters;
  assistantOpen: boolean;
}

export default function TasksPage({ userId, firstFilters, assistantOpen }: TasksPageProps) {
  const { open, asked, set } = useAssistantToggle(assistantOpen);
  return (
    <div className={open ? "lg:pr-104" : ""} data-assistant={open ? "" : undefined}>
      <SignedInPage
        current="tasks"
        assistant={
          <AssistantButton
            open={open}
            onToggle={() => {
              set(!open);
            }}
          />
        }
      >
        <main className="mx-auto min-h-dvh max-w-2xl px-4 pt-6 pb-40 sm:px-6 sm:pt-10">
          <h1 className="mb-4 text-3xl font-semibold tracking-tight">Your tasks</h1>
          <TaskBoard userId={userId} firstFilters={firstFilters} />
        </main>
        {open && (
          <Assistant
            userId={userId}
            asked={asked}
            onClose={() => {
              set(false);
            }}
          />
        )}
      </SignedInPage>
    </div>
  );
}

export const getServerSideProps: GetServerSideProps<TasksPageProps> = async (context) => {
  const who = await signedIn(context);
  if ("redirect" in who) return who;
  const { query } = context;
  return {
    props: {
      title: "Your tasks",
      userId: who.userId,
      firstFilters: readFilters(query),
      assistantOpen: "assistant" in query,
    },
  };
};
