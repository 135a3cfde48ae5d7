/** What a pod says of the files that it was sent. */
import { stripVTControlCharacters } from "node:util";

export interface Report {
  /** Content tag of the files. */
  content: string;
  /** `failed`: they do not run, and what served before goes on. */
  state: "serving" | "failed";
  /** Why not, for people; empty where they serve. */
  message: string;
}

/** Lines of a UID and a report; what is none is passed over, since anything in a pod could have written it. */
export function parseReports(printed: string): ReadonlyMap<string, Report> {
  const lines = printed.split("\n").map((line) => /^(\S+) (\{.*\})$/.exec(line));
  return new Map(
    lines.flatMap((match) => {
      const report = match?.[2] === undefined ? undefined : parseReport(match[2]);
      return report === undefined ? [] : [[match?.[1] ?? "", report] as const];
    }),
  );
}

function parseReport(json: string): Report | undefined {
  try {
    const { content, state, message } = JSON.parse(json) as Partial<Record<keyof Report, unknown>>;
    if (typeof content !== "string" || (state !== "serving" && state !== "failed"))
      return undefined;
    return { content, state, message: typeof message === "string" ? printable(message) : "" };
  } catch {
    return undefined;
  }
}

/** Without what would move a terminal's cursor or change its title. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/(?![\n\t])\p{Cc}/gu, "");
}
