import { useRef, useState } from "react";
import { flushSync } from "react-dom";

interface ConfirmButtonProps {
  /** What the button says, and what it says to who does not see what it stands beside. */
  label: string;
  fullLabel: string;
  /** What happens, in a sentence; asked before it does. */
  question: string;
  onConfirm: () => void;
}

/** A button for what cannot be taken back: asks first, in its own place. */
export function ConfirmButton({ label, fullLabel, question, onConfirm }: ConfirmButtonProps) {
  const [asking, setAsking] = useState(false);
  const first = useRef<HTMLButtonElement>(null);

  function giveUp() {
    flushSync(() => {
      setAsking(false);
    });
    first.current?.focus();
  }

  if (!asking) {
    return (
      <button
        ref={first}
        type="button"
        className="button-quiet"
        aria-label={fullLabel}
        onClick={() => {
          setAsking(true);
        }}
      >
        {label}
      </button>
    );
  }
  return (
    <div
      role="group"
      aria-label={fullLabel}
      className="flex flex-wrap items-center justify-end gap-2"
    >
      <p className="text-sm">{question}</p>
      <button
        ref={focusOnArrival}
        type="button"
        className="button-bad"
        aria-label={`${fullLabel}: ${question}`}
        onClick={() => {
          setAsking(false);
          onConfirm();
        }}
      >
        {label}
      </button>
      <button type="button" className="button-quiet" onClick={giveUp}>
        Keep
      </button>
    </div>
  );
}

function focusOnArrival(element: HTMLElement | null): void {
  element?.focus();
}
