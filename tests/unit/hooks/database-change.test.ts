import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import type { StatefulSet } from "kubernetes-types/apps/v1";
import { setTimeout as sleep } from "node:timers/promises";

import { beforeDatabaseChanges } from "../../../hooks/database-change";
import { storageAnnotation } from "../../../hooks/storage-annotation";
import { componentObjects } from "../../../render/component-objects";
import { manifestArgs } from "../../../stack/args";
import { references, stackConfig } from "../fixtures/stack";
import { Tools } from "../fixtures/tools";

function database(changes: Record<string, unknown> = {}): StatefulSet {
  const config = stackConfig(changes);
  const made = componentObjects(manifestArgs(config, references)).database?.statefulSet;
  assert.ok(made);
  const annotations = { [storageAnnotation]: config.database.storage };
  return { ...made, metadata: { ...made.metadata, annotations } };
}

/** What the engine does before it updates the StatefulSet. */
async function change(
  before: StatefulSet,
  after: StatefulSet,
  isPreview = false,
  timeoutSeconds = 0,
): Promise<void> {
  const runtime = pulumi.runtime as unknown as { _setIsDryRun(value: boolean): void };
  runtime._setIsDryRun(isPreview);
  try {
    const hook = beforeDatabaseChanges("here", after, timeoutSeconds);
    await hook.callback({
      urn: "urn",
      id: "id",
      name: "postgres",
      type: "kubernetes:apps/v1:StatefulSet",
      oldInputs: before,
      newInputs: after,
    });
  } finally {
    runtime._setIsDryRun(false);
  }
}

const pod = (status: object) => `echo '${JSON.stringify({ status })}'`;

