import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const hook = path.join(__dirname, "..", "..", "..", "program", "typescript.cjs");

describe("the program's TypeScript, as Pulumi loads it", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-program-"));
  const write = (name: string, ...lines: string[]): void => {
    fs.writeFileSync(path.join(folder, name), `${lines.join("\n")}\n`);
  };
  const load = (script: string) => {
    const args = ["--require", hook, "-e", script];
    const { stdout, stderr } = spawnSync("node", args, { cwd: folder, encoding: "utf8" });
    return { stdout, stderr };
  };

  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it("names the line of the source in a stack trace", () => {
    write("fails.ts", "interface Gone {", "  a: number;", "}", "export function fail(x: Gone) {");
    fs.appendFileSync(path.join(folder, "fails.ts"), "  throw new Error(String(x.a));\n}\n");
    const { stderr } = load('require("./fails").fail({ a: 42 })');
    assert.match(stderr, /Error: 42/);
    assert.match(stderr, /at .*fail.*fails\.ts:5:9/);
  });

  it("runs what a file says now, not what it said before", () => {
    write("says.ts", 'export const word: string = "before";');
    assert.equal(load('console.log(require("./says").word)').stdout, "before\n");
    write("says.ts", 'export const word: string = "after";');
    assert.equal(load('console.log(require("./says").word)').stdout, "after\n");
  });

  it("names the place of a mistake", () => {
    write("wrong.ts", "const a = 1;", "const b = (;");
    const { stderr } = load('require("./wrong")');
    assert.match(stderr, /SyntaxError: .*wrong\.ts:2:12: Unexpected ";"/);
  });

  it("leaves npm's resolver out of the SDK, until somebody asks for it", () => {
    const sdk = JSON.stringify(path.dirname(require.resolve("@pulumi/pulumi/package.json")));
    const { stdout, stderr } = load(`
      const modules = () => Object.keys(require.cache).filter((file) => /arborist|sigstore/.test(file));
      require(${sdk});
      console.log(modules().length);
      const { Arborist } = require(require.resolve("@npmcli/arborist", { paths: [${sdk}] }));
      console.log(typeof Arborist, modules().length > 10);
    `);
    assert.equal(stdout, "1\nfunction true\n", stderr);
  });

  it("keeps a file's own folder, and loads other files later", () => {
    write("later.ts", "export const here = __dirname;");
    write("first.ts", 'export const later = () => import("./later");');
    const { stdout } = load('require("./first").later().then((m) => console.log(m.here))');
    assert.equal(stdout.trim(), fs.realpathSync(folder));
  });
});
