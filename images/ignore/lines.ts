/** A pattern of an ignore file, as Docker stores it: cleaned, without its `!`. */
export interface IgnorePattern {
  text: string;
  /** Began with `!`: lets in again what an earlier pattern left out. */
  lets: boolean;
}

/** Go's unicode.IsSpace. JavaScript's own trim takes a byte order mark too, and not U+0085. */
const SPACE = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const EDGES = new RegExp(`^${SPACE}|${SPACE}$`, "g");

/** Bytes of a line at which Docker gives up (bufio.MaxScanTokenSize). */
const LONGEST_LINE = 64 * 1024;

/**
 * The patterns of an ignore file, as moby/patternmatcher's `ignorefile.ReadAll` and `New` read them: a byte order mark
 * goes, a line that begins with `#` is a comment (one that begins with a space is not), white space at both ends goes,
 * paths are cleaned, and a leading `/` means nothing.
 * @throws Error in Docker's sense of what no pattern can be
 */
export function readPatterns(text: string): IgnorePattern[] {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  return lines.flatMap((line) => {
    if (Buffer.byteLength(line) >= LONGEST_LINE) throw new Error("a line is longer than 64 KiB");
    if (line.startsWith("#")) return [];
    const written = trim(line);
    if (written === "") return [];
    // Docker reads a line twice; what a first reading uncovers (`/!name`, `/ name`), the second takes for what it is.
    const again = clean(trim(relative(written)));
    if (again === "!") throw new Error(`"${written}" lets nothing in`);
    if (again === "") return [];
    const lets = again.startsWith("!");
    return [{ text: lets ? again.slice(1) : again, lets }];
  });
}

/** A line's path, cleaned, as of the context's top. */
function relative(line: string): string {
  const lets = line.startsWith("!");
  const path = clean(lets ? trim(line.slice(1)) : line);
  return `${lets ? "!" : ""}${path.length > 1 && path.startsWith("/") ? path.slice(1) : path}`;
}

function trim(text: string): string {
  return text.replace(EDGES, "");
}

/** Go's filepath.Clean on Unix: no empty, `.` or inner `..` elements, no slash at the end. */
function clean(path: string): string {
  if (path === "") return "";
  const rooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!rooted) kept.push(part);
  }
  return `${rooted ? "/" : ""}${kept.join("/")}` || ".";
}
