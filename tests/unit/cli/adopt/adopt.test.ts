import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { reportLines } from "../../../../cli/adopt/report";
import { command } from "../../../../cli/commands/adopt";
import { root } from "../../../../tools/paths";
import { folderOf, planFor, removeFolders, written } from "./folders";

const nextDockerfile =
  "FROM node:20-alpine\nWORKDIR /app\nCOPY package.json ./\nRUN adduser -S -u 1001 nextjs\nUSER nextjs\nEXPOSE 3000\nCMD node server.js\n";
const fastApiDockerfile =
  "FROM python:3.13-slim\nCOPY requirements.txt .\nEXPOSE 8080\nHEALTHCHECK CMD curl -f http://localhost:8080/healthz\nCMD uvicorn main:app\n";

const shop: Record<string, string> = {
  "web/Dockerfile": nextDockerfile,
  "web/package.json": '{"dependencies": {"next": "16", "pg": "8", "better-auth": "1"}}',
  "web/lib/auth.ts":
    "export const pool = new Pool({ connectionString: process.env.DATABASE_URL });\nconst api = process.env.NEXT_PUBLIC_API_URL;\n",
  "web/.env.example":
    "BETTER_AUTH_SECRET=change-me\nBETTER_AUTH_URL=http://localhost:3000\nNEXT_PUBLIC_API_URL=http://localhost:8080\n",
  "api/Dockerfile": fastApiDockerfile,
  "api/requirements.txt": "fastapi\nsqlalchemy\nasyncpg\n",
  "api/main.py":
    'engine = create_async_engine(os.environ["DATABASE_URL"])\napp = FastAPI()\nkey = os.environ["STRIPE_API_KEY"]\nregion = os.environ["REGION"]\n',
  "api/.env": "STRIPE_API_KEY=sk_live_51Hsecret\nINTERNAL=hidden-value\n",
  "docker-compose.yml": `
services:
  web: { build: ./web, ports: ["3000:3000"] }
  api:
    build: { context: ./api }
    environment:
      DATABASE_URL: postgresql+asyncpg://shop:geheim@db/shop
      CORS_ORIGINS: http://localhost:3000,http://127.0.0.1:3000
      AUTH_JWKS_URL: http://web:3000/api/auth/jwks
      LOG_LEVEL: debug
    depends_on: [db, cache]
  db: { image: "postgres:16", environment: { POSTGRES_PASSWORD: geheim } }
  cache: { image: "redis:7" }
`,
};

