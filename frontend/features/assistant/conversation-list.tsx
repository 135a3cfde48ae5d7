import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Icon } from "@/components/icon";
import { messageOf } from "@/features/api/api-fetch";
import { dateAndTimeInWords } from "@/lib/dates";
import { CONVERSATIONS_KEY } from "./use-chat";
import {
  deleteConversation,
  fetchConversations,
  LONGEST_CONVERSATION_TITLE,
  renameConversation,
  type ConversationSummary,
} from "./wire";

interface ConversationListProps {
  current: number | undefined;
  onOpen: (id: number) => Promise<void>;
  /** The conversation on the panel is gone. */
  onGone: () => void;
}

/** Earlier conversations: open, rename, delete. */
export function ConversationList({ current, onOpen, onGone }: ConversationListProps) {
  const client = useQueryClient();
  const list = useQuery({ queryKey: CONVERSATIONS_KEY, queryFn: fetchConversations });
  const [problem, setProblem] = useState<string>();
  const [spoken, setSpoken] = useState("");

  async function attempt(change: Promise<unknown>, said = ""): Promise<void> {
    setProblem(undefined);
    try {
      await change;
      setSpoken(said);
    } catch (error) {
      setProblem(messageOf(error));
    }
    await client.invalidateQueries({ queryKey: CONVERSATIONS_KEY });
  }

  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4">
      <h3 className="mb-3 font-semibold">Earlier conversations</h3>
      <p role="status" className="sr-only">
        {spoken}
      </p>
      <div role="alert">
        {problem !== undefined && <p className="notice-bad mb-3">{problem}</p>}
      </div>
      {list.data === undefined ? (
        <p role="status" className="text-ink-soft">
          {list.isError ? messageOf(list.error) : "Loading…"}
        </p>
      ) : list.data.length === 0 ? (
        <p className="text-ink-soft">There are none yet.</p>
      ) : (
        <ul className="space-y-1">
          {list.data.map((conversation) => (
            <Row
              key={conversation.id}
              conversation={conversation}
              current={conversation.id === current}
              onOpen={() => attempt(onOpen(conversation.id))}
              onRename={(title) => attempt(renameConversation(conversation.id, title), "Renamed.")}
              onDelete={() =>
                attempt(
                  deleteConversation(conversation.id).then(() => {
                    if (conversation.id === current) onGone();
                  }),
                  "Deleted the conversation.",
                )
              }
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface RowProps {
  conversation: ConversationSummary;
  current: boolean;
  onOpen: () => Promise<void>;
  onRename: (title: string) => Promise<void>;
  onDelete: () => Promise<void>;
}

function Row({ conversation, current, onOpen, onRename, onDelete }: RowProps) {
  const { title } = conversation;
  const [mode, setMode] = useState<"shown" | "renaming" | "deleting">("shown");
  const back = () => {
    setMode("shown");
  };

  if (mode === "renaming") {
    return (
      <li>
        <form
          className="flex gap-2 py-1"
          onSubmit={(event) => {
            event.preventDefault();
            const value = new FormData(event.currentTarget).get("title");
            const next = typeof value === "string" ? value.trim() : "";
            if (next !== "") void onRename(next).then(back);
          }}
        >
          <input
            name="title"
            dir="auto"
            aria-label={`New name for “${title}”`}
            defaultValue={title}
            required
            maxLength={LONGEST_CONVERSATION_TITLE}
            className="field min-w-0 flex-1"
            ref={focusAtOnce}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.preventDefault();
              back();
            }}
          />
          <button type="submit" className="button">
            Save
          </button>
        </form>
      </li>
    );
  }
  if (mode === "deleting") {
    return (
      <li className="notice-bad my-1 flex flex-wrap items-center gap-2">
        <p className="min-w-32 flex-1 wrap-anywhere">
          Delete <bdi>“{title}”</bdi>?
        </p>
        <button
          type="button"
          className="button-bad"
          ref={focusAtOnce}
          onClick={() => void onDelete()}
        >
          Delete
        </button>
        <button type="button" className="button-quiet" onClick={back}>
          Keep
        </button>
      </li>
    );
  }
  return (
    <li className={`flex items-center rounded-xl ${current ? "bg-accent-wash" : ""}`}>
      <button
        type="button"
        aria-current={current ? "true" : undefined}
        className="min-h-11 min-w-0 flex-1 rounded-xl px-3 text-left hover:bg-accent-wash"
        onClick={() => void onOpen()}
      >
        <span dir="auto" className="block truncate">
          {title}
        </span>
        <span className="block text-xs text-ink-soft">
          <bdi>{dateAndTimeInWords(new Date(conversation.updated_at))}</bdi>
        </span>
      </button>
      <button
        type="button"
        className="button-icon"
        aria-label={`Rename “${title}”`}
        onClick={() => {
          setMode("renaming");
        }}
      >
        <Icon name="pencil" />
      </button>
      <button
        type="button"
        className="button-icon hover:text-bad"
        aria-label={`Delete “${title}”`}
        onClick={() => {
          setMode("deleting");
        }}
      >
        <Icon name="bin" />
      </button>
    </li>
  );
}

/** The keyboard goes on where the button was that somebody pressed. */
function focusAtOnce(element: HTMLElement | null): void {
  element?.focus();
}
