/** Why a preview failed, from what the CLI left: the JSON on stdout, the words on stderr. */
import { explain } from "../tools/known-errors";
import type { Failure } from "./model";
import { diagnosticText, type Preview } from "./preview";

/** Only the last lines are of use when the CLI said something that is no JSON. */
const LINES = 40;

/**
 * @param preview the parsed JSON, or undefined when there was none
 * @param errors the text of stderr
 */
export function failureOf(preview: Preview | undefined, errors: string): Failure {
  const said = preview === undefined ? [] : diagnosticText(preview, "error");
  const words = errors
    .split("\n")
    .map((line) => line.trimEnd().replace(/^error: /, ""))
    .filter((line) => line !== "")
    .slice(-LINES)
    .join("\n");
  const reason = said.length > 0 ? said.join("\n\n") : words;
  return {
    reason:
      reason === "" ? "The CLI ended without a word; the log of the run may say more." : reason,
    next: explain(reason)?.next ?? [],
  };
}

/** The CLI's JSON, which may be preceded or followed by other lines. */
export function parsePreview(output: string): Preview | undefined {
  const start = output.indexOf("{");
  const end = output.lastIndexOf("}");
  if (start < 0 || end < start) return undefined;
  try {
    return JSON.parse(output.slice(start, end + 1)) as Preview;
  } catch {
    return undefined;
  }
}
