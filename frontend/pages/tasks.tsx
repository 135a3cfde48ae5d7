import type { GetServerSideProps } from "next";
import { Assistant, AssistantButton } from "@/features/assistant/assistant-toggle";
import { useAssistantToggle } from "@/features/assistant/use-assistant-toggle";
import { SignedInPage } from "@/features/shell/signed-in-page";
import { ClockProvider, type FirstClock } from "@/features/tasks/clock";
import { TaskBoard } from "@/features/tasks/task-board";
import type { FirstTasks } from "@/features/tasks/task-list";
import { readFilters, type Filters } from "@/features/tasks/views";
import { signedIn } from "@/server/current-session";
import { firstTasks } from "@/server/first-tasks";
import { timeZoneOf } from "@/server/time-zone";
import type { Page } from "./_app";

interface TasksPageProps extends Page {
  userId: string;
  clock: FirstClock;
  /** Null when the back end did not give them. */
  tasks: FirstTasks | null;
  firstFilters: Filters;
  assistantOpen: boolean;
}

export default function TasksPage({
  userId,
  clock,
  tasks,
  firstFilters,
  assistantOpen,
}: TasksPageProps) {
  const { open, asked, set, reach } = useAssistantToggle(assistantOpen);
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
          <ClockProvider first={clock}>
            <TaskBoard
              userId={userId}
              firstTasks={tasks ?? undefined}
              firstFilters={firstFilters}
              onAskAssistant={reach}
            />
          </ClockProvider>
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
  const { req, query } = context;
  const zone = timeZoneOf(req);
  return {
    props: {
      title: "Your tasks",
      userId: who.userId,
      clock: { now: new Date().toISOString(), zone },
      tasks: (await firstTasks({ ...who, zone })) ?? null,
      firstFilters: readFilters(query),
      assistantOpen: "assistant" in query,
    },
  };
};
