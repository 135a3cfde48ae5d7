import fc from "fast-check";

/** Paths of a tree in which the generated patterns find something to differ about. */
export const TREE = [
  "a.py",
  "b.py",
  "main.py~x",
  "README.md",
  "Makefile",
  ".env",
  ".env.local",
  "a b.txt",
  "a+b.txt",
  "a|b.txt",
  "a(b).txt",
  "a{b}.txt",
  "a$b.txt",
  "a^b.txt",
  "[x].txt",
  "x.txt",
  "!bang",
  "#hash",
  "ünï.txt",
  "app/(auth)/page.tsx",
  "app/(auth)/login/page.tsx",
  "app/[id]/page.tsx",
  "app/page.tsx",
  "app/+page.ts",
  "app/deep/er/a.py",
  "app/deep/er/test_a.py",
  "app/deep/keep.txt",
  "dist/a.js",
  "dist/sub/a.js",
  "lib/dist/a.js",
  "lib/a.py",
  "lib/a/b/c.py",
  "node_modules/x/index.js",
  "node_modules/x/keep.txt",
  "app/node_modules/y/index.js",
  "foo",
  "foobar/baz",
  "xfoo/bar",
  "a/foo",
  "tests/a/b/a.py",
];

const usual = [
  ...["a", "b", "foo", "app", "dist", "lib", "deep", "er", "node_modules", "x", "tests"],
  ...["*", "**", "?", "*.py", "*.txt", "a*", "*a", "**foo", "foo**", "?*", "te*t*", ".env*"],
  ...[
    "(auth)",
    "[id]",
    "\\[id\\]",
    "[a-c]",
    "[^a]*",
    "[!a]*",
    "[ab].py",
    "a.py",
    "[x].txt",
    "+page.ts",
  ],
  ...["a+b.txt", "a|b.txt", "a b.txt", "a$b.txt", "a^b.txt", "a{b}.txt", "keep.txt", "ünï.txt"],
];

/** What hardly anybody writes, and where readers differ; some of it Docker refuses. */
const unusual = [
  ...[".", "..", "\\a.py", "\\*", "\\!bang", "!bang", "#hash", "\\#hash", "[ü]nï.txt", "README.*"],
  ...[
    "[*]",
    "[?]",
    "[a?]*",
    "[",
    "[]",
    "[]a]",
    "[a-]",
    "[-a]",
    "a]",
    "[[:alpha:]].py",
    "\\d*",
    "\\",
  ],
  ...["[z-a]", "main.py~x", "[\\]x]*", "**a", "a**b", "**.py", "x|*", "a{1,2}*", "*{x}", "a|b*"],
];
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...usual) },
  { weight: 1, arbitrary: fc.constantFrom(...unusual) },
);

/** One line of an ignore file. */
const line = fc
  .record({
    lets: fc.constantFrom("", "", "", "!", "!", "! ", "!!"),
    start: fc.constantFrom("", "", "", "", "/", "./", "//", "../", " ", "\t", "**/", "**/"),
    names: fc.array(name, { minLength: 1, maxLength: 3 }),
    end: fc.constantFrom("", "", "", "", "/", "/**", "/*", " ", "\t ", "\r", "//", "/.", "\u00a0"),
  })
  .map(({ lets, start, names: parts, end }) => `${lets}${start}${parts.join("/")}${end}`);

const special = fc.constantFrom(
  "",
  "# comment",
  " # no comment",
  "!",
  "!/",
  "/",
  "*",
  "**",
  "!**",
  "  ",
);

/** Texts of ignore files: what people write, and what a reader may get wrong. */
export const ignoreFile = fc
  .record({
    mark: fc.constantFrom("", "", "", "\uFEFF"),
    lines: fc.array(fc.oneof({ weight: 6, arbitrary: line }, { weight: 1, arbitrary: special }), {
      minLength: 1,
      maxLength: 5,
    }),
    end: fc.constantFrom("\n", "\n", "\r\n", "\n\n"),
  })
  .map(({ mark, lines, end }) => mark + lines.map((text) => text + end).join(""));
