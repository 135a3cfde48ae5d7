/**
 * Refuses what Docker calls a bad pattern before it matches anything: it asks Go's filepath.Match(pattern, "."), which reads
 * a pattern only as far as it needs to. What is wrong further on comes out when a path is matched.
 * @throws Error in words that go after the pattern
 */
export function checkGlob(pattern: string): void {
  let rest = Array.from(pattern);
  let name = ".";
  while (rest.length > 0) {
    const stars = rest.findIndex((character) => character !== "*");
    const hasStar = stars !== 0;
    if (stars === -1) return;
    const end = endOfChunk(rest, stars);
    const chunk = rest.slice(stars, end);
    rest = rest.slice(end);

    let left = match([...chunk], name);
    if (left !== "" && rest.length === 0) left = undefined;
    if (left === undefined && hasStar && name !== "") left = match([...chunk], "");
    if (left === undefined) return;
    name = left;
  }
}

/** A chunk goes as far as the next star that is not in a list. */
function endOfChunk(pattern: string[], start: number): number {
  let isInList = false;
  for (let at = start; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === "\\") at++;
    else if (character === "[") isInList = true;
    else if (character === "]") isInList = false;
    else if (character === "*" && !isInList) return at;
  }
  return pattern.length;
}

/** What is left of the name; undefined where it does not match. The whole chunk is read either way. */
function match(chunk: string[], name: string): string | undefined {
  let left: string | undefined = name;
  const take = (fits: (character: string) => boolean): void => {
    left = left !== undefined && left !== "" && fits(left.charAt(0)) ? left.slice(1) : undefined;
  };
  while (chunk.length > 0) {
    const character = chunk.shift();
    if (character === "[") {
      const fits = list(chunk);
      take(fits);
    } else if (character === "?") take((found) => found !== "/");
    else {
      const literal = character === "\\" ? chunk.shift() : character;
      if (literal === undefined) throw new Error("ends in a backslash");
      take((found) => found === literal);
    }
  }
  return left;
}

/** @param rest what follows the `[`; what belongs to the list is taken from it */
function list(rest: string[]): (character: string) => boolean {
  const isNegated = rest[0] === "^";
  if (isNegated) rest.shift();
  const ranges: [string, string][] = [];
  while (rest[0] !== "]" || ranges.length === 0) {
    const low = bound(rest);
    let high = low;
    if (rest[0] === "-") {
      rest.shift();
      high = bound(rest);
    }
    ranges.push([low, high]);
  }
  rest.shift();
  return (character) =>
    ranges.some(([low, high]) => low <= character && character <= high) !== isNegated;
}

/** One end of a range. A list cannot end the pattern with it: its ] would be missing. */
function bound(rest: string[]): string {
  let character = rest.shift();
  const isBare = character === "-" || character === "]";
  if (character === "\\") character = rest.shift();
  if (character === undefined || isBare || rest.length === 0) {
    throw new Error("has a [ that begins no list of characters");
  }
  return character;
}
