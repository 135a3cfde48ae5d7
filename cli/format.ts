/** Engine events and times in the words of people. */

/** Text of an engine event without its colour marks (`<{%fg 1%}>`) and terminal codes. */
export function plain(message: string): string {
  // eslint-disable-next-line no-control-regex -- escape sequences are what is removed
  return message.replace(/<\{%[^%]*%\}>/g, "").replace(/\u001b\[[0-9;]*[A-Za-z]/g, "");
}

/** Sign and word of an operation; undefined for those that change nothing. */
export function operation(op: string): { sign: string; done: string; doing: string } | undefined {
  switch (op) {
    case "create":
    case "create-replacement":
      return { sign: "+", done: "created", doing: "creating" };
    case "update":
      return { sign: "~", done: "updated", doing: "updating" };
    case "delete":
    case "delete-replaced":
      return { sign: "-", done: "deleted", doing: "deleting" };
    case "replace":
      return { sign: "±", done: "replaced", doing: "replacing" };
    case "discard":
    case "discard-replaced":
      return { sign: "-", done: "gone", doing: "forgetting" };
    default:
      return undefined;
  }
}

/** "12 s", "1 min 5 s", "0.4 s". */
export function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
