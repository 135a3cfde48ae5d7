import assert from "node:assert/strict";
import type { PodSpec } from "kubernetes-types/core/v1";

import { manifestArgs } from "../../../stack/args";
import { componentObjects } from "../../../render/objects";
import { references, stackConfig } from "../fixtures/stack";

function podSpecs(changes: Record<string, unknown> = {}): Record<string, PodSpec> {
  const { backend, frontend, database } = componentObjects(
    manifestArgs(stackConfig(changes), references),
  );
  const specs = {
    backend: backend.deployment.spec?.template.spec,
    frontend: frontend.deployment.spec?.template.spec,
    database: database?.statefulSet.spec?.template.spec,
  };
  return Object.fromEntries(
    Object.entries(specs).flatMap(([name, spec]) => (spec === undefined ? [] : [[name, spec]])),
  );
}

function containers(spec: PodSpec) {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

describe("every pod", () => {
  for (const [name, spec] of Object.entries(podSpecs())) {
    it(`of the ${name} meets Pod Security "restricted", with a read-only root and no token`, () => {
      assert.equal(spec.automountServiceAccountToken, false);
      assert.equal(spec.securityContext?.runAsNonRoot, true);
      assert.ok((spec.securityContext.runAsUser ?? 0) > 0);
      assert.deepEqual(spec.securityContext.seccompProfile, { type: "RuntimeDefault" });
      for (const { securityContext } of containers(spec)) {
        assert.equal(securityContext?.allowPrivilegeEscalation, false);
        assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] });
        assert.equal(securityContext.readOnlyRootFilesystem, true);
      }
    });

    it(`of the ${name} has limits, and leaves its last words when it crashes`, () => {
      for (const container of containers(spec)) {
        assert.ok(container.resources?.limits?.["memory"], container.name);
        assert.ok(container.resources.requests?.["cpu"], container.name);
        assert.equal(container.terminationMessagePolicy, "FallbackToLogsOnError");
      }
    });
  }

  it("keeps the capabilities of an image that must run as root, where the user asks for it", () => {
    const { backend } = podSpecs({
      podSecurity: "baseline",
      backendRunAsUser: 0,
      backendReadOnlyRoot: false,
    });
    assert.equal(backend?.securityContext?.runAsNonRoot, false);
    assert.equal(backend.containers[0]?.securityContext?.capabilities, undefined);
  });

  it("mounts an empty folder at every writable path", () => {
    const { backend } = podSpecs({
      backendWritablePaths: ["/tmp", "/var/cache/App_1", "/var/run", "/var-run"],
    });
    assert.deepEqual(
      backend?.containers[0]?.volumeMounts?.map(({ mountPath }) => mountPath),
      ["/tmp", "/var/cache/App_1", "/var/run", "/var-run"],
    );
    assert.deepEqual(
      backend.volumes?.map(({ name }) => name),
      ["writable-tmp", "writable-var-cache-app-1", "writable-var-run", "writable-var-run-2"],
    );
  });
});

describe("a rolling update", () => {
  it("never has fewer ready pods than before, and lets requests in flight finish", () => {
    for (const rolloutSurge of [1, 10]) {
      const { backend, frontend } = componentObjects(
        manifestArgs(stackConfig({ rolloutSurge }), references),
      );
      for (const { deployment } of [backend, frontend])
        assert.deepEqual(deployment.spec?.strategy?.rollingUpdate, {
          maxUnavailable: 0,
          maxSurge: rolloutSurge,
        });
    }
    const spec = podSpecs()["backend"];
    assert.deepEqual(spec?.containers[0]?.lifecycle?.preStop, { sleep: { seconds: 5 } });
    assert.equal(spec.terminationGracePeriodSeconds, 60);
  });

  it("brings the database up to date first, with the same image and environment", () => {
    const spec = podSpecs()["backend"];
    const [migrate] = spec?.initContainers ?? [];
    assert.deepEqual(migrate?.command, ["python", "-m", "app.migrate"]);
    assert.equal(migrate.image, spec?.containers[0]?.image);
    assert.deepEqual(migrate.env, spec?.containers[0]?.env);
    assert.equal(podSpecs({ backendMigrateCommand: [] })["backend"]?.initContainers, undefined);
  });
});

describe("a changed setting", () => {
  const annotations = (changes: Record<string, unknown>) => {
    const { backend, frontend } = componentObjects(manifestArgs(stackConfig(changes), references));
    return [backend, frontend].map(
      ({ deployment }) => deployment.spec?.template.metadata?.annotations?.["checksum/config"],
    );
  };

  it("rolls the pods that read it, and no others", () => {
    const [backend, frontend] = annotations({});
    const [otherModel, sameFrontend] = annotations({ openaiModel: "gpt-4o-mini" });
    assert.notEqual(otherModel, backend);
    assert.equal(sameFrontend, frontend);
    const [sameBackend, otherUrl] = annotations({ backendUrl: "https://api.example.com" });
    assert.equal(sameBackend, backend);
    assert.notEqual(otherUrl, frontend);
  });
});
