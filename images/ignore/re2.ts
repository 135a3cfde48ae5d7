/** Go's `\d`, `\s`, `\w`: ASCII alone, and without vertical tab. */
const PERL: Record<string, string> = {
  d: "0-9",
  s: "\\t\\n\\f\\r ",
  w: "0-9A-Za-z_",
};
const CONTROLS: Record<string, string> = {
  a: "\\x07",
  f: "\\f",
  n: "\\n",
  r: "\\r",
  t: "\\t",
  v: "\\v",
};
const POSITIONS: Record<string, string> = { A: "^", z: "$", b: "\\b", B: "\\B" };
const POSIX: Record<string, string> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7f",
  blank: "\\t ",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-/:-@\\[-`\\{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/**
 * An expression in the syntax of Go's regexp as JavaScript's: of that syntax what a translated pattern can hold.
 * @throws Error where Go refuses it, and for escapes that nobody writes on purpose (`\p`, `\x`, `\Q`)
 */
export function fromRe2(expression: string): RegExp {
  const rest = Array.from(expression);
  let out = "";
  while (rest.length > 0) {
    const character = rest.shift() ?? "";
    if (character === "\\") out += escape(rest);
    else if (character === "[") out += list(rest);
    else if (character === ".") out += "[^\\n]";
    else if ("^$*?()|".includes(character)) out += character;
    else if (character === "{") out += repetition(rest);
    else out += literal(character);
  }
  try {
    return new RegExp(out, "u");
  } catch (error) {
    throw new Error("has a [ whose range ends before it begins", { cause: error });
  }
}

/** `{2}`, `{2,}` or `{2,3}`, whose `{` was taken; any other is a character. */
function repetition(rest: string[]): string {
  const [counts] = /^\d+(,\d*)?\}/.exec(rest.join("")) ?? [];
  if (counts === undefined) return literal("{");
  rest.splice(0, counts.length);
  return `{${counts}`;
}

/** Every character as its number, so that none means anything to JavaScript. */
function literal(character: string): string {
  if (/[0-9A-Za-z]/.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** What follows a backslash outside of a list. */
function escape(rest: string[]): string {
  const character = rest.shift() ?? "";
  const perl = PERL[character.toLowerCase()];
  if (perl !== undefined) return /[a-z]/.test(character) ? `[${perl}]` : `[^${perl}]`;
  return POSITIONS[character] ?? CONTROLS[character] ?? punctuation(character);
}

/** Go takes an escaped character for itself only where it is neither letter nor digit, and ASCII. */
function punctuation(character: string): string {
  if (character === "" || character > "\x7f" || /[0-9A-Za-z]/.test(character)) {
    throw new Error(`has \\${character}, which means nothing to Docker`);
  }
  return literal(character);
}

/** `[…]`, whose `[` was taken. */
function list(rest: string[]): string {
  let out = "[";
  if (rest[0] === "^") out += rest.shift() ?? "";
  for (let isFirst = true; isFirst || rest[0] !== "]"; isFirst = false) {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(rest.slice(0, 12).join(""));
    const character = rest[0] === "\\" ? (rest[1] ?? "") : "";
    const perl = PERL[character.toLowerCase()];
    if (posix) {
      const [all = "", not, name = ""] = posix;
      const members = POSIX[name];
      if (members === undefined) throw new Error(`has ${all}, which Docker does not know`);
      rest.splice(0, all.length);
      out += not === "^" ? complement(members) : members;
    } else if (perl !== undefined) {
      rest.splice(0, 2);
      out += /[a-z]/.test(character) ? perl : complement(perl);
    } else out += range(rest);
  }
  rest.shift();
  return `${out}]`;
}

/** JavaScript has no list within a list; a negated one of ASCII can be written as what is left. */
function complement(members: string): string {
  const inside = new RegExp(`[${members}]`, "u");
  const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  const left = ascii.filter((character) => !inside.test(character)).map(literal);
  return `${left.join("")}\\u{80}-\\u{10ffff}`;
}

function range(rest: string[]): string {
  const low = bound(rest);
  // A hyphen before the end is itself.
  if (rest[0] !== "-" || rest[1] === "]" || rest[1] === undefined) return low;
  rest.shift();
  return `${low}-${bound(rest)}`;
}

function bound(rest: string[]): string {
  const character = rest.shift();
  if (character === undefined) throw new Error("has a [ that does not end");
  if (character !== "\\") return literal(character);
  const escaped = rest.shift() ?? "";
  return CONTROLS[escaped] ?? punctuation(escaped);
}
