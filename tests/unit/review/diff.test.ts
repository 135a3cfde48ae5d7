import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { compare } from "../../../review/compare";
import { diffTrees } from "../../../review/diff";
import { comment } from "../../../review/markdown";
import type { Review } from "../../../review/model";
import type { Rendered, RenderedObject } from "../../../review/rendered";
import { baseTree } from "../../../review/trees";
import { Tools } from "../fixtures/tools";

const root = path.join(__dirname, "..", "..", "..");
const { signal } = new AbortController();

/** A clone of the project as it is, with one commit on main. */
class Clone {
  readonly folder = fs.mkdtempSync(path.join(tmpdir(), "todo-diff-"));

  constructor() {
    const listed = this.git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    for (const file of listed.split("\0").filter((name) => name !== "")) {
      const source = path.join(root, file);
      if (!fs.existsSync(source)) continue;
      fs.cpSync(source, path.join(this.folder, file), { recursive: true });
    }
    fs.symlinkSync(path.join(root, "node_modules"), path.join(this.folder, "node_modules"));
    this.git(this.folder, "init", "--quiet", "--initial-branch=main");
    // .gitignore names the folder, and here it is a link.
    fs.appendFileSync(this.path(".git/info/exclude"), "node_modules\n");
    this.commit();
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }

  edit(file: string, change: (text: string) => string): void {
    const before = fs.readFileSync(this.path(file), "utf8");
    const after = change(before);
    assert.notEqual(after, before, `${file} was not changed`);
    fs.writeFileSync(this.path(file), after);
  }

  commit(): void {
    this.git(this.folder, "add", "--all");
    const who = ["-c", "user.name=T", "-c", "user.email=t@example.com"];
    this.git(this.folder, ...who, "commit", "--quiet", "--no-verify", "-m", "x");
  }

  reset(): void {
    this.git(this.folder, "checkout", "--quiet", "--", ".");
    this.git(this.folder, "clean", "--quiet", "-fd");
  }

  /** Stack → what a diff with main says of it. */
  async diff(): Promise<Map<string, Review>> {
    const base = await baseTree(this.folder, "main", signal);
    try {
      const head = { folder: this.folder, label: "the working tree" };
      const reviews = await diffTrees(base, head, signal);
      return new Map(reviews.map((review) => [review.stack, review]));
    } finally {
      await base.remove();
      assert.ok(!fs.existsSync(base.folder), "the base's checkout is left behind");
    }
  }

  private git(folder: string, ...args: string[]): string {
    return execFileSync("git", args, { cwd: folder, encoding: "utf8" });
  }
}

describe("npm run diff", function () {
  this.timeout(120_000);
  let clone: Clone;
  before(() => {
    clone = new Clone();
  });
  after(() => {
    fs.rmSync(clone.folder, { recursive: true, force: true });
  });

  it("installs for another lock file what rendering needs, esbuild's optional program too, and runs no script", async () => {
    const tools = new Tools({ npm: { "*": ":" } });
    try {
      clone.edit("package-lock.json", (text) => `${text}\n`);
      const base = await baseTree(clone.folder, "main", signal);
      await base.remove();
      const [call = ""] = tools.calls();
      assert.match(call, /^npm ci .*--ignore-scripts/);
      assert.doesNotMatch(call, /--(omit|no-optional|production)/);
    } finally {
      tools.dispose();
      clone.reset();
    }
  });

  describe("of stacks whose configuration changed", () => {
    let reviews: Map<string, Review>;
    const secure = "v1:0123456789abcdef:AAAABBBBCCCCDDDD";
    const changes = {
      same: "",
      settings: `  todo-app:openaiModel: gpt-5-mini\n  todo-app:jwtSecret:\n    secure: ${secure}\n`,
      external: "  todo-app:databaseUrl:\n    secure: v1:abc:def\n",
      wrong: "  todo-app:maxReplicas: 0\n",
    };
    const of = (stack: keyof typeof changes): Review => {
      const review = reviews.get(stack);
      assert.ok(review !== undefined, `no review of ${stack}`);
      return review;
    };

    before(async () => {
      const dev = fs.readFileSync(clone.path("Pulumi.dev.yaml"), "utf8").trimEnd();
      const file = (stack: string): string => clone.path(`Pulumi.${stack}.yaml`);
      for (const stack of Object.keys(changes)) fs.writeFileSync(file(stack), `${dev}\n`);
      clone.commit();
      for (const [stack, lines] of Object.entries(changes)) {
        fs.appendFileSync(file(stack), lines);
      }
      const leak = JSON.stringify(clone.path("leak.txt"));
      clone.edit(
        "review/render-stack.ts",
        (text) =>
          `require("node:fs").writeFileSync(${leak}, process.env.GITHUB_TOKEN ?? "none");\n${text}`,
      );
      process.env["GITHUB_TOKEN"] = "must-not-be-seen";
      try {
        reviews = await clone.diff();
      } finally {
        delete process.env["GITHUB_TOKEN"];
      }
    });

    it("finds nothing where nothing changed", () => {
      const { images, changes, secrets, unchanged } = of("same");
      assert.deepEqual([images, changes, secrets], [[], [], []]);
      assert.ok(unchanged > 5);
    });

    it("shows a setting's key, a secret's name, and no more of the secret than that", () => {
      const review = of("settings");
      const settings = review.changes.find(({ kind }) => kind === "ConfigMap");
      assert.deepEqual(settings?.fields, [
        { path: "data.OPENAI_AGENT_MODEL", before: "gpt-4o", after: "gpt-5-mini" },
      ]);
      assert.deepEqual(review.secrets, [{ name: "configuration jwtSecret", keys: ["set"] }]);
      const backend = review.changes.find((c) => c.kind === "Deployment" && c.name === "backend");
      assert.deepEqual(backend?.rolls, ["settings that they read"]);
      assert.ok(!JSON.stringify(review).includes("AAAABBBB"));
    });

    it("puts a database that goes, because another one is named, at the top", () => {
      const review = of("external");
      const gone = review.changes.filter(({ action }) => action === "destroyed");
      assert.ok(gone.some(({ kind, name }) => kind === "StatefulSet" && name === "postgres"));
      assert.match(comment(review), /:warning:[^]*\n- StatefulSet postgres is destroyed/);
    });

    it("gives a wrong configuration as the failure, with the command that sets it right", () => {
      const { failure } = of("wrong");
      assert.match(failure?.reason ?? "", /maxReplicas is 0; it must be[^]*pulumi config set/);
    });

    it("runs each side's own code, none of which sees a token of this process", () => {
      assert.equal(fs.readFileSync(clone.path("leak.txt"), "utf8"), "none");
    });
  });

  it("shows one changed line of the back end: its image, and that its pods roll", async () => {
    clone.reset();
    clone.edit("backend/app/main.py", (text) => `${text}\n# one more line\n`);
    const review = (await clone.diff()).get("dev");
    assert.ok(review !== undefined);
    assert.deepEqual(
      review.images.map(({ name }) => name),
      ["todo-backend"],
    );
    assert.notEqual(review.images[0]?.before, review.images[0]?.after);
    const rolling = review.changes.filter(({ rolls }) => rolls?.includes("another image"));
    assert.ok(rolling.some(({ kind, name }) => kind === "Deployment" && name === "backend"));
    assert.ok(review.changes.every(({ action }) => action === "changed"));
  });

  it("names the commits that it cannot compare with", async () => {
    await assert.rejects(baseTree(clone.folder, "no-such-branch", signal), (error: Error) => {
      assert.match(error.message, /There is no commit no-such-branch in this clone/);
      return true;
    });
  });
});

