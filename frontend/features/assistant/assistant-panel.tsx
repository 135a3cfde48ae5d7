import { useEffect, useRef, useState } from "react";
import { Icon } from "@/components/icon";
import { draftKey, keepDraft, useDraft } from "@/features/session/draft";
import { messageOf } from "@/features/api/api-fetch";
import { useOnline } from "@/features/api/use-online";
import type { ChatState } from "./chat-state";
import { Composer } from "./composer";
import { ConfirmationCard } from "./confirmation-card";
import { ConversationList } from "./conversation-list";
import { LiveTurnView, MessageView } from "./message-view";
import { MESSAGE_FIELD } from "./use-assistant-toggle";
import { useChat } from "./use-chat";
import { usePanel } from "./use-panel";
import { useStayAtEnd } from "./use-stay-at-end";
import { Examples, Welcome } from "./welcome";
import type { Message } from "./api";

interface AssistantPanelProps {
  userId: string;
  /** Whether somebody has just asked for it, so that the keyboard's focus goes there. */
  asked: boolean;
  onClose: () => void;
}

/** The assistant: conversation, what it does, and earlier conversations. */
export default function AssistantPanel({ userId, asked, onClose }: AssistantPanelProps) {
  const [text, setText] = useDraft(userId, "message");
  const chat = useChat(userId, (unsent) => {
    keepDraft(draftKey(userId, "message"), unsent);
  });
  const { state } = chat;
  const [showsList, setShowsList] = useState(false);
  const online = useOnline();
  const panel = usePanel(onClose);
  const end = useStayAtEnd(state);
  const busy = state.live !== undefined && state.live.problem === undefined;

  const focusFirst = useRef(asked);
  useEffect(() => {
    if (focusFirst.current) document.getElementById(MESSAGE_FIELD)?.focus();
  }, []);

  function sayExample(message: string) {
    chat.say(message);
    // The button that was pressed goes.
    document.getElementById(MESSAGE_FIELD)?.focus();
  }

  return (
    <dialog ref={panel} aria-label="Assistant" className="assistant-panel">
      <div className="flex items-center gap-1 border-b border-line py-2 pr-2 pl-4">
        <h2 className="mr-auto text-lg font-semibold">Assistant</h2>
        <button
          type="button"
          className="button-icon"
          aria-label="New conversation"
          onClick={() => {
            chat.startNew();
            setShowsList(false);
            document.getElementById(MESSAGE_FIELD)?.focus();
          }}
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          className="button-icon"
          aria-label="Earlier conversations"
          aria-expanded={showsList}
          onClick={() => {
            setShowsList(!showsList);
          }}
        >
          <Icon name="history" />
        </button>
        <button
          type="button"
          className="button-icon"
          aria-label="Close the assistant"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      {state.assistant === "offline" && (
        <p className="border-b border-line bg-ground px-4 py-2 text-sm text-ink-soft">
          <strong className="font-semibold">Offline assistant.</strong> It works by fixed rules, not
          by a language model: keep sentences simple.
        </p>
      )}
      {!online && (
        <p role="status" className="border-b border-line px-4 py-2 text-sm">
          You are offline: the assistant needs a connection.
        </p>
      )}
      {showsList ? (
        <ConversationList
          current={state.conversation}
          onOpen={async (id) => {
            await chat.open(id);
            setShowsList(false);
          }}
          onGone={chat.startNew}
        />
      ) : (
        <div
          ref={end}
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a keyboard scrolls it
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label="Conversation"
          className="min-h-0 flex-1 overflow-y-auto px-4 pb-4"
        >
          {state.opening !== undefined ? (
            <Opening opening={state.opening} onRetry={chat.reopen} />
          ) : (
            state.messages.length === 0 &&
            state.live === undefined && (
              <Welcome offline={state.assistant === "offline"} onPick={sayExample} />
            )
          )}
          {state.hasEarlier && <EarlierButton onRead={chat.readEarlier} />}
          {state.messages.map((message) => (
            <MessageView key={message.id} message={message} />
          ))}
          {isAtALoss(state) && <Examples onPick={sayExample} />}
          {state.live !== undefined && <LiveTurnView live={state.live} onRetry={chat.retry} />}
          {state.confirmation !== null && !busy && (
            <ConfirmationCard
              key={state.confirmation.id}
              confirmation={state.confirmation}
              isAsked={asks(state.messages.at(-1), state.confirmation.prompt)}
              onAnswer={(approve) => {
                chat.answer(approve);
                document.getElementById(MESSAGE_FIELD)?.focus();
              }}
            />
          )}
        </div>
      )}
      <p role="status" className="sr-only">
        {busy ? "The assistant is at work." : spokenAnswer(state)}
      </p>
      <Composer
        text={text}
        busy={busy}
        onText={setText}
        onSend={(message) => {
          setShowsList(false);
          chat.say(message);
        }}
        onStop={() => {
          chat.stop();
          document.getElementById(MESSAGE_FIELD)?.focus();
        }}
      />
    </dialog>
  );
}

/** While an earlier conversation is being read, and when it could not be. */
function Opening({
  opening: { problem },
  onRetry,
}: {
  opening: { problem?: string };
  onRetry: () => void;
}) {
  if (problem === undefined) return <p className="mt-6 text-ink-soft">Loading the conversation…</p>;
  return (
    <div role="alert" className="notice-bad mt-6">
      <p>This conversation could not be loaded. {problem}</p>
      <button type="button" className="button-quiet mt-3" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

function EarlierButton({ onRead }: { onRead: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  async function read() {
    setBusy(true);
    setProblem(undefined);
    try {
      await onRead();
    } catch (error) {
      setProblem(messageOf(error));
    }
    setBusy(false);
  }
  return (
    <div className="mt-4 text-center">
      <button
        type="button"
        className="button-quiet"
        aria-disabled={busy}
        onClick={() => {
          if (!busy) void read();
        }}
      >
        Show earlier messages
      </button>
      <div role="alert">
        {problem !== undefined && <p className="notice-bad mt-2">{problem}</p>}
      </div>
    </div>
  );
}

/** Whether the fixed rules had nothing to do for what was said last: examples help then. */
function isAtALoss({ assistant, live, messages, confirmation }: ChatState): boolean {
  const last = messages.at(-1);
  return (
    assistant === "offline" &&
    live === undefined &&
    confirmation === null &&
    last?.role === "assistant" &&
    last.status === "done" &&
    last.tool_calls.length === 0 &&
    !last.content.endsWith("?")
  );
}

/** Whether this answer holds the question, whose special signs are escaped there. */
function asks(message: Message | undefined, prompt: string): boolean {
  return message?.content.replaceAll(/\\([^\w\s])/g, "$1").includes(prompt) === true;
}

/** The newest answer, and the question that waits: what a screen reader says once it is complete. */
function spokenAnswer({ messages, confirmation }: ChatState): string {
  const last = messages.at(-1);
  // An answer that was read from the server when the panel opened is no news.
  if (last?.role !== "assistant" || !messages.some(({ id }) => id < 0)) return "";
  return `${last.content} ${confirmation?.prompt ?? ""}`;
}
