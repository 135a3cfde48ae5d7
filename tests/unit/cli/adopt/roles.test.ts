import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { assignRoles, type Role } from "../../../../cli/adopt/roles";
import { survey } from "../../../../cli/adopt/survey";
import { command } from "../../../../cli/commands/adopt";
import { root } from "../../../../tools/paths";
import { folderOf, removeFolders } from "./folders";

const image = "FROM debian\nCOPY . .\nUSER 1000\n";
const node = { Dockerfile: image, "index.mjs": "http.createServer(x).listen(80)" };
const python = { Dockerfile: image, "main.py": "ThreadingHTTPServer(('', 80), X)" };
const tools = { Dockerfile: image, "main.py": "from fastmcp import FastMCP\nmcp = FastMCP('x')\n" };
const page = { Dockerfile: image, "index.html": "<!doctype html>" };
const go = { Dockerfile: image, "go.mod": "module x\n" };
const database = { Dockerfile: "FROM postgres:16\nCOPY init.sql /docker-entrypoint-initdb.d/\n" };

type Folders = Record<string, Record<string, string>>;

/** Which folder takes which place. */
function places(folders: Folders, named: Partial<Record<Role, string>> = {}) {
  const files = Object.entries(folders).flatMap(([folder, texts]) =>
    Object.entries(texts).map(([name, text]) => [path.join(folder, name), text]),
  );
  const folder = folderOf(Object.fromEntries(files) as Record<string, string>);
  const paths = Object.entries(named) as [Role, string][];
  const { found } = assignRoles(
    survey([folder]),
    new Map(paths.map(([role, name]) => [role, path.join(folder, name)])),
  );
  const taken = Object.entries(found).map(([role, { dockerfile }]) => [
    role,
    path.relative(folder, path.dirname(dockerfile)),
  ]);
  return Object.fromEntries(taken) as Record<string, string>;
}

describe("which application is which", () => {
  after(removeFolders);

  const cases: [what: string, folders: Folders, expected: Record<string, string>][] = [
    [
      "a server of Node.js, one of Python and one of tools, whatever they are called",
      { accounts: node, items: python, now: tools },
      { frontend: "accounts", backend: "items", mcp: "now" },
    ],
    ["a page, and a server in Go", { one: page, two: go }, { frontend: "one", backend: "two" }],
    [
      "a server of tools that is called a server",
      { web: node, server: tools },
      { frontend: "web", mcp: "server" },
    ],
    [
      "a server of Node.js beside a front end by its name",
      { web: page, items: node },
      { frontend: "web", backend: "items" },
    ],
    [
      "a server of Python beside a back end by its name",
      { api: go, pages: python },
      { frontend: "pages", backend: "api" },
    ],
    ["no image of a database", { web: page, data: database }, { frontend: "web" }],
    [
      "nothing of several that could take what is left",
      { web: page, one: node, two: node },
      { frontend: "web" },
    ],
    [
      "an MCP server by its folder, where it is built from a larger one",
      {
        "mcp-tools": { Dockerfile: "FROM x\nCOPY requirements.txt shared ./\n" },
        ".": { "requirements.txt": "fastapi", "shared/x.py": "" },
      },
      { mcp: "mcp-tools" },
    ],
  ];
  for (const [what, folders, expected] of cases) {
    it(what, () => {
      assert.deepEqual(places(folders), expected);
    });
  }

  it("is what somebody says, before every guess", () => {
    const folders = { api: python, web: node, tools };
    assert.deepEqual(places(folders, { frontend: "api", backend: "web" }), {
      frontend: "api",
      backend: "web",
      mcp: "tools",
    });
  });

  it("is of the innermost folder that was named", () => {
    const folders = { ".": node, api: python };
    assert.deepEqual(places(folders, { frontend: ".", backend: "api" }), {
      frontend: "",
      backend: "api",
    });
  });

  it("may be two of one folder, by their Dockerfiles' names", () => {
    const folders = { api: { ...python, "mcp.Dockerfile": image } };
    const folder = folderOf({ "api/Dockerfile": image, "api/mcp.Dockerfile": image });
    const api = path.join(folder, "api");
    const { found } = assignRoles(
      survey([folder]),
      new Map<Role, string>([
        ["backend", api],
        ["mcp", api],
      ]),
    );
    assert.equal(path.basename(found.mcp?.dockerfile ?? ""), "mcp.Dockerfile");
    assert.equal(path.basename(found.backend?.dockerfile ?? ""), "Dockerfile");
    assert.deepEqual(places(folders, { backend: "api" }), { backend: "api" });
  });

  describe("on the command line", () => {
    const stack = `adopt-roles-${process.pid}`;
    const file = path.join(root, `Pulumi.${stack}.yaml`);
    const run = (...positionals: string[]) =>
      command.run({ flags: { stack }, positionals, signal: AbortSignal.timeout(10_000) });

    afterEach(() => {
      fs.rmSync(file, { force: true });
    });

    it("is said by frontend=PATH beside settings", async () => {
      const folder = folderOf({ "x/Dockerfile": image, "y/Dockerfile": image });
      await run(`backend=${folder}/x`, `frontend=${folder}/y`, "backendPort=9000");
      const text = fs.readFileSync(file, "utf8");
      assert.match(text, /backendContext: \S+\/x$/m);
      assert.match(text, /frontendContext: \S+\/y$/m);
      assert.match(text, /backendPort: 9000$/m);
    });

    it("is refused where there is nothing to take, and nothing is written", async () => {
      const folder = folderOf({ "x/Dockerfile": image, "y/README.md": "" });
      const refusals: [args: string[], message: RegExp][] = [
        [[`frontend=${folder}/x`, `backend=${folder}/y`], /no Dockerfile for backend in .*\/y/],
        [[`frontend=${folder}/none`], /There is no folder .*\/none/],
        [["frontend="], /A path is missing/],
        [[`mcp=${folder}/x`, `mcp=${folder}/y`], /mcp is there twice/],
      ];
      for (const [args, message] of refusals) await assert.rejects(run(...args), message);
      assert.ok(!fs.existsSync(file));
    });
  });
});
