import assert from "node:assert/strict";

import { FakeProject } from "./support/project";

/** What the kubectl engine would apply, from the copy's own files. */
const PRINT = `
import { parseStackFile, readStackFile } from "./config/stack-file";
import { givenSecrets, secretInput } from "./cli/kubectl-engine/secrets";
import { stackObjectsWithSecrets } from "./render/objects";
import { manifestArgs } from "./stack/args";

const file = readStackFile("local", __dirname);
try {
  const secrets = secretInput("local", file);
  const config = parseStackFile({ ...file, values: { ...file.values, ...givenSecrets("local") } });
  const args = manifestArgs(config, { frontend: "f:1", backend: "b:1" });
  console.log(JSON.stringify(stackObjectsWithSecrets(args, secrets)));
} catch (error) {
  console.error(error.message, error.next.join("\\n"));
  process.exitCode = 1;
}
`;

interface Printed {
  kind: string;
  metadata: { name: string };
  stringData?: Record<string, string>;
  spec?: {
    template?: { spec: { containers: { env?: { name: string; valueFrom?: unknown }[] }[] } };
  };
}

describe("secret variables without Pulumi", function () {
  this.timeout(60_000);
  let project: FakeProject;

  beforeEach(() => {
    project = new FakeProject();
    project.write("print.ts", PRINT);
  });
  afterEach(() => {
    project.remove();
  });

  const print = () =>
    project.spawn(process.execPath, ["--require", "./program/typescript.cjs", "print.ts"]);

  it("are held to the rules that they have with Pulumi, with no value in the message", async () => {
    project.write("Pulumi.local.yaml", project.read("Pulumi.dev.yaml"));
    project.write(
      ".stack/kubectl/secrets.json",
      JSON.stringify({
        databasePassword: "d".repeat(32),
        jwtSecret: "too short",
        databaseUrl: "postgresql://me:pa#ss@db.example.com/todo",
        backendSecretEnv: { ACCOUNT: 12345 },
        backendBuildSecrets: { npmrc: "token" },
        stripeKey: "sk-live",
      }),
    );
    const { code, stderr } = await print();
    assert.equal(code, 1);
    for (const expected of [
      "jwtSecret must be 32 bytes or longer",
      "databaseUrl must be a PostgreSQL URL in which",
      "backendSecretEnv.ACCOUNT must be text, in quotes",
      "stripeKey is no secret of the stack",
    ]) {
      assert.ok(stderr.includes(expected), stderr);
    }
    assert.ok(!stderr.includes("backendBuildSecrets"), stderr);
    for (const secret of ["too short", "pa#ss", "12345", "sk-live"]) {
      assert.ok(!stderr.includes(secret), stderr);
    }
  });

  it("may be the key before and the way past a pooler", async () => {
    project.write("Pulumi.local.yaml", project.read("Pulumi.dev.yaml"));
    project.write(
      ".stack/kubectl/secrets.json",
      JSON.stringify({
        databasePassword: "d".repeat(32),
        jwtSecret: "j".repeat(64),
        checksumKey: "c",
        jwtSecretPrevious: "p".repeat(64),
      }),
    );
    const { stdout, stderr } = await print();
    const objects = JSON.parse(stdout || assert.fail(stderr)) as Printed[];
    const secret = objects.find(({ metadata }) => metadata.name === "backend-env");
    assert.deepEqual(secret?.stringData, { JWT_SECRET_PREVIOUS: "p".repeat(64) });
  });

  it("come from .stack/kubectl/secrets.json: every key that a pod refers to is in its Secret", async () => {
    project.write("Pulumi.local.yaml", project.read("Pulumi.dev.yaml"));
    const generated = {
      databasePassword: "d".repeat(32),
      jwtSecret: "j".repeat(64),
      checksumKey: "c",
    };
    const backendSecretEnv = { STRIPE_KEY: "sk-live" };
    project.write(
      ".stack/kubectl/secrets.json",
      JSON.stringify({ ...generated, backendSecretEnv }),
    );
    const { code, stdout, stderr } = await print();
    assert.equal(code, 0, stderr);
    const objects = JSON.parse(stdout) as Printed[];
    const secret = objects.find(({ metadata }) => metadata.name === "backend-env");
    assert.deepEqual(secret?.stringData, backendSecretEnv);
    const backend = objects.find(
      ({ kind, metadata }) => kind === "Deployment" && metadata.name === "backend",
    );
    const [container] = backend?.spec?.template?.spec.containers ?? [];
    const variable = container?.env?.find(({ name }) => name === "STRIPE_KEY");
    assert.match(JSON.stringify(variable?.valueFrom), /backend-env.*STRIPE_KEY/);
  });

  it("that are encrypted are refused, with the place and the form for them", async () => {
    const dev = project.read("Pulumi.dev.yaml").trimEnd();
    project.write(
      "Pulumi.local.yaml",
      `${dev}\n  todo-app:backendSecretEnv:\n    STRIPE_KEY:\n      secure: v1:abc\n`,
    );
    const { code, stderr } = await print();
    assert.equal(code, 1);
    assert.match(stderr, /only Pulumi can read: backendSecretEnv/);
    assert.match(stderr, /\.stack\/kubectl\/secrets\.json[\s\S]*"backendSecretEnv":\{"NAME":"…"\}/);
  });

  it("are not quoted where their file is not JSON", async () => {
    project.write("Pulumi.local.yaml", project.read("Pulumi.dev.yaml"));
    project.write(".stack/kubectl/secrets.json", '{"openaiApiKey": "sk-very-secret" oops');
    const { code, stderr } = await print();
    assert.equal(code, 1);
    assert.match(stderr, /secrets\.json is not JSON/);
    assert.doesNotMatch(stderr, /very-secret/);
  });
});
