/**
 * Text of others (names, values, error messages) as Markdown that stays text: it is always inside code,
 * where GitHub makes neither links, nor mentions, nor HTML of it.
 */

/** Inline code on one line. */
export function code(text: string): string {
  const line = printable(text).replace(/\s+/g, " ").trim();
  if (line === "") return "` `";
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** The same in a table's cell, where a bar would end it even inside code. */
export function cell(text: string): string {
  return code(text).replaceAll("|", "\\|");
}

/** A block of code. */
export function fence(text: string, language = ""): string {
  const lines = printable(text).replace(/\s+$/, "");
  const ticks = "`".repeat(Math.max(3, longestRun(lines) + 1));
  return `${ticks}${language}\n${lines}\n${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** Without terminal colours, control characters and marks that reverse or hide text. */
function printable(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, "") // eslint-disable-line no-control-regex -- removed here
    .replace(/[\p{Cc}\p{Cf}]/gu, (mark) => (mark === "\n" || mark === "\t" ? mark : ""));
}
