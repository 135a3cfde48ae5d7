import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";

import { driftLines } from "../../../review/drift";
import { failureOf, parsePreview } from "../../../review/failure";
import { comment, LONGEST_COMMENT } from "../../../review/markdown";
import { type Change, isEmpty, type Review } from "../../../review/model";
import { reviewPreview } from "../../../review/preview";

const folder = path.join(__dirname, "..", "fixtures", "previews");
const file = (name: string): string => readFileSync(path.join(folder, name), "utf8");

/** The comment for what `pulumi preview --json` printed for a real change of a real stack. */
function commentFor(name: string, exitCode = 0, errors = ""): string {
  const preview = parsePreview(name === "" ? "" : file(`${name}.json`));
  const failure = exitCode === 0 ? undefined : failureOf(preview, errors);
  return comment(reviewPreview("dev", preview ?? {}, failure));
}

const empty: Review = {
  stack: "dev",
  source: "preview",
  images: [],
  changes: [],
  secrets: [],
  unchanged: 0,
  warnings: [],
};

describe("the comment on a pull request", () => {
  it("says of one changed line which image is rebuilt and what rolls, and nothing else", () => {
    const text = commentFor("one-line");
    assert.match(text, /\| `todo-backend` \| `d9790f704984` \| `75b0f808fa6b` \|/);
    assert.match(text, /- `Deployment backend`: another image/);
    assert.match(text, /1 changed, 1 image rebuilt, 27 unchanged/);
    assert.doesNotMatch(text, /destroyed|frontend|Fields|Secrets/);
    assert.ok(text.split("\n").length < 20, text);
  });

  it("shows a setting's key with its old and new value, and whose pods roll for it", () => {
    const text = commentFor("config-change");
    assert.match(text, /`ConfigMap todo-config`/);
    assert.match(text, /\| `data.OPENAI_AGENT_MODEL` \| `gpt-4o` \| `gpt-5-mini` \|/);
    assert.match(text, /- `Deployment backend`: settings that they read/);
    assert.doesNotMatch(text, /checksum/);
  });

  it("names what a new database password changes, without a value", () => {
    const text = commentFor("replaced-password");
    assert.match(text, /- `generated database-password`/);
    assert.match(text, /- `Secret todo-secrets`/);
    assert.match(text, /- `StatefulSet postgres`: a secret that they read/);
    assert.match(text, /- `Deployment backend`: a secret that they read\n/);
    // The provider shows its own noise beside it: none of it is news.
    assert.doesNotMatch(text, /initialDelaySeconds|Fields|\[secret\]|04da6b54/);
  });

  it("puts what is destroyed first and in red", () => {
    for (const name of ["removed-component", "removed-database"]) {
      const text = commentFor(name);
      const block = /^:warning: \*\*Destroyed or replaced\*\*\n\n```diff\n(- .*\n)+```/m.exec(text);
      assert.ok(block !== null, text);
      const before = text.slice(0, block.index).trim().split("\n");
      assert.equal(before.length, 2, "only the marker and the title stand above it");
    }
    assert.match(commentFor("removed-component"), /\n- Deployment frontend is destroyed\n/);
    const database = commentFor("removed-database");
    assert.match(
      database,
      /\n- StatefulSet postgres is destroyed: with it goes its pods; their vol/,
    );
    assert.match(database, /- `Secret todo-secrets`: `database-url`/);
  });

  it("is there when the preview fails, with the reason and what to do", () => {
    const config = commentFor("failed-config", 1);
    assert.match(config, /maxReplicas is 0; it must be a whole number from 1 to 100/);
    const conflict = commentFor("failed-conflict", 1);
    assert.match(conflict, /conflict with "kubectl-set"/);
    assert.match(conflict, /npm run drift/);
    // What the engine found before it failed is still of use.
    assert.match(conflict, /\| `todo-backend` \| `d9790f704984` \| `f733181c4e2c` \|/);
    // The CLI can fail before it prints any JSON.
    const type = commentFor("", 255, file("failed-type.txt"));
    assert.match(type, /'backendReplicas' must be of type 'integer'/);
    assert.match(type, /config set backendReplicas VALUE/);
  });

  it("shows no part of a value that the engine marks as secret, in whatever object", () => {
    const steps = [
      {
        op: "update",
        urn: "urn:pulumi:dev::todo-app::kubernetes:core/v1:ConfigMap::c",
        oldState: { inputs: { data: { A: "[secret]", B: "b" } } },
        newState: { inputs: { data: { A: "plain once, [secret]", B: "c" } } },
        detailedDiff: { "data.A": { kind: "update" }, "data.B": { kind: "update" } },
      },
    ];
    assert.deepEqual(reviewPreview("dev", { steps }).changes[0]?.fields, [
      { path: "data.A" },
      { path: "data.B", before: "b", after: "c" },
    ]);
  });

  it("says so when nothing changes", () => {
    assert.match(commentFor("unchanged"), /### Preview of stack `dev`: nothing changes/);
  });

  it("calls a replaced object destroyed and made again, with the field that forces it", () => {
    const change: Change = {
      action: "replaced",
      kind: "StatefulSet",
      name: "postgres",
      fields: [{ path: "spec.serviceName", before: "a", after: "b" }],
      loses: "its pods",
    };
    assert.match(
      comment({ ...empty, changes: [change] }),
      /- StatefulSet postgres is destroyed and made again \(spec\.serviceName\): with it goes its pods/,
    );
  });

  describe("of a large change", () => {
    const fields = Array.from({ length: 3000 }, (_, index) => ({
      path: `data.KEY_${index}`,
      before: "before ".repeat(10),
      after: "after ".repeat(10),
    }));
    const many: Change[] = Array.from({ length: 100 }, (_, index) => ({
      action: "changed",
      kind: "ConfigMap",
      name: `settings-${index}`,
      fields: fields.slice(index * 30, index * 30 + 30),
    }));
    const gone: Change = { action: "destroyed", kind: "Namespace", name: "todo-app", fields: [] };

    it("stays below GitHub's limit, keeps the top, and says what was cut", () => {
      const text = comment({ ...empty, changes: [...many, gone] }, "[run](https://example.com)");
      assert.ok(text.length <= LONGEST_COMMENT, String(text.length));
      assert.ok(text.length > LONGEST_COMMENT - 5000, "much of the room is used");
      assert.match(text, /\n- Namespace todo-app is destroyed\n/);
      assert.match(text, /:scissors: \*\*Cut here:\*\* \d+ more parts of this comment did not fit/);
      assert.match(text, /<sub>\[run\]\(https:\/\/example\.com\)<\/sub>\n$/);
    });

    it("does so even when what is destroyed alone is too much, and closes the fence", () => {
      const all = Array.from({ length: 5000 }, (_, i) => ({ ...gone, name: `namespace-${i}` }));
      const text = comment({ ...empty, changes: all });
      assert.ok(text.length <= LONGEST_COMMENT);
      assert.equal((text.match(/^```/gm) ?? []).length, 2);
      assert.match(text, /namespace-0 is destroyed/);
      assert.match(text, /Cut here/);
    });

    it("cuts an endless reason of a failure", () => {
      const failure = { reason: "build log line\n".repeat(20_000), next: ["npm start"] };
      const text = comment({ ...empty, failure });
      assert.ok(text.length < 10_000);
      assert.match(text, /… \(cut here\)[\s\S]*npm start/);
    });
  });

  it("keeps the text of others text: no mention, no link, no HTML, no early end of a fence", () => {
    const evil =
      "@everyone <img src=x onerror=1> [a](https://evil.example) ` @everyone ``` `` | <!-- x -->\u202e";
    const review: Review = {
      ...empty,
      stack: "dev",
      images: [{ name: evil, after: evil }],
      changes: [
        {
          action: "changed",
          kind: evil,
          name: evil,
          fields: [{ path: evil, before: evil, after: evil }],
          rolls: [evil],
        },
        { action: "destroyed", kind: "Secret", name: evil, fields: [], loses: evil },
      ],
      secrets: [{ name: evil, keys: [evil] }],
      warnings: [evil],
      failure: { reason: evil, next: [evil] },
    };
    const [, ...lines] = comment(review).split("\n");
    const withoutCode = lines
      .join("\n")
      .replace(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1$/gm, "")
      .replace(/(?<!`)(`+)(?!`)(?:[^\n]*?[^`])\1(?!`)/g, "");
    assert.doesNotMatch(withoutCode, /everyone|evil|<|\u202e/);
  });
});

describe("what npm run drift prints", () => {
  it("names each field with both values, and leaves out nothing that changed", () => {
    const preview = parsePreview(file("drift.json"));
    assert.deepEqual(driftLines(reviewPreview("dev", preview ?? {})), [
      "ConfigMap todo-config was changed",
      "    data.OPENAI_AGENT_MODEL: gpt-4o → by-hand in the cluster",
      "Deployment backend was changed",
      "    spec.template.spec.containers[0].image: todo-backend:d9790f704984 → todo-backend:f902b1231fe4 in the cluster",
    ]);
  });

  const scaled = (scaler: boolean) => ({
    steps: [
      {
        op: "update",
        urn: "urn:pulumi:dev::todo-app::kubernetes:apps/v1:Deployment::backend",
        oldState: { inputs: { spec: { replicas: 3 } } },
        newState: { inputs: { spec: { replicas: 5 } } },
        detailedDiff: { "spec.replicas": { kind: "update" } },
      },
      ...(scaler
        ? [
            {
              op: "refresh",
              urn: "urn:pulumi:dev::todo-app::kubernetes:autoscaling/v2:HorizontalPodAutoscaler::hpa",
              newState: { inputs: { spec: { scaleTargetRef: { name: "backend" } } } },
            },
          ]
        : []),
    ],
  });

  it("calls another number of pods drift, but not where an autoscaler decides it", () => {
    assert.equal(driftLines(reviewPreview("dev", scaled(false))).length, 2);
    assert.ok(isEmpty(reviewPreview("dev", scaled(true))));
  });

  it("says what is gone, and of a secret only which key", () => {
    const review: Review = {
      ...empty,
      changes: [{ action: "destroyed", kind: "Service", name: "frontend", fields: [] }],
      secrets: [{ name: "Secret todo-secrets", keys: ["jwt-secret"] }],
    };
    assert.deepEqual(driftLines(review), [
      "Service frontend is gone from the cluster",
      "Secret todo-secrets: jwt-secret was changed",
    ]);
  });
});