describe("comparing rendered objects", () => {
  const stack = (...objects: RenderedObject[]): Rendered => ({
    format: 1,
    stack: "dev",
    objects,
    images: {},
    encrypted: {},
  });
  const object = (kind: string, spec: object): RenderedObject => ({
    apiVersion: "v1",
    kind,
    metadata: { name: "x", namespace: "n" },
    spec,
  });

  const replacing: [string, object, object][] = [
    ["Deployment", { selector: { matchLabels: { app: "a" } } }, { selector: { matchLabels: {} } }],
    ["StatefulSet", { serviceName: "a" }, { serviceName: "b" }],
    ["StatefulSet", { volumeClaimTemplates: [{ a: 1 }] }, { volumeClaimTemplates: [{ a: 2 }] }],
    ["PersistentVolumeClaim", { storageClassName: "a" }, { storageClassName: "b" }],
    ["Service", { clusterIP: "None" }, {}],
  ];
  for (const [kind, before, after] of replacing) {
    it(`knows that ${kind} with another ${Object.keys(before).join()} is replaced`, () => {
      const { changes } = compare("dev", stack(object(kind, before)), stack(object(kind, after)));
      assert.equal(changes[0]?.action, "replaced");
    });
  }

  it("knows that a claim may grow", () => {
    const claim = (storage: string) =>
      stack(object("PersistentVolumeClaim", { resources: { requests: { storage } } }));
    assert.equal(compare("dev", claim("1Gi"), claim("2Gi")).changes[0]?.action, "changed");
  });

  it("takes a renamed namespace for what it is: everything goes and is made again elsewhere", () => {
    const inNamespace = (namespace: string): Rendered =>
      stack({ apiVersion: "v1", kind: "Service", metadata: { name: "x", namespace } });
    const { changes } = compare("dev", inNamespace("a"), inNamespace("b"));
    assert.deepEqual(
      changes.map(({ action }) => action),
      ["destroyed", "created"],
    );
  });

  it("tells entries of a list apart by their names", () => {
    const pod = (...names: string[]) =>
      stack(
        object("Deployment", {
          template: { spec: { containers: names.map((name) => ({ name, image: `${name}:1` })) } },
        }),
      );
    const { changes } = compare("dev", pod("b"), pod("a", "b"));
    assert.deepEqual(changes[0]?.fields, [
      { path: "spec.template.spec.containers[a]", after: '{"name":"a","image":"a:1"}' },
    ]);
  });

  it("says of a stack whose file is gone that its objects stay", () => {
    const review = compare("prod", stack(object("Service", {})), undefined);
    assert.equal(review.changes[0]?.action, "destroyed");
    assert.match(review.warnings[0] ?? "", /stay in the cluster until somebody destroys the stack/);
  });

  it("counts everything as new where the base did not have the stack", () => {
    const review = compare("prod", undefined, stack(object("Service", {})));
    assert.equal(review.changes[0]?.action, "created");
  });
});
