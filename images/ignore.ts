import * as fs from "node:fs";
import dockerignore from "@balena/dockerignore";

/** Which paths of a build context Docker would leave out. Paths are relative, with `/`. */
export interface IgnoreRules {
  /** The file the rules came from, for messages; undefined when there is none. */
  readonly file: string | undefined;
  ignores(path: string): boolean;
  /** True when nothing beneath this folder can be let in again, so that it need not be read. */
  prunes(folder: string): boolean;
}

/**
 * The rules of the first of the given files that exists; Docker prefers `<Dockerfile>.dockerignore`
 * to `<context>/.dockerignore` and never merges the two.
 */
export function readIgnoreRules(candidates: string[]): IgnoreRules {
  for (const file of candidates) {
    if (fs.existsSync(file)) return ignoreRules(fs.readFileSync(file, "utf8"), file);
  }
  return { file: undefined, ignores: () => false, prunes: () => false };
}

/** Docker's rules of one ignore file: the last pattern that matches a path or its parent decides. */
export function ignoreRules(text: string, file?: string): IgnoreRules {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => line.trim());
  // Docker is case-sensitive; the library is not by default.
  const all = dockerignore({ ignorecase: false }).add(lines);
  const rules = lines.map((line) => ({
    lets: line.startsWith("!") ? segments(line.slice(1)) : undefined,
    matcher: dockerignore({ ignorecase: false }).add([line]),
  }));

  return {
    file,
    ignores: (path) => all.ignores(path),
    prunes(folder) {
      // From the last rule backwards: a folder that is left out stays so unless a later `!` rule may
      // match beneath it. This is what keeps node_modules from being walked.
      for (const { lets, matcher } of rules.toReversed()) {
        if (lets) {
          if (mayMatchBeneath(lets, folder.split("/"))) return false;
        } else if (matcher.ignores(folder)) return true;
      }
      return false;
    },
  };
}

function segments(pattern: string): string[] {
  return pattern
    .trim()
    .split("/")
    .filter((part) => part !== "" && part !== ".");
}

/** Could a path under `folder` match `pattern`? Generous: a wildcard segment counts as a match. */
function mayMatchBeneath(pattern: string[], folder: string[]): boolean {
  for (const [index, part] of pattern.entries()) {
    const name = folder[index];
    if (name === undefined || part === "**") return true;
    if (!/[*?[\\]/.test(part) && part !== name) return false;
  }
  return true; // the pattern names this folder or a parent: everything beneath it is meant
}
