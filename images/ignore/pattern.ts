import { checkGlob } from "./glob-syntax";
import { fromRe2 } from "./re2";

/** Whether a path of the context, with `/` and without its parents' results, is named by a pattern. */
export type Matcher = (path: string) => boolean;

/**
 * A pattern's matcher, as moby/patternmatcher compiles it. Its four ways to match are kept apart, because they do not mean
 * the same: `**x` takes every path that ends in x, `a/**` every one that begins with `a/`.
 * @throws Error where Docker refuses the pattern, some of it not before a path is matched
 */
export function compile(pattern: string): Matcher {
  checkGlob(pattern);
  const { kind, expression } = translate(pattern);
  if (kind === "exact") return (path) => path === pattern;
  if (kind === "prefix") {
    const prefix = pattern.slice(0, -2);
    return (path) => path.startsWith(prefix);
  }
  if (kind === "suffix") {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith("/") && path === suffix.slice(1));
  }
  let matcher: RegExp | undefined;
  // Late, as Docker does: a wrong expression that is never asked stops no build.
  return (path) => (matcher ??= fromRe2(expression)).test(path);
}

type Kind = "exact" | "prefix" | "suffix" | "expression";

/** The pattern as an expression in Go's syntax, character by character as Docker does, within `[…]` too. */
function translate(pattern: string): { kind: Kind; expression: string } {
  let kind: Kind = "exact";
  let expression = "^";
  const rest = Array.from(pattern);
  const first = rest.length;
  const isNext = (character: string): boolean => rest[0] === character;
  while (rest.length > 0) {
    const isFirst = rest.length === first;
    const character = rest.shift() ?? "";
    if (character === "*" && isNext("*")) {
      rest.shift();
      if (isNext("/")) rest.shift();
      if (rest.length > 0) {
        expression += "(.*/)?";
        kind = "expression";
      } else if (kind === "exact") kind = "prefix";
      else {
        expression += ".*";
        kind = "expression";
      }
      if (isFirst) kind = "suffix";
    } else if (character === "*" || character === "?") {
      expression += character === "*" ? "[^/]*" : "[^/]";
      kind = "expression";
    } else if (".+()$".includes(character)) {
      // Not | { }, which are on Docker's list too: its table of what to escape ends at the code 63.
      expression += `\\${character}`;
    } else if (character === "\\") {
      // One at the end escapes the expression's own end.
      if (rest.length > 0) kind = "expression";
      expression += `\\${rest.shift() ?? ""}`;
    } else {
      expression += character;
      if (character === "[" || character === "]") kind = "expression";
    }
  }
  return { kind, expression: `${expression}$` };
}
