import { useState } from "react";
import { Icon } from "@/components/icon";
import { Isolated } from "@/components/isolated";
import { DueMark } from "@/features/tasks/due-mark";
import { tasksIn, type TaskResult } from "./tool-result";
import { describeToolCall } from "./tool-words";
import type { ToolCall } from "./api";

/** One tool call: what it did, and on request the tasks it was about and what exactly was asked. */
export function ToolCallView({ call }: { call: ToolCall }) {
  const failed = typeof call.error === "string";
  const running = call.result === undefined && !failed;
  const tasks = tasksIn(call.result);
  return (
    <details className="rounded-xl border border-line text-sm">
      <summary className="flex min-h-9 cursor-pointer items-center gap-2 rounded-xl px-3 text-ink-soft hover:text-ink">
        <Icon
          name={failed ? "warning" : running ? "tool" : "check"}
          className={`size-4 ${failed ? "text-bad" : "text-accent"} ${running ? "animate-pulse" : ""}`}
        />
        <span className="min-w-0 wrap-anywhere">
          <Isolated text={describeToolCall(call)} />
        </span>
      </summary>
      <div className="space-y-2 border-t border-line px-3 py-2">
        {tasks.length > 0 && <TaskResults tasks={tasks} />}
        <dl className="space-y-2">
          <Part name="Tool" text={call.name} />
          <Part name="Asked" text={written(call.arguments)} />
          {failed && <Part name="Problem" text={call.error ?? ""} />}
          {!failed && !running && tasks.length === 0 && (
            <Part name="Answered" text={written(call.result)} />
          )}
        </dl>
      </div>
    </details>
  );
}

function TaskResults({ tasks }: { tasks: readonly TaskResult[] }) {
  const [now] = useState(() => new Date());
  return (
    <ul aria-label="Tasks" className="divide-y divide-line">
      {tasks.map((task) => (
        <li key={task.id} className="flex items-start gap-2 py-1.5">
          <span
            aria-hidden="true"
            className={`task-check scale-75 ${task.completed ? "task-check-done" : ""}`}
          />
          <span className="min-w-0 flex-1 wrap-anywhere">
            <span
              dir="auto"
              className={`block ${task.completed ? "text-ink-soft line-through" : ""}`}
            >
              {task.title}
            </span>
            {task.completed && <span className="sr-only">Done. </span>}
            <DueMark due={task} completed={task.completed} now={now} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Part({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt className="font-medium">{name}</dt>
      <dd dir="auto" className="font-mono text-xs whitespace-pre-wrap wrap-anywhere">
        {text}
      </dd>
    </div>
  );
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}