describe("adopt", () => {
  after(removeFolders);

  it("writes what the applications need, in a file that the project accepts", () => {
    const { value, refused } = written(folderOf(shop));
    assert.deepEqual(refused, []);
    assert.equal(value("backendPort"), 8080);
    assert.equal(value("backendReadinessPath"), "/healthz");
    assert.deepEqual(value("backendMigrateCommand"), []);
    assert.equal(value("backendDatabaseScheme"), "postgresql+asyncpg");
    assert.equal(value("backendCorsFormat"), "comma");
    assert.equal(value("frontendDatabase"), "url");
    assert.equal(value("frontendRunAsUser"), 1001);
    assert.deepEqual(value("frontendWritablePaths"), ["/tmp", "/app/.next/cache"]);
    assert.equal(value("backendExpose"), "nodePort");
    assert.deepEqual(value("frontendEnv"), { BETTER_AUTH_URL: "http://localhost:30300" });
    assert.deepEqual(value("backendEnv"), {
      AUTH_JWKS_URL: "http://frontend:3000/api/auth/jwks",
      LOG_LEVEL: "debug",
    });
    assert.deepEqual(value("backendEgressPorts"), [3000]);
  });

  it("has a comment above each guess", () => {
    const { text } = written(folderOf(shop));
    const lines = text.split("\n");
    const keys = lines.filter((line) => /^ {2}todo-app:(frontend|backend)\w+:/.test(line));
    assert.ok(keys.length > 10);
    for (const key of keys) assert.match(lines[lines.indexOf(key) - 1] ?? "", /^ {2}# \S/, key);
  });

  it("names secrets with the command that sets them, and never writes or says one", () => {
    const folder = folderOf(shop);
    const plan = planFor(folder);
    const said = reportLines("local", plan, []).join("\n");
    assert.match(said, /config set --secret --path 'frontendSecretEnv\.BETTER_AUTH_SECRET'/);
    assert.match(said, /config set --secret --path 'backendSecretEnv\.STRIPE_API_KEY'/);
    for (const text of [said, written(folder).text]) {
      assert.doesNotMatch(text, /sk_live|hidden-value|geheim|change-me/);
    }
  });

  it("says what could not be known", () => {
    const said = planFor(folderOf(shop)).open.join("\n");
    assert.match(said, /cache \(redis:7\), which the stack has not/);
    assert.match(said, /does not start without REGION: .*'backendEnv\.REGION'/);
    assert.match(said, /\.env sets INTERNAL, whose value was not read/);
    assert.match(said, /has no ARG NEXT_PUBLIC_API_URL/);
    assert.match(said, /backend: its Dockerfile names no USER/);
    assert.doesNotMatch(said, /postgres:16/);
  });

  it("says what stands in a build's way, or should not be in an image", () => {
    const folder = folderOf({
      ...shop,
      "web/Dockerfile": `${nextDockerfile}FROM x\nCOPY . .\nCOPY yarn.lock ./\nCOPY --from=0 /app/.next/standalone ./\n`,
      "web/.git/HEAD": "ref: refs/heads/main\n",
      "web/.env.local": "A=1\n",
      "web/next.config.mjs": "export default {};\n",
    });
    const said = planFor(folder).open.join("\n");
    assert.match(said, /copies yarn\.lock, which is not in web\//);
    assert.match(said, /only with output: "standalone"/);
    assert.match(said, /\.env\.local will be in the image/);
    assert.match(said, /\.git is part of its build/);
    fs.writeFileSync(path.join(folder, "web/.dockerignore"), ".git\n.env*\n");
    fs.writeFileSync(
      path.join(folder, "web/next.config.mjs"),
      'export default { output: "standalone" };\n',
    );
    const after = planFor(folder).open.join("\n");
    assert.doesNotMatch(after, /standalone|will be in the image|\.git is part/);
  });

  it("says of migrations that nothing runs, and of host names that are refused", () => {
    const folder = folderOf({
      ...shop,
      "api/migrations/001_tasks.sql": "create table tasks ();",
      "api/host.py":
        "app.add_middleware(TrustedHostMiddleware(allowed_hosts=['shop.example.com']))\n",
    });
    const said = planFor(folder).open.join("\n");
    assert.match(
      said,
      /nothing in the stack runs migrations\/001_tasks\.sql: backendMigrateCommand/,
    );
    assert.match(said, /only under certain host names, .* called backend: let that in too/);
    assert.equal(written(folder).value("backendProbeHost"), "shop.example.com");
    fs.writeFileSync(path.join(folder, "api/host.py"), "ALLOWED_HOSTS = os.environ['HOSTS']\n");
    assert.match(planFor(folder).open.join("\n"), /set backendProbeHost to a name/);
  });

  it("lets what is given go before a guess, and the rest follow from it", () => {
    const { value } = written(folderOf(shop), { nodePort: "31000", backendPort: "9000" });
    assert.equal(value("nodePort"), 31000);
    assert.equal(value("backendPort"), 9000);
    assert.equal(value("publicUrl"), "http://localhost:31000");
    assert.equal(value("backendPublicUrl"), "http://localhost:31001");
  });

  it("leaves out what the project would refuse, and says so", () => {
    const folder = folderOf({
      ...shop,
      "api/Dockerfile": fastApiDockerfile.replace("EXPOSE 8080", "EXPOSE 99999"),
    });
    const { value, refused } = written(folder);
    assert.equal(value("backendPort"), undefined);
    assert.match(refused.join("\n"), /backendPort: 99999 was found, but it must be a whole number/);
  });

  it("finds the folder that a Dockerfile of another folder is about, and an MCP server", () => {
    const folder = folderOf({
      "docker/backend.Dockerfile":
        "FROM a\nCOPY pyproject.toml uv.lock ./\nEXPOSE 8000\nCMD uv run main.py\n",
      "docker/mcp.Dockerfile": "FROM a\nCOPY pyproject.toml tools/ ./\nEXPOSE 8001\n",
      "server/pyproject.toml":
        '[project]\ndependencies = ["fastapi", "mcp", "psycopg[binary]", "sqlmodel"]\n',
      "server/uv.lock": "",
      "server/tools/x.py": "",
    });
    const { value } = written(folder);
    assert.equal(value("backendContext"), path.relative(root, path.join(folder, "server")));
    assert.equal(value("backendDatabaseScheme"), "postgresql+psycopg");
    assert.equal(value("backendProbeKind"), "tcp");
    assert.equal(value("backendReadOnlyRoot"), false);
    assert.equal(value("mcpMode"), "separate");
    assert.equal(value("mcpContext"), value("backendContext"));
    assert.deepEqual(value("mcpCommand"), []);
  });

  describe("the scheme of the database's address, which says the driver to SQLAlchemy", () => {
    const cases: [packages: string, sources: string, scheme: string | undefined][] = [
      ["sqlmodel\npsycopg2-binary", "create_engine(x)", "postgresql+psycopg2"],
      ["sqlalchemy\npsycopg[binary]", "create_engine(x)", "postgresql+psycopg"],
      ["sqlalchemy\nasyncpg\npsycopg2-binary", "create_async_engine(x)", "postgresql+asyncpg"],
      ["sqlalchemy\npsycopg", "create_async_engine(x)", "postgresql+psycopg"],
      [
        "sqlalchemy\nasyncpg",
        'create_async_engine(x.replace("postgresql://", "postgresql+asyncpg://"))',
        undefined,
      ],
      ["sqlalchemy\npsycopg2", "create_engine(x); psycopg2.connect(x)", undefined],
      ["asyncpg", "asyncpg.create_pool(x)", undefined],
    ];
    for (const [packages, sources, scheme] of cases) {
      it(`${String(scheme)} for ${JSON.stringify(packages)} and ${sources}`, () => {
        const folder = folderOf({
          "api/Dockerfile": fastApiDockerfile,
          "api/requirements.txt": `fastapi\n${packages}\n`,
          "api/db.py": `x = os.getenv("DATABASE_URL")\n${sources}\n`,
        });
        assert.equal(written(folder).value("backendDatabaseScheme"), scheme);
      });
    }
  });

  it("takes a database's address under another name apart", () => {
    const folder = folderOf({
      "api/Dockerfile": fastApiDockerfile,
      "api/requirements.txt": "fastapi",
      "compose.yaml":
        "services: { api: { build: ./api, environment: { ASYNC_DB: 'postgresql+asyncpg://u:geheim@db:5432/x' } } }\n",
    });
    const { value, text } = written(folder);
    assert.equal(value("backendDatabase"), "full");
    assert.deepEqual(value("backendEnv"), {
      ASYNC_DB: "postgresql+asyncpg://$(PGUSER):$(PGPASSWORD)@$(PGHOST):$(PGPORT)/$(PGDATABASE)",
    });
    assert.doesNotMatch(text, /geheim/);
  });

  it("passes over what cannot be read, and names it", () => {
    const folder = folderOf({ ...shop, "web/package.json": "{", "compose.yaml": "services: [" });
    const said = planFor(folder).open.join("\n");
    assert.match(said, /Not read: .*package\.json/);
    assert.match(said, /Not read: .*compose\.yaml/);
  });

  it("keeps what was encrypted in the file that it replaces", () => {
    const before =
      "encryptionsalt: v1:abc\nconfig:\n  todo-app:backendPort: 1\n  todo-app:openaiApiKey:\n    secure: v1:def\n";
    const { text, value } = written(folderOf(shop), {}, before);
    assert.match(text, /^encryptionsalt: v1:abc$/m);
    assert.deepEqual(value("openaiApiKey"), { secure: "v1:def" });
    assert.equal(value("backendPort"), 8080);
  });

  it("does not replace a stack's file without being told to", async () => {
    const stack = `adopt-test-${process.pid}`;
    const file = path.join(root, `Pulumi.${stack}.yaml`);
    const run = (flags: Record<string, boolean>) =>
      command.run({
        flags: { stack, ...flags },
        positionals: [folderOf(shop)],
        signal: AbortSignal.timeout(10_000),
      });
    fs.writeFileSync(file, "config: {}\n");
    try {
      await assert.rejects(run({}), /--yes|--force|there already/);
      assert.equal(fs.readFileSync(file, "utf8"), "config: {}\n");
      assert.equal(await run({ force: true }), 0);
      assert.match(fs.readFileSync(file, "utf8"), /backendPort: 8080/);
      const kept = fs
        .readdirSync(path.join(root, ".stack/replaced"))
        .filter((name) => name.includes(stack));
      assert.equal(kept.length, 1);
      for (const name of kept) fs.rmSync(path.join(root, ".stack/replaced", name));
    } finally {
      fs.rmSync(file, { force: true });
    }
  });
});
