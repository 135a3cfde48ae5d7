import { lazy, Suspense, useSyncExternalStore } from "react";
import { ErrorBoundary } from "@/components/error-boundary";
import { Icon } from "@/components/icon";

/** Loaded when somebody opens it: the list does not wait for it. */
const loadPanel = () => import("./assistant-panel");
const AssistantPanel = lazy(loadPanel);

/** The button that opens and closes the assistant. It has this id, so that focus can return. */
const TOGGLE = "assistant-toggle";

export function AssistantButton({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const load = () => void loadPanel();
  return (
    <button
      id={TOGGLE}
      type="button"
      className="nav-item"
      aria-expanded={open}
      onPointerEnter={load}
      onFocus={load}
      onClick={onToggle}
    >
      <Icon name="chat" />
      Assistant
    </button>
  );
}

interface AssistantProps {
  userId: string;
  /** Whether somebody has just asked for it, so that the keyboard's focus goes there. */
  asked: boolean;
  onClose: () => void;
}

export function Assistant({ userId, asked, onClose }: AssistantProps) {
  const inBrowser = useInBrowser();
  function close() {
    onClose();
    document.getElementById(TOGGLE)?.focus();
  }
  if (!inBrowser) return <Opening />;
  return (
    <ErrorBoundary instead={() => <Missing onClose={close} />}>
      <Suspense fallback={<Opening />}>
        <AssistantPanel userId={userId} asked={asked} onClose={close} />
      </Suspense>
    </ErrorBoundary>
  );
}

/** False while the server makes the page: what the panel shows is kept in the browser. */
function useInBrowser(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}

function Opening() {
  return <Frame>Opening the assistant…</Frame>;
}

function Missing({ onClose }: { onClose: () => void }) {
  return (
    <Frame>
      <span className="block">The assistant could not be loaded.</span>
      <button type="button" className="button-quiet mt-4" onClick={onClose}>
        Close
      </button>
    </Frame>
  );
}

/** Takes the panel's place while there is no panel. */
function Frame({ children }: { children: React.ReactNode }) {
  return (
    <div className="fixed inset-y-0 right-0 z-10 w-full border-l border-line bg-surface p-6 sm:w-104">
      <p role="status" className="text-ink-soft">
        {children}
      </p>
    </div>
  );
}
