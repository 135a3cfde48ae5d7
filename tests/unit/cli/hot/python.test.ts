import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { dockerfileCommand, pythonFolder, servedModule } from "../../../../cli/hot/python";
import { root } from "../../fixtures/stack";

describe("a Python application whose files may be edited in its pods", () => {
  it("is known by the command of its image", () => {
    const text = fs.readFileSync(path.join(root, "docker/backend.Dockerfile"), "utf8");
    const command = dockerfileCommand(text);
    assert.deepEqual(command, ["python", "-m", "app.serve"]);
    assert.equal(servedModule(command), "app.serve");
  });

  for (const [command, module] of [
    ["python -m app.serve mcp", "app.serve"],
    ["/opt/venv/bin/python3.13 -m uvicorn app.main:app --port 8000", "app.main"],
    ["uvicorn --host 0.0.0.0 main:api", "main"],
    ["python main.py", undefined],
    ["gunicorn app.main:app", undefined],
    ["node server.js", undefined],
    ["", undefined],
  ] as const) {
    it(`${module === undefined ? "is not one" : `serves ${module}`} with ${command || "no command"}`, () => {
      assert.equal(servedModule(command.split(" ").filter(Boolean)), module);
    });
  }

  it("takes a command of a Dockerfile's over several lines, behind its entry point", () => {
    const text =
      'FROM a\nCMD ["x"]\nFROM b\nENTRYPOINT ["python3", "-m"]\ncmd ["uvicorn", \\\n  "main:app"]\n';
    assert.deepEqual(dockerfileCommand(text), ["python3", "-m", "uvicorn", "main:app"]);
    assert.equal(dockerfileCommand("FROM a\nCMD [ -f x ] && python main.py\n"), undefined);
    assert.equal(dockerfileCommand("FROM a\n"), undefined);
  });

  it("is imported from the nearest folder that has the module", () => {
    const entries = ["backend/vendor/app/serve.py", "backend/app/serve.py", "app.py"].map(
      (path) => ({ path }),
    );
    assert.equal(pythonFolder("app.serve", entries)?.folder, "backend");
    assert.equal(pythonFolder("app", entries)?.folder, "");
    assert.equal(pythonFolder("other", entries), undefined);
  });

  it("takes a new image where other libraries are wanted, not where a file is edited", () => {
    const hot = pythonFolder("main", [{ path: "main.py" }]);
    assert.ok(hot);
    assert.ok(
      ["requirements.txt", "requirements-dev.txt", "pyproject.toml", "uv.lock"].every(
        hot.needsBuild,
      ),
    );
    assert.ok(!["main.py", "app/requirements.txt", "app/data.toml"].some(hot.needsBuild));
  });
});
