import assert from "node:assert/strict";

import { manifestArgs } from "../../../stack/args";
import { componentObjects } from "../../../render/objects";
import { references, stackConfig } from "../fixtures/stack";

function database(changes: Record<string, unknown> = {}) {
  return componentObjects(manifestArgs(stackConfig(changes), references)).database;
}

describe("the embedded database", () => {
  it("keeps its files below the top of its volume, where the image's version expects them", () => {
    for (const [version, mount] of [
      [17, "/var/lib/postgresql/data"],
      [18, "/var/lib/postgresql"],
    ] as const) {
      const [server] =
        database({ postgresVersion: version })?.statefulSet.spec?.template.spec?.containers ?? [];
      assert.equal(server?.volumeMounts?.find(({ name }) => name === "data")?.mountPath, mount);
      assert.equal(server.env?.find(({ name }) => name === "PGDATA")?.value, `${mount}/pgdata`);
    }
  });

  it("is not there when the stack has a database of its own", () => {
    assert.equal(database({ databaseUrl: { secure: "encrypted" } }), undefined);
  });

  it("keeps its volume when the stack moves to a database of its own", () => {
    assert.equal(
      database()?.statefulSet.spec?.persistentVolumeClaimRetentionPolicy?.whenDeleted,
      "Retain",
    );
  });

  it("is protected from destruction unless the stack says otherwise", () => {
    const namespace = (changes: Record<string, unknown>) =>
      manifestArgs(stackConfig(changes), references).namespace;
    assert.equal(namespace({ databaseProtect: true }).protect, true);
    assert.equal(namespace({ databaseProtect: false }).protect, false);
  });

  it("accepts as many connections as the pools of all pods may open", () => {
    const args = database({ databaseMaxConnections: 200 })?.statefulSet.spec?.template.spec
      ?.containers[0]?.args;
    assert.ok(args?.includes("max_connections=200"));
  });
});
