import { Icon } from "@/components/icon";
import type { LiveTurn } from "./chat-state";
import { Markdown } from "./markdown";
import { ToolCallView } from "./tool-call-view";
import type { Message, ToolCall } from "./api";

export function MessageView({ message }: { message: Message }) {
  if (message.role === "user") return <UserMessage text={message.content} />;
  return (
    <AssistantMessage text={message.content} tools={message.tool_calls}>
      {message.status !== "done" && (
        <p className="text-sm text-ink-soft">
          {message.status === "stopped" ? "Stopped here." : "This answer was not completed."}
        </p>
      )}
    </AssistantMessage>
  );
}

/** The turn under way. Its text grows; screen readers get it once it is complete. */
export function LiveTurnView({ live, onRetry }: { live: LiveTurn; onRetry: () => void }) {
  const { turn, text, tools, problem } = live;
  return (
    <>
      {turn.message !== undefined && <UserMessage text={turn.message} />}
      <AssistantMessage text={text} tools={tools}>
        {problem === undefined && text === "" && <TypingIndicator />}
      </AssistantMessage>
      {problem !== undefined && (
        <div role="alert" className="notice-bad mt-3">
          <p className="flex items-start gap-2">
            <Icon name="warning" className="mt-0.5" />
            <span className="min-w-0 wrap-anywhere">{problem.detail}</span>
          </p>
          {problem.retryable && (
            <button type="button" className="button-quiet mt-3" onClick={onRetry}>
              Try again
            </button>
          )}
        </div>
      )}
    </>
  );
}

function UserMessage({ text }: { text: string }) {
  return (
    <div className="mt-5 flex justify-end pl-10">
      <p className="rounded-2xl rounded-br-md bg-accent-wash px-4 py-2.5 whitespace-pre-line wrap-anywhere">
        <span className="sr-only">You: </span>
        <span dir="auto" className="inline-block">
          {text}
        </span>
      </p>
    </div>
  );
}

function AssistantMessage({
  text,
  tools,
  children,
}: {
  text: string;
  tools: readonly ToolCall[];
  children: React.ReactNode;
}) {
  return (
    <div className="mt-4 space-y-2.5 pr-4">
      <span className="sr-only">Assistant: </span>
      {tools.map((call) => (
        <ToolCallView key={call.id} call={call} />
      ))}
      {text !== "" && <Markdown text={text} />}
      {children}
    </div>
  );
}

function TypingIndicator() {
  return (
    <p className="flex h-6 items-center gap-1" aria-hidden="true">
      <span className="size-2 animate-pulse rounded-full bg-edge" />
      <span className="size-2 animate-pulse rounded-full bg-edge [animation-delay:150ms]" />
      <span className="size-2 animate-pulse rounded-full bg-edge [animation-delay:300ms]" />
    </p>
  );
}
