/** What a probe says about one tool; a row of the table that `doctor` and `start` print. */
import { paint, table } from "../terminal";

export interface Finding {
  /** As people call it: "Docker". */
  tool: string;
  /** Where or what: a path, a context, a state. Empty when there is none. */
  found: string;
  version: string;
  /** What is wrong, in a few words; undefined when nothing is. */
  problem?: string;
  /** How to set it right: a command or an address; where nothing is wrong, what else there is. */
  remedy?: string;
  /** `missing`: nothing works without it. `optional`: `npm start` gets it, or has another way. */
  level: "fine" | "optional" | "missing";
}

const marks = {
  fine: paint("green", "ok"),
  optional: paint("yellow", "-"),
  missing: paint("red", "!!"),
};

/** The table of all findings, one row a tool. */
export function findingsTable(findings: readonly Finding[]): string[] {
  const rows = findings.map((f) => [f.tool, f.found || "-", f.version || "-", f.problem ?? ""]);
  const [header = "", ...lines] = table([["tool", "found", "version", "what is wrong"], ...rows]);
  const printed = [`    ${paint("bold", header)}`];
  lines.forEach((line, index) => {
    const finding = findings[index];
    if (!finding) return;
    // The mark is coloured, so it is padded by its plain width.
    const width = finding.level === "optional" ? 1 : 2;
    printed.push(`${marks[finding.level]}${" ".repeat(4 - width)}${line}`);
    const label = finding.level === "fine" ? "note" : "how to get it";
    if (finding.remedy !== undefined) printed.push(`      ${label}: ${finding.remedy}`);
  });
  return printed;
}
