import assert from "node:assert/strict";

import {
  readChartValues,
  readCompose,
  readEnvFile,
  readPackageJson,
  readPyproject,
  readRequirements,
} from "../../../../cli/adopt/manifests";

describe("what adopt reads beside a Dockerfile", () => {
  it("the packages of Node.js and of Python, however they are written", () => {
    assert.deepEqual(
      [
        ...readPackageJson(
          '{"dependencies": {"next": "16", "pg": "8"}, "devDependencies": {"jest": "1"}}',
        ).names,
      ],
      ["next", "pg"],
    );
    assert.deepEqual(
      [
        ...readRequirements(
          "# a\nfastapi>=0.1\nuvicorn[standard]==1 ; python_version > '3'\n-r other.txt\n    # via x\npsycopg2_binary\n",
        ).names,
      ],
      ["fastapi", "uvicorn", "psycopg2-binary"],
    );
    assert.deepEqual(
      readRequirements("a\nb>=1\nc==1\nd<2\ne~=1.0\nf[x] ; python_version < '4'\n").unpinned,
      ["a", "b", "f"],
    );
    const standard =
      '[project]\nname = "x"\ndependencies = [\n  "fastapi>=0.1",  # why\n  "psycopg[binary]>=3",\n]\n[dependency-groups]\ndev = ["pytest"]\n';
    assert.deepEqual([...readPyproject(standard).names], ["fastapi", "psycopg"]);
    assert.deepEqual(
      [...readPyproject('[project]\ndependencies = ["mcp", "httpx"]\n').names],
      ["mcp", "httpx"],
    );
    const poetry =
      '[tool.poetry.dependencies]\npython = "^3.12"\nSQLAlchemy = {version = "2"}\n[tool.poetry.group.dev.dependencies]\npytest = "8"\n';
    assert.deepEqual([...readPyproject(poetry).names], ["python", "sqlalchemy"]);
  });

  it("variables of an example, without comments and quotes", () => {
    const text =
      "# A=0\nA=1\nexport B=\"two words\" # why\nC='x#y'\nD=postgresql://u:p@h/d?sslmode=require\nE=\nF=1 # note\n";
    assert.deepEqual(readEnvFile(text), {
      A: "1",
      B: "two words",
      C: "x#y",
      D: "postgresql://u:p@h/d?sslmode=require",
      E: "",
      F: "1",
    });
  });

  it("services of Compose in both of its forms", () => {
    const [web, api, db] = readCompose(`
x-env: &env { LOG: info }
services:
  web:
    build: ./web
    ports: ["127.0.0.1:8080:3000", { target: 3001 }]
    environment: ["A=1=2", "B"]
    depends_on: [api]
    volumes: ["data:/data", "./x:/x:ro"]
  api:
    build: { context: ., dockerfile: api.Dockerfile, target: prod, args: { V: 1 } }
    environment: { <<: *env, PORT: 8000 }
    depends_on: { db: { condition: service_healthy } }
    healthcheck: { test: ["CMD", "curl", "http://localhost:8000/ok"] }
    command: ["uvicorn", "x"]
  db: { image: "postgres:17" }
`);
    assert.deepEqual(web?.build, {
      context: "./web",
      dockerfile: "Dockerfile",
      target: "",
      args: {},
    });
    assert.deepEqual(
      [web.ports, web.volumes, web.dependsOn],
      [[3000, 3001], ["/data", "/x"], ["api"]],
    );
    assert.deepEqual(web.environment, { A: "1=2", B: "" });
    assert.deepEqual(api?.build?.args, { V: "1" });
    assert.deepEqual(api.environment, { LOG: "info", PORT: "8000" });
    assert.equal(api.command, "uvicorn x");
    assert.match(api.healthcheck, /8000\/ok/);
    assert.deepEqual([db?.image, db?.build], ["postgres:17", undefined]);
  });

  it("a chart of one application, and one of several", () => {
    const one =
      "image: { repository: api }\nservice: { port: 8000 }\nenv: [{ name: A, value: 1 }]\nreadinessProbe: { httpGet: { path: /ok } }\n";
    assert.deepEqual(readChartValues(one), [
      {
        name: "",
        image: "api",
        port: 8000,
        environment: { A: "1" },
        livenessPath: "",
        readinessPath: "/ok",
      },
    ]);
    const several =
      "backend:\n  image: { repository: b }\n  service: { port: 80, targetPort: 8000 }\nfrontend:\n  image: f\nreplicas: 1\n";
    assert.deepEqual(
      readChartValues(several).map(({ name, image, port }) => [name, image, port]),
      [
        ["backend", "b", 8000],
        ["frontend", "f", undefined],
      ],
    );
  });
});
