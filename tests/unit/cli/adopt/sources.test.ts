import assert from "node:assert/strict";

import { readSources } from "../../../../cli/adopt/sources";
import { survey } from "../../../../cli/adopt/survey";
import { folderOf, planFor, removeFolders, written } from "./folders";

const dockerfile = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nUSER 1000\nCMD python main.py\n";

/** A back end of these files, beside its Dockerfile. */
function backend(files: Record<string, string>) {
  const named = Object.entries(files).map(([name, text]) => [`api/${name}`, text]);
  const all = Object.fromEntries(named) as Record<string, string>;
  return written(folderOf({ "api/Dockerfile": dockerfile, ...all }));
}

describe("what adopt reads in sources", () => {
  after(removeFolders);

  describe("the port", () => {
    const cases: [port: number | undefined, text: string][] = [
      [9000, 'uvicorn.run("main:app", host=os.getenv("HOST", "0.0.0.0"), port=9000)'],
      [9001, 'mcp = FastMCP("tools", port=9001)'],
      [9002, 'mcp.run(transport="http", host="0.0.0.0", port=9002)'],
      [8080, "app.listen(8080, () => {})"],
      [8081, 'await fastify.listen({ host: "0.0.0.0", port: 8081 })'],
      [4000, "const port = process.env.PORT ?? 4000;"],
      [4001, 'app.listen(process.env["PORT"] || "4001")'],
      [4002, 'port = int(os.environ.get("PORT", "4002"))'],
      [8082, 'ThreadingHTTPServer(("", 8082), Items).serve_forever()'],
      [50051, 'server.add_insecure_port("[::]:50051")'],
      [undefined, 'uvicorn.run(app, port=int(os.environ["PORT"]))'],
      [undefined, "# uvicorn.run(app, port=9000)\ncreate_engine(x, port=5432)"],
      [undefined, "// app.listen(3000)"],
    ];
    for (const [port, text] of cases) {
      it(`${String(port)}: ${text}`, () => {
        assert.equal(readSources([text]).server.port, port);
      });
    }

    it("is that of the script which the image runs, and the image's EXPOSE goes before", () => {
      const script = {
        "package.json": '{"scripts": {"serve": "fastify start --port 7000 app.js"}}',
      };
      const run = { Dockerfile: "FROM node:20\nCOPY . .\nUSER 1000\nCMD npm run serve\n" };
      assert.equal(backend({ ...script, ...run }).value("backendPort"), 7000);
      const exposed = { Dockerfile: `${run.Dockerfile}EXPOSE 7001\n` };
      assert.equal(backend({ ...script, ...exposed }).value("backendPort"), 7001);
      assert.equal(backend({ "main.py": "app.run(port=7002)" }).value("backendPort"), 7002);
    });
  });

  it("paths that answer whether it is well, of several frameworks and of none", () => {
    const texts = [
      'app = Starlette(routes=[Route("/healthz", health)])',
      'mcp = FastMCP("x")\n@mcp.custom_route("/healthz", methods=["GET"])',
      "const app = new Hono();\napp.get('/healthz', well)",
      'if (request.url === "/healthz") response.end("ok");',
      'if self.path == "/healthz":',
    ];
    for (const text of texts) assert.deepEqual(readSources([text]).healthPaths, ["/healthz"], text);
  });

  it("a folder that itself lies among tests, but no test in it", () => {
    const folder = folderOf({
      "tests/api/Dockerfile": dockerfile,
      "tests/api/main.py": 'x = os.environ["REGION"]\n',
      "tests/api/tests/test_main.py": 'x = os.environ["ONLY_IN_TESTS"]\n',
    });
    assert.equal(written(folder).refused.length, 0);
    const [{ sources } = assert.fail()] = survey([folder]).applications;
    assert.deepEqual([...sources.requires], ["REGION"]);
  });

  it("gRPC, whose health service is asked where it has one", () => {
    const server = "server = grpc.aio.server()\n";
    const health = "health_pb2_grpc.add_HealthServicer_to_server(x, server)\n";
    assert.equal(backend({ "main.py": server + health }).value("backendProbeKind"), "grpc");
    assert.equal(backend({ "main.py": server }).value("backendProbeKind"), "tcp");
  });

  it("the form of CORS_ORIGINS, and that nothing starts without it", () => {
    const read = 'os.environ["CORS_ORIGINS"]';
    const comma = backend({ "main.py": `origins = ${read}.split(",")` });
    assert.equal(comma.value("backendCorsFormat"), "comma");
    assert.deepEqual(comma.value("backendCorsOrigins"), ["http://localhost:30300"]);
    const json = backend({ "main.py": `origins = json.loads(${read})` });
    assert.equal(json.value("backendCorsFormat"), undefined);
    const settings = "class Settings(BaseSettings):\n    cors_origins: list[str] = []\n";
    assert.equal(backend({ "main.py": settings }).value("backendCorsFormat"), undefined);
  });

  it("the path of an MCP server", () => {
    const cases: [path: string | undefined, text: string][] = [
      ["/", 'mcp = FastMCP("x", streamable_http_path="/")'],
      ["/tools", 'mcp = FastMCP("x")\nmcp.run(transport="http", path="/tools")'],
      ["/sse", 'mcp = FastMCP("x")\nmcp.run(transport="sse")'],
      [
        "/rpc",
        'import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";\napp.post("/rpc", x)',
      ],
      [undefined, 'mcp = FastMCP("x")\nmcp.run(transport="http")'],
      [undefined, 'mcp = FastMCP("x")\n@app.post("/chat")\ndef chat(): ...'],
    ];
    for (const [path, text] of cases) assert.equal(readSources([text]).server.mcpPath, path, text);
  });

  describe("the database", () => {
    it("in parts: by libpq's own variables, or by names of the application's", () => {
      const libpq = backend({ "main.py": 'psycopg.connect("")', "requirements.txt": "psycopg==3" });
      assert.equal(libpq.value("backendDatabase"), "full");
      const own = backend({
        "requirements.txt": "django==5\npsycopg==3",
        "settings.py":
          'HOST = os.environ["DB_HOST"]\nPASSWORD = os.environ["DB_PASSWORD"]\nNAME = os.getenv("DB_NAME", "x")\n',
      });
      assert.equal(own.value("backendDatabase"), "full");
      assert.deepEqual(own.value("backendEnv"), {
        DB_HOST: "$(PGHOST)",
        DB_PASSWORD: "$(PGPASSWORD)",
        DB_NAME: "$(PGDATABASE)",
      });
    });

    it("in parts is not asked for as a secret too, where developers have a file", () => {
      const folder = folderOf({
        "api/Dockerfile": dockerfile,
        "api/requirements.txt": "django==5\npsycopg==3",
        "api/settings.py":
          'x = os.getenv("DB_HOST") or "sqlite:///./dev.db"\ny = os.getenv("DB_PASSWORD")\n',
      });
      assert.deepEqual(planFor(folder).secrets, []);
      assert.equal(written(folder).value("backendDatabase"), "full");
      assert.equal(written(folder).value("backendVolumePath"), undefined);
    });

    it("of another kind is not given the parts of this one", () => {
      const other = backend({
        "requirements.txt": "pymysql==1",
        "main.py": 'HOST = os.getenv("DB_HOST", "x")\n',
      });
      assert.equal(other.value("backendDatabase"), "none");
      assert.equal(other.value("backendEnv"), undefined);
    });

    it("in a file: on a volume, with one pod", () => {
      const { value, refused } = backend({
        "main.py": 'url = os.getenv("DATABASE_URL", "sqlite:///./todo.db")\n',
      });
      assert.deepEqual(refused, []);
      assert.equal(value("backendDatabase"), "none");
      assert.equal(value("backendVolumePath"), "/data");
      assert.equal(value("backendReplicas"), 1);
      assert.equal(value("autoscaling"), false);
      assert.deepEqual(value("backendEnv"), { DATABASE_URL: "sqlite:////data/todo.db" });
    });

    it("in a file whose folder is said: the volume is there", () => {
      const absolute = backend({ "main.py": 'engine = create_engine("sqlite:////var/db/x.db")' });
      assert.equal(absolute.value("backendVolumePath"), "/var/db");
      assert.equal(absolute.value("backendEnv"), undefined);
      const below = backend({ "main.py": 'engine = create_engine("sqlite:///./rows/x.db")' });
      assert.equal(below.value("backendVolumePath"), "/app/rows");
    });

    it("in a file beside the program, whose address cannot be said, is left to the person", () => {
      const folder = folderOf({
        "api/Dockerfile": dockerfile,
        "api/main.py": 'engine = create_engine("sqlite:///./x.db")',
      });
      assert.equal(written(folder).value("backendVolumePath"), undefined);
      assert.match(planFor(folder).open.join("\n"), /only on a volume and with one pod/);
    });

    it("is PostgreSQL where there is a driver for it, and a file only without an address", () => {
      const { value } = backend({
        "requirements.txt": "sqlalchemy==2\nasyncpg==0.31",
        "main.py": 'create_async_engine(os.getenv("DATABASE_URL", "sqlite+aiosqlite:///./x.db"))',
      });
      assert.equal(value("backendVolumePath"), undefined);
      assert.equal(value("backendDatabaseScheme"), "postgresql+asyncpg");
    });
  });

  describe("what makes the tables", () => {
    const command = (files: Record<string, string>): unknown =>
      backend(files).value("backendMigrateCommand");

    it("a script of package.json that is plain words", () => {
      const scripts = (line: string) => ({
        "package.json": JSON.stringify({ scripts: { "db:migrate": line } }),
      });
      assert.deepEqual(command(scripts("node migrate.mjs")), ["node", "migrate.mjs"]);
      assert.deepEqual(command(scripts("prisma migrate deploy")), [
        "node_modules/.bin/prisma",
        ...["migrate", "deploy"],
      ]);
      for (const line of ["prisma migrate dev", "build && node x", "node x $HOME"])
        assert.deepEqual(command(scripts(line)), [], line);
    });

    it("a program of that name in the image, which nothing else runs", () => {
      const program = { "migrate.py": "x = 1\n" };
      assert.deepEqual(command(program), ["python", "migrate.py"]);
      assert.deepEqual(command({ ...program, "main.py": "from migrate import run\n" }), []);
      const run = dockerfile.replace("python main.py", "python migrate.py && python main.py");
      assert.deepEqual(command({ ...program, Dockerfile: run }), []);
      const left = dockerfile.replace("COPY . .", "COPY main.py ./");
      assert.deepEqual(command({ ...program, "main.py": "", Dockerfile: left }), []);
    });
  });
});
