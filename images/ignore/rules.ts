import * as fs from "node:fs";
import { messageOf } from "../../tools/errors";
import { type IgnorePattern, readPatterns } from "./lines";
import { compile, type Matcher } from "./pattern";

/** Which paths of a build context Docker leaves out. */
export interface IgnoreRules {
  /** The file the rules came from, for messages; undefined when there is none. */
  readonly file: string | undefined;
  /** The context's own folder, from which a walk begins. */
  readonly top: Scope;
}

/** A folder on a walk from the context's top. What a path's parents matched counts for the path, pattern by pattern. */
export interface Scope {
  /** @param path of an entry of this folder, relative to the context, with `/` */
  look(path: string): Verdict;
}

export interface Verdict {
  leftOut: boolean;
  /** Of a folder: nothing beneath it can be let in again, so that it need not be read. */
  closed: boolean;
  /** Of a folder: for what is in it. */
  inside: Scope;
}

interface Rule {
  text: string;
  lets: boolean;
  matches: Matcher;
}

/**
 * The rules of the first of the given files that exists; Docker prefers `<Dockerfile>.dockerignore`
 * to `<context>/.dockerignore` and never merges the two.
 * @throws Error in words for the user, where Docker would refuse the file
 */
export function readIgnoreRules(candidates: string[]): IgnoreRules {
  for (const file of candidates) {
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
    return ignoreRules(fs.readFileSync(file, "utf8"), file);
  }
  return ignoreRules("");
}

/**
 * The rules of an ignore file's text, as BuildKit applies them to what it sends (moby/patternmatcher's
 * MatchesUsingParentResults, on the walk of tonistiigi/fsutil's filter). Where these differ from what one might think, a
 * build sees what they say: so no rule is simplified here.
 */
export function ignoreRules(text: string, file?: string): IgnoreRules {
  const rules = compileAll(text, file ?? ".dockerignore");
  const exceptions = rules.filter(({ lets }) => lets).map(({ text: path }) => beneath(path));
  const isPlain = exceptions.every((path) => !/[*[\]?^\\]/.test(path));
  // A folder that is left out is read only if an exception can lead into it; one with wildcards might lead anywhere.
  const leadsInto = (folder: string): boolean =>
    !isPlain || exceptions.some((path) => `${path}/`.startsWith(`${folder}/`));

  const scope = (parent: boolean[] | undefined): Scope => ({
    look(path) {
      const matched: boolean[] = [];
      let leftOut = false;
      for (const [index, rule] of rules.entries()) {
        let matches = parent?.[index] ?? false;
        // Asked only where it can change something, and what was not asked counts as no for what lies beneath.
        if (!matches && rule.lets === leftOut) matches = rule.matches(path);
        matched.push(matches);
        if (matches) leftOut = !rule.lets;
      }
      return { leftOut, closed: leftOut && !leadsInto(path), inside: scope(matched) };
    },
  });
  return { file, top: scope(undefined) };
}

function compileAll(text: string, file: string): Rule[] {
  const refused = (error: unknown, pattern = ""): Error =>
    new Error(`${file} stops a build: ${pattern}${messageOf(error)}.`, { cause: error });
  let patterns: IgnorePattern[];
  try {
    patterns = readPatterns(text);
  } catch (error) {
    throw refused(error);
  }
  return patterns.map(({ text: path, lets }) => {
    const shown = `"${lets ? "!" : ""}${path}" `;
    try {
      const matches = compile(path);
      return {
        text: path,
        lets,
        matches: (candidate: string) => {
          try {
            return matches(candidate);
          } catch (error) {
            throw refused(error, shown);
          }
        },
      };
    } catch (error) {
      throw refused(error, shown);
    }
  });
}

/** A pattern without the wildcard for all that lies beneath it. */
function beneath(pattern: string): string {
  return pattern.replace(/\/\*\*$/, "").replace(/\/\*$/, "");
}
