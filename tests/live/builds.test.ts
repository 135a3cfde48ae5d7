import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { startSandbox } from "../../dev/sandbox";
import { buildImage } from "../../images/build";
import type { ImageSource } from "../../images/source";
import { docker } from "../../tools/docker";
import { run } from "../../tools/process";
import { project, write } from "../unit/images/project";

/** Builds of what people have: links that lead out of the context, git's files, folders with spaces, secrets. */
describe("a build", function () {
  this.timeout(180_000);

  let nodeImage: string;
  const built: string[] = [];

  before(async function () {
    this.timeout(30 * 60_000);
    nodeImage = (await startSandbox({ report: console.log })).images.nodeImage;
  });
  after(async () => {
    for (const image of built) await run("docker", ["image", "rm", "--force", image]);
  });

  /** The output of a command in the image that is built from the files. */
  async function build(
    files: Record<string, string>,
    change: (root: string) => void,
    secrets?: Record<string, string>,
  ): Promise<{ reference: string; lines: string[]; says: (script: string) => Promise<string> }> {
    const root = project();
    for (const [name, text] of Object.entries(files)) write(root, name, text);
    change(root);
    const source: ImageSource = {
      repository: "todo-build-test",
      context: "my app",
      dockerfile: "my app/Dockerfile",
      buildArgs: {},
      platform: `linux/${process.arch === "arm64" ? "arm64" : "amd64"}`,
      ...(secrets ? { secrets: Object.keys(secrets) } : {}),
    };
    const lines: string[] = [];
    const { reference } = await buildImage(source, {
      root,
      log: (line) => lines.push(line),
      ...(secrets ? { secrets } : {}),
    });
    built.push(reference);
    const says = async (script: string): Promise<string> =>
      (await docker(["run", "--rm", "--entrypoint", "sh", reference, "-c", script])).trim();
    return { reference, lines, says };
  }

  it("has links as they are, git's files, and empty folders", async () => {
    const commit = "1".repeat(40);
    const { says } = await build(
      {
        "my app/Dockerfile": `FROM ${nodeImage}\nWORKDIR /app\nCOPY . .\nRUN cat .git/refs/heads/main > version\n`,
        "my app/.git/HEAD": "ref: refs/heads/main\n",
        "my app/.git/refs/heads/main": `${commit}\n`,
        "my app/server.js": randomUUID(),
      },
      (root) => {
        fs.symlinkSync("/usr/bin/env", path.join(root, "my app/env"));
        fs.symlinkSync("gone", path.join(root, "my app/nowhere"));
        fs.symlinkSync("empty", path.join(root, "my app/folder"));
        fs.mkdirSync(path.join(root, "my app/empty"));
      },
    );
    assert.equal(await says("cat version"), commit);
    assert.equal(
      await says("readlink env nowhere folder; ls -d empty"),
      "/usr/bin/env\ngone\nempty\nempty",
    );
  });

  it("gives a step its secret, which is nowhere else", async () => {
    const token = `secret-${randomUUID()}`;
    const { reference, lines, says } = await build(
      {
        "my app/Dockerfile":
          `FROM ${nodeImage}\n` +
          `RUN --mount=type=secret,id=token sha256sum < /run/secrets/token > /sum && cat /run/secrets/token && echo ${randomUUID()}\n`,
      },
      () => undefined,
      { token },
    );
    assert.equal(await says(`printf %s ${token} | sha256sum | cmp - /sum && echo same`), "same");
    assert.equal(await says("ls -A /run/secrets 2>/dev/null"), "");
    assert.ok(!(await docker(["image", "inspect", reference])).includes(token));
    assert.ok(!(await docker(["history", "--no-trunc", reference])).includes(token));
    const archive = await run("sh", ["-c", `docker save ${reference} | grep -c -a ${token}`]);
    assert.equal(archive.stdout.trim(), "0");
    assert.ok(lines.some((line) => line.includes("[secret]")));
    assert.ok(!lines.join("\n").includes(token));
  });

  it("says which secret has no value, instead of failing in the step", async () => {
    const source: ImageSource = {
      repository: "todo-build-test",
      context: "app",
      dockerfile: "app/Dockerfile",
      buildArgs: {},
      platform: "linux/amd64",
      secrets: ["npmrc"],
    };
    const root = project({ "app/Dockerfile": `FROM ${nodeImage}\nRUN echo ${randomUUID()}\n` });
    await assert.rejects(
      buildImage(source, { root, log: () => undefined }),
      /needs the secrets npmrc, whose values are not at hand/,
    );
  });
});
