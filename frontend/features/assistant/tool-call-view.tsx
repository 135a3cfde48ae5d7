import { Icon } from "@/components/icon";
import { Isolated } from "@/components/isolated";
import { describeToolCall } from "./tool-words";
import type { ToolCall } from "./wire";

/** One tool call: what it did, and on request exactly what was asked and answered. */
export function ToolCallView({ call }: { call: ToolCall }) {
  const failed = typeof call.error === "string";
  const running = call.result === undefined && !failed;
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
      <dl className="space-y-2 border-t border-line px-3 py-2">
        <Part name="Tool" text={call.name} />
        <Part name="Asked" text={written(call.arguments)} />
        {failed && <Part name="Problem" text={call.error ?? ""} />}
        {!failed && !running && <Part name="Answered" text={written(call.result)} />}
      </dl>
    </details>
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
