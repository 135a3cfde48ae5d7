import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer, useRef, type Dispatch } from "react";
import { tasksKey } from "@/features/tasks/task-list";
import { ApiError, isSignedOut, messageOf } from "@/features/api/api-fetch";
import { chatReducer, newChat, type ChatAction, type ChatState } from "./chat-state";
import { streamTurn } from "./chat-stream";
import { fetchConversation, fetchHealth, type Turn } from "./api";

/** Tools that only read; after any other the list on the page is asked for again. */
const READING = new Set(["list_tasks", "get_task", "search_tasks"]);

/** How often a turn that is still under way elsewhere is asked for again. */
const MOST_WAITS = 10;

export interface Chat {
  state: ChatState;
  say: (message: string) => void;
  answer: (approve: boolean) => void;
  stop: () => void;
  retry: () => void;
  open: (conversation: number) => Promise<void>;
  /** Reads what was said before the first message here. */
  readEarlier: () => Promise<void>;
  /** Reads the current conversation once more, after that had failed. */
  reopen: () => void;
  startNew: () => void;
}

export const CONVERSATIONS_KEY = ["conversations"];

/** The conversation in the panel. `onSignedOut` gets what was said when the session was over. */
export function useChat(userId: string, onSignedOut: (unsent: string) => void): Chat {
  const client = useQueryClient();
  const [state, dispatch] = useReducer(chatReducer, lastConversation(userId), newChat);
  const running = useRef<AbortController>(undefined);

  useEffect(() => {
    client.query({ queryKey: ["assistant"], queryFn: fetchHealth, staleTime: Infinity }).then(
      ({ assistant }) => {
        dispatch({ type: "assistant", assistant });
      },
      // The first turn says it too.
      () => undefined,
    );
    const last = lastConversation(userId);
    if (last !== undefined) void openAtFirst(last, dispatch);
    return () => {
      running.current?.abort();
    };
  }, [userId, client]);

  const { conversation } = state;
  useEffect(() => {
    const key = lastKey(userId);
    if (conversation === undefined) window.sessionStorage.removeItem(key);
    else window.sessionStorage.setItem(key, String(conversation));
  }, [userId, conversation]);

  async function run(turn: Turn) {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    dispatch({ type: "sent", turn });
    try {
      await follow(turn, stop.signal);
    } catch (error) {
      if (stop.signal.aborted) return;
      if (isSignedOut(error)) onSignedOut(turn.message ?? "");
      const refused = error instanceof ApiError && [400, 404, 413, 422].includes(error.status);
      dispatch({ type: "failed", detail: messageOf(error), retryable: !refused });
    } finally {
      if (running.current === stop) void client.invalidateQueries({ queryKey: CONVERSATIONS_KEY });
    }
  }

  /** Takes the turn's events as they come. A turn that goes on elsewhere is waited for. */
  async function follow(turn: Turn, signal: AbortSignal) {
    for (let waits = 0; ; waits++) {
      try {
        for await (const event of streamTurn(userId, turn, signal)) {
          if (signal.aborted) return;
          dispatch(event);
          if (event.type === "tool_end" && !READING.has(event.name)) refreshTasks();
          if (event.type === "done") refreshTasks();
        }
        return;
      } catch (error) {
        const elsewhere = error instanceof ApiError && error.code === "turn_in_progress";
        if (!elsewhere || waits === MOST_WAITS) throw error;
        await pause((error.retryAfter ?? 2) * 1000, signal);
      }
    }
  }

  function refreshTasks() {
    void client.invalidateQueries({ queryKey: tasksKey(userId) });
  }

  function newTurn(said: Partial<Turn>): Turn {
    return {
      turn_id: newId(),
      ...(state.conversation === undefined ? {} : { conversation_id: state.conversation }),
      ...said,
    };
  }

  return {
    state,
    say(message) {
      void run(newTurn({ message }));
    },
    answer(approve) {
      if (state.confirmation === null) return;
      void run(newTurn({ confirm: { id: state.confirmation.id, approve } }));
    },
    stop() {
      running.current?.abort();
      dispatch({ type: "stopped" });
      // What was done before the stop counts.
      refreshTasks();
    },
    retry() {
      if (state.live !== undefined) void run(state.live.turn);
    },
    async open(id) {
      const found = await fetchConversation(id);
      running.current?.abort();
      dispatch({ type: "opened", conversation: found });
    },
    async readEarlier() {
      const first = state.messages.find(({ id }) => id > 0);
      if (state.conversation === undefined || first === undefined) return;
      const conversation = await fetchConversation(state.conversation, first.id);
      dispatch({ type: "earlier", conversation });
    },
    reopen() {
      if (state.conversation !== undefined) void openAtFirst(state.conversation, dispatch);
    },
    startNew() {
      running.current?.abort();
      dispatch({ type: "new" });
    },
  };
}

/** Opens the conversation that was open before; without an answer it stays the current one. */
async function openAtFirst(id: number, dispatch: Dispatch<ChatAction>): Promise<void> {
  dispatch({ type: "opening" });
  try {
    dispatch({ type: "opened", conversation: await fetchConversation(id) });
  } catch (error) {
    const gone = error instanceof ApiError && error.status === 404;
    dispatch(gone ? { type: "new" } : { type: "unopened", problem: messageOf(error) });
  }
}

/** Where this tab keeps the conversation that was open, for the next page. */
function lastKey(userId: string): string {
  return `draft ${userId} conversation`;
}

function lastConversation(userId: string): number | undefined {
  const kept = window.sessionStorage.getItem(lastKey(userId));
  return kept === null ? undefined : Number(kept);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("Stopped", "AbortError"));
    });
  });
}

/** A UUID, version 4. `crypto.randomUUID` is missing on plain http, as on a cluster's NodePort. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
