import { describeDue, dueFrom } from "./due";
import { PRIORITY_WORDS } from "./priority";
import type { Part, Typed } from "./task-edit";

interface ClashNoticeProps {
  id: string;
  part: Part;
  /** What others have made of the task. */
  theirs: Typed;
  onTake: () => void;
  onKeep: () => void;
}

/** Below a field that was changed here and elsewhere: what it is elsewhere, and which shall count. */
export function ClashNotice({ id, part, theirs, onTake, onKeep }: ClashNoticeProps) {
  return (
    <div id={id} tabIndex={-1} className="notice mt-2">
      <p className="line-clamp-4 whitespace-pre-line wrap-anywhere">
        Changed elsewhere meanwhile: <bdi>{shown(part, theirs)}</bdi>
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <button type="button" className="button-quiet" onClick={onTake}>
          Take that
        </button>
        <button type="button" className="button-quiet" onClick={onKeep}>
          Keep mine
        </button>
      </div>
    </div>
  );
}

function shown(part: Part, { title, description, day, time, priority }: Typed): string {
  switch (part) {
    case "title":
      return `“${title}”`;
    case "description":
      return description === "" ? "no notes" : `“${description}”`;
    case "due":
      return describeDue(dueFrom(day, time), new Date())?.words ?? "no due date";
    case "priority":
      return PRIORITY_WORDS[priority];
  }
}
