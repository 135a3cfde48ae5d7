import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { credentialsFor } from "../../../images/buildkit/credentials";
import { BuildProgress } from "../../../images/buildkit/progress";
import { fields, stringField } from "../../../images/buildkit/protobuf";

/** What BuildKit in Docker 20.10 sent for `RUN cat /f && ls /nothere`. */
const FAILING_STEP = [
  "CscBCkdzaGEyNTY6MjRhYTMyOGU1NzdiNWIzZDc4Njg4Y2RiZDU2NmQ2ZWUzNjY5NTRmODNiNTFjMzAzNTk5Njk1ZjRiZDhiOTVhOBJHc2hhMjU2OjQzNTliODcwMWEwOTU0YzUzNDI0ZGU1YWFlOTA3ODczYjA0ODY3MDM4MjI2MDkyMTIzOTUxYWNiZWM0YjA5ZWUaJ1tzdGFnZS0xIDIvMl0gUlVOIGNhdCAvZiAmJiBscyAvbm90aGVyZSoKCN3ukNgGEISNPA==",
  "Gl8KR3NoYTI1NjoyNGFhMzI4ZTU3N2I1YjNkNzg2ODhjZGJkNTY2ZDZlZTM2Njk1NGY4M2I1MWMzMDM1OTk2OTVmNGJkOGI5NWE4EgwI3e6Q2AYQ6se10wEYAiIEbHM6IA==",
  "GnMKR3NoYTI1NjoyNGFhMzI4ZTU3N2I1YjNkNzg2ODhjZGJkNTY2ZDZlZTM2Njk1NGY4M2I1MWMzMDM1OTk2OTVmNGJkOGI5NWE4EgwI3e6Q2AYQ8+nA0wEYAiIYY2Fubm90IGFjY2VzcyAnL25vdGhlcmUn",
  "GnYKR3NoYTI1NjoyNGFhMzI4ZTU3N2I1YjNkNzg2ODhjZGJkNTY2ZDZlZTM2Njk1NGY4M2I1MWMzMDM1OTk2OTVmNGJkOGI5NWE4EgwI3e6Q2AYQlbTF0wEYAiIbOiBObyBzdWNoIGZpbGUgb3IgZGlyZWN0b3J5",
  "GlwKR3NoYTI1NjoyNGFhMzI4ZTU3N2I1YjNkNzg2ODhjZGJkNTY2ZDZlZTM2Njk1NGY4M2I1MWMzMDM1OTk2OTVmNGJkOGI5NWE4EgwI3e6Q2AYQoofJ0wEYAiIBCg==",
  "Cp8CCkdzaGEyNTY6MjRhYTMyOGU1NzdiNWIzZDc4Njg4Y2RiZDU2NmQ2ZWUzNjY5NTRmODNiNTFjMzAzNTk5Njk1ZjRiZDhiOTVhOBJHc2hhMjU2OjQzNTliODcwMWEwOTU0YzUzNDI0ZGU1YWFlOTA3ODczYjA0ODY3MDM4MjI2MDkyMTIzOTUxYWNiZWM0YjA5ZWUaJ1tzdGFnZS0xIDIvMl0gUlVOIGNhdCAvZiAmJiBscyAvbm90aGVyZSoKCN3ukNgGEISNPDIMCN3ukNgGEJqc+eEBOkhleGVjdXRvciBmYWlsZWQgcnVubmluZyBbL2Jpbi9zaCAtYyBjYXQgL2YgJiYgbHMgL25vdGhlcmVdOiBleGl0IGNvZGU6IDI=",
];

describe("BuildKit's progress", () => {
  it("becomes lines, and the failed step keeps what it said", () => {
    const lines: string[] = [];
    const progress = new BuildProgress((line) => lines.push(line));
    for (const message of FAILING_STEP) progress.trace(message);
    const error = "executor failed running [/bin/sh -c cat /f && ls /nothere]: exit code: 2";
    assert.deepEqual(lines, [
      "#1 [stage-1 2/2] RUN cat /f && ls /nothere",
      "#1 ls: cannot access '/nothere': No such file or directory",
      `#1 ${error}`,
    ]);
    assert.equal(
      progress.failure("build failed"),
      `step "[stage-1 2/2] RUN cat /f && ls /nothere" failed: ${error}\n` +
        "  ls: cannot access '/nothere': No such file or directory",
    );
  });

  it("without a failed step is the daemon's own message", () => {
    const message = "dockerfile parse error line 1: unknown instruction: FORM";
    assert.equal(new BuildProgress(() => undefined).failure(message), message);
  });
});

describe("protobuf fields", () => {
  it("come back as they were written, long ones too", () => {
    for (const text of ["", "x", "y".repeat(127), "z".repeat(128), "ä".repeat(20_000)]) {
      assert.deepEqual(fields(stringField(2, text)), [{ number: 2, bytes: Buffer.from(text) }]);
    }
  });
});

describe("the login for a base image's registry", () => {
  const before = process.env.DOCKER_CONFIG;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-login-"));
  const config = (content: object): void => {
    fs.writeFileSync(path.join(folder, "config.json"), JSON.stringify(content));
  };
  beforeEach(() => {
    process.env.DOCKER_CONFIG = folder;
  });
  after(() => {
    if (before === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = before;
    fs.rmSync(folder, { recursive: true });
  });

  it("is the one that docker login left", async () => {
    const auth = Buffer.from("ann:se:cret").toString("base64");
    config({ auths: { "registry.test": { auth }, "https://index.docker.io/v1/": { auth } } });
    for (const host of ["registry.test", "registry-1.docker.io"]) {
      assert.deepEqual(await credentialsFor(host), { username: "ann", secret: "se:cret" });
    }
  });

  it("is asked of the credential helper, where there is one", async () => {
    const helper = path.join(folder, "docker-credential-here");
    const answer = JSON.stringify({ Username: "bob", Secret: "token" });
    fs.writeFileSync(helper, `#!/bin/sh\ngrep -q registry.test && echo '${answer}'\n`, {
      mode: 0o755,
    });
    config({ credHelpers: { "registry.test": "here" } });
    const searched = process.env.PATH;
    process.env.PATH = `${folder}:${searched ?? ""}`;
    try {
      assert.deepEqual(await credentialsFor("registry.test"), { username: "bob", secret: "token" });
    } finally {
      process.env.PATH = searched;
    }
  });

  it("is none where nobody logged in", async () => {
    config({});
    assert.deepEqual(await credentialsFor("registry.test"), { username: "", secret: "" });
  });
});
