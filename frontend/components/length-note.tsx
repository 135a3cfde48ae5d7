/** Characters as people and the back end count them: a smiley is one. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** How many characters too many a text has; 0 where it fits. */
export function excessOf(text: string, longest: number): number {
  return Math.max(0, lengthOf(text) - longest);
}

interface LengthNoteProps {
  /** The field names it as its description. */
  id: string;
  text: string;
  longest: number;
}

/**
 * Says how much room a field has left once that is little, and what is too much. Fields themselves
 * take everything: one that stops at its limit cuts what is pasted, without a word.
 */
export function LengthNote({ id, text, longest }: LengthNoteProps) {
  const left = longest - lengthOf(text);
  const words =
    left < 0
      ? `${-left} ${-left === 1 ? "character" : "characters"} too many: at most ${longest} fit.`
      : left <= longest / 10
        ? `${left} ${left === 1 ? "character" : "characters"} left.`
        : "";
  return (
    <p
      id={id}
      role={left < 0 ? "alert" : undefined}
      className={`text-sm ${left < 0 ? "text-bad" : "text-ink-soft"} ${words === "" ? "hidden" : "mt-1"}`}
    >
      {words}
    </p>
  );
}
