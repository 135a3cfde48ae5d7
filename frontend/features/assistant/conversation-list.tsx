import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Icon } from "@/components/icon";
import { excessOf, LengthNote } from "@/components/length-note";
import { messageOf } from "@/features/api/api-fetch";
import { dateAndTimeInWords } from "@/lib/dates";
import { CONVERSATIONS_KEY } from "./use-chat";
import {
  CONVERSATIONS_PAGE,
  deleteConversation,
  fetchConversations,
  LONGEST_CONVERSATION_TITLE,
  renameConversation,
  type ConversationSummary,
} from "./api";

interface ConversationListProps {
  current: number | undefined;
  onOpen: (id: number) => Promise<void>;
  /** The conversation on the panel is gone. */
  onGone: () => void;
}

/** Earlier conversations: open, rename, delete. */
export function ConversationList({ current, onOpen, onGone }: ConversationListProps) {
  const client = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: CONVERSATIONS_KEY,
    queryFn: ({ pageParam }) => fetchConversations(pageParam),
    initialPageParam: 0,
    getNextPageParam: (last, pages) =>
      last.length < CONVERSATIONS_PAGE ? undefined : pages.length * CONVERSATIONS_PAGE,
  });
  // One that was spoken in meanwhile has moved up, and is on two pages.
  const found = new Map(list.data?.pages.flat().map((each) => [each.id, each]));
  const [problem, setProblem] = useState<string>();
  const [spoken, setSpoken] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);

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
      <h3 ref={heading} tabIndex={-1} className="mb-3 font-semibold">
        Earlier conversations
      </h3>
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
      ) : found.size === 0 ? (
        <p className="text-ink-soft">There are none yet.</p>
      ) : (
        <ul className="space-y-1">
          {[...found.values()].map((conversation) => (
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
                    // Its row goes, and with it the button that was pressed.
                    heading.current?.focus();
                  }),
                  "Deleted the conversation.",
                )
              }
            />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <button
          type="button"
          className="button-quiet mt-3"
          aria-disabled={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {list.isFetchNextPageError ? "Try again" : "Show more"}
        </button>
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
  const [name, setName] = useState(title);
  const left = useRef<"renaming" | "deleting">(undefined);
  const renameButton = useRef<HTMLButtonElement>(null);
  const deleteButton = useRef<HTMLButtonElement>(null);
  const back = () => {
    if (mode !== "shown") left.current = mode;
    setMode("shown");
  };
  // The keyboard goes on at the button that was pressed before.
  useEffect(() => {
    if (mode !== "shown") return;
    if (left.current === "renaming") renameButton.current?.focus();
    if (left.current === "deleting") deleteButton.current?.focus();
    left.current = undefined;
  }, [mode]);

  if (mode === "renaming") {
    return (
      <li>
        <form
          className="flex gap-2 py-1"
          onSubmit={(event) => {
            event.preventDefault();
            const value = new FormData(event.currentTarget).get("title");
            const next = typeof value === "string" ? value.trim() : "";
            if (next !== "" && excessOf(next, LONGEST_CONVERSATION_TITLE) === 0) {
              void onRename(next).then(back);
            }
          }}
        >
          <input
            name="title"
            dir="auto"
            aria-label={`New name for “${title}”`}
            defaultValue={title}
            required
            aria-describedby={`name-length-${conversation.id}`}
            onChange={(event) => {
              setName(event.target.value);
            }}
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
        <LengthNote
          id={`name-length-${conversation.id}`}
          text={name.trim()}
          longest={LONGEST_CONVERSATION_TITLE}
        />
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
        ref={renameButton}
        className="button-icon"
        aria-label={`Rename “${title}”`}
        onClick={() => {
          setName(title);
          setMode("renaming");
        }}
      >
        <Icon name="pencil" />
      </button>
      <button
        type="button"
        ref={deleteButton}
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
