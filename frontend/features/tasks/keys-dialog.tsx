import { useEffect, useRef, useState } from "react";
import { keysAreOn, setKeysOn } from "./keys-setting";

const KEYS: readonly (readonly [keys: string[], what: string])[] = [
  [["n", "q"], "Write a new task"],
  [["/", "Ctrl K"], "Search"],
  [["j"], "To the next task"],
  [["k"], "To the task before"],
  [["x"], "Tick the task off, or put it back"],
  [["e"], "Edit the task"],
  [["1", "2", "3"], "High, normal or low priority"],
  [["a"], "Talk to the assistant"],
  [["Ctrl Z"], "Take the last change back"],
  [["?"], "Show these keys"],
];

/** What the keys do, and the switch that turns the single ones off. */
export default function KeysDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(keysAreOn);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="keys-heading" className="sheet" onClose={onClose}>
      <h2 id="keys-heading" className="text-xl font-semibold">
        Keys
      </h2>
      <dl className="mt-4 space-y-2">
        {KEYS.map(([keys, what]) => (
          <div key={what} className="flex items-baseline gap-4">
            <dt className="flex w-24 flex-none gap-1.5">
              {keys.map((key) => (
                <kbd key={key} className="key">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-5 flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          className="task-check"
          checked={on}
          onChange={(event) => {
            setOn(event.target.checked);
            setKeysOn(event.target.checked);
          }}
        />
        Use single keys
      </label>
      <form method="dialog" className="mt-4 text-right">
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  );
}
