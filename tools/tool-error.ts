import { remedyFor } from "./known-errors";

/** The last lines are the ones that say what went wrong. */
const LINES = 12;

/** A program that is missing, failed or took too long, with its own words and what to do next. */
export class ToolError extends Error {
  /** The end of what it printed. */
  readonly output: string;

  constructor(
    readonly command: string,
    /** What happened: `failed with exit code 1`, `was not found`. */
    readonly outcome: string,
    printed: string,
  ) {
    const output = printed.trim().split("\n").slice(-LINES).join("\n");
    const words = output === "" ? "" : `:\n${output.replace(/^/gm, "  ")}`;
    const remedy = remedyFor(command, `${outcome}\n${output}`);
    super(`\`${command}\` ${outcome}${words}${remedy === undefined ? "" : `\n${remedy}`}`);
    this.output = output;
    this.name = "ToolError";
  }
}