describe("a change of the embedded database", () => {
  let tools: Tools;
  const kubectl = (cases: Record<string, string> = {}) => {
    tools.add("kubectl", {
      "*get*statefulset*": "echo revision",
      "*pod*postgres-0*": 'echo \'{"metadata":{"uid":"1"}}\'',
      "*get*persistentvolumeclaim*": "echo standard",
      "*delete*pod*postgres-trial*": "true",
      "*apply*": "cat > /dev/null",
      ...cases,
    });
  };
  const called = (word: string) => tools.calls().filter((call) => call.includes(word));
  beforeEach(() => {
    tools = new Tools({});
    kubectl();
  });
  afterEach(() => {
    tools.dispose();
  });

  it("to another major version is refused before anything stops, with the way to move the data", async () => {
    for (const isPreview of [true, false]) {
      await assert.rejects(
        change(
          database(),
          database({ postgresVersion: 18, postgresImage: "postgres:18" }),
          isPreview,
        ),
        /made by PostgreSQL 17; PostgreSQL 18 cannot read it[\s\S]*nothing was changed[\s\S]*npm run backup[\s\S]*npm run restore/,
      );
    }
    assert.deepEqual(tools.calls(), []);
  });

  it("to a smaller volume is refused, however the sizes are written", async () => {
    await assert.rejects(
      change(database({ databaseStorage: "2Gi" }), database({ databaseStorage: "1024Mi" })),
      /cannot become smaller: databaseStorage is 1024Mi, .* with 2Gi/,
    );
    await change(database({ databaseStorage: "1Gi" }), database({ databaseStorage: "1024Mi" }));
    assert.deepEqual(called("patch"), []);
  });

  it("to a larger volume is refused where the storage class does not allow it, in previews too", async () => {
    kubectl({ "*get*storageclass*": "echo" });
    for (const isPreview of [true, false]) {
      await assert.rejects(
        change(database(), database({ databaseStorage: "50Gi" }), isPreview),
        /storage class "standard" does not allow it, so nothing was changed/,
      );
    }
    assert.deepEqual(called("patch"), []);
  });

  it("to a larger volume grows the claim where the class allows it, and only when it is no preview", async () => {
    kubectl({ "*get*storageclass*": "echo true", "*patch*": "true" });
    await change(database(), database({ databaseStorage: "50Gi" }), true);
    assert.deepEqual(called("patch"), []);
    await change(database(), database({ databaseStorage: "50Gi" }));
    const [patch = ""] = called("patch");
    assert.match(patch, /persistentvolumeclaim data-postgres-0 .*"storage":"50Gi"/);
  });

  it("to an image that cannot be had is refused while the old one serves", async () => {
    const waiting = {
      reason: "ImagePullBackOff",
      message: "Back-off pulling image postgres:17-typo",
    };
    kubectl({
      "*get*postgres-trial*": pod({
        phase: "Pending",
        containerStatuses: [{ state: { waiting } }],
      }),
    });
    await assert.rejects(
      change(database(), database({ postgresImage: "postgres:17-typo" })),
      /postgres:17-typo cannot take over the database: ImagePullBackOff[\s\S]*runs on as it was/,
    );
    assert.match(called("delete").at(-1) ?? "", /postgres-trial/);
  });

  it("to an image of another version or another C library than it seems is refused", async () => {
    const trial = (said: string) => {
      kubectl({
        "*get*postgres-trial*": pod({ phase: "Succeeded" }),
        "*logs*": `echo '${said}'`,
        "*exec*": "echo musl",
      });
      return change(database(), database({ postgresImage: "mirror/postgres:17" }));
    };
    await assert.rejects(
      trial("version=16 libc=musl"),
      /holds PostgreSQL 16, postgresVersion says 17/,
    );
    await assert.rejects(
      trial("version=17 libc=glibc"),
      /built on glibc, the volume was made on musl/,
    );
    await trial("version=17 libc=musl");
  });

  it("that leaves the pod as it is does not look at it", async () => {
    kubectl({ "*get*storageclass*": "echo true", "*patch*": "true" });
    await change(database(), database({ databaseStorage: "50Gi" }), false, 5);
    assert.deepEqual(called("statefulset"), []);
    assert.deepEqual(called("get pod postgres-0"), []);
  });

  describe("that changes the pod", () => {
    /** The cluster meanwhile: asked again the StatefulSet has another revision, and the controller replaces what it may. */
    const whileRolling = (old: { ready: "True" | "False"; deletionTimestamp?: string }) => {
      const pod = (revision: string, ready: string, more: object = {}) =>
        JSON.stringify({
          metadata: { labels: { "controller-revision-hash": revision }, ...more },
          status: { conditions: [{ type: "Ready", status: ready }] },
        });
      const { ready, ...more } = old;
      const isReplaced = ready === "True" || old.deletionTimestamp !== undefined;
      kubectl({
        "*get*statefulset*": 'test -e "$0.asked" && echo new || { touch "$0.asked"; echo old; }',
        "*pod*postgres-0*": [
          'case "$*" in *delete*) touch "$0.replaced"; exit ;; esac',
          `test -e "$0.replaced" && { echo '${pod("new", "True")}'; exit; }`,
          `echo '${pod("old", ready, more)}'`,
          ...(isReplaced ? ['touch "$0.replaced"'] : []),
        ].join("\n"),
      });
    };
    const roll = async () => {
      const before = database();
      const after = structuredClone(before);
      Object.assign(after.spec?.template.metadata ?? {}, { annotations: { checksum: "another" } });
      await change(before, after, false, 30);
      while (called("get pod postgres-0").length < 2) await sleep(50);
    };

    it("replaces one that cannot start, which the controller waits for", async () => {
      whileRolling({ ready: "False" });
      await roll();
      assert.equal(called("delete pod postgres-0").length, 1);
    });

    for (const [which, old] of [
      ["is ready", { ready: "True" }],
      ["is going already", { ready: "False", deletionTimestamp: "2026-01-01T00:00:00Z" }],
    ] as const) {
      it(`leaves one alone that ${which}`, async () => {
        whileRolling(old);
        await roll();
        assert.deepEqual(called("delete pod postgres-0"), []);
      });
    }
  });

  it("tries no image in a preview", async () => {
    await change(database(), database({ postgresImage: "mirror/postgres:17" }), true);
    assert.deepEqual(tools.calls(), []);
  });
});
