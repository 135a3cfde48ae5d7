import assert from "node:assert/strict";

import { judged, refuseStrangers } from "../../../../cli/take-over/found";
import type { LiveObject } from "../../../../cli/take-over/objects";
import { UserError } from "../../../../tools/errors";

const cluster = { context: "minikube" };
const mark = { "app.kubernetes.io/part-of": "evolution-of-todo" };

function object(
  kind: string,
  name: string,
  metadata: Partial<LiveObject["metadata"]> = {},
): LiveObject {
  return {
    ...{ apiVersion: "v1", kind },
    metadata: { name, namespace: "todo-app", uid: name, resourceVersion: "1", ...metadata },
  };
}

const holder = object("Namespace", "todo-app");
const backend = object("Deployment", "backend", { labels: mark });
const judge = (...all: LiveObject[]) => judged(cluster, { namespace: "todo-app", holder, all });

describe("a namespace that is to be taken over", () => {
  it("is refused where nothing in it is this application's", () => {
    assert.throws(() => judge(object("Deployment", "backend")), UserError);
  });

  it("is refused while Argo CD or Flux would put back what changes", () => {
    const held = object("Deployment", "backend", {
      labels: mark,
      annotations: { "argocd.argoproj.io/tracking-id": "todo:apps/Deployment:todo-app/backend" },
    });
    assert.throws(() => judge(held), /Argo CD .*tracking-id/);
  });

  it("names the Helm release that made it", () => {
    const annotations = {
      "meta.helm.sh/release-name": "todo",
      "meta.helm.sh/release-namespace": "todo-app",
    };
    const { releases } = judge({ ...backend, metadata: { ...backend.metadata, annotations } });
    assert.deepEqual(releases, [{ name: "todo", namespace: "todo-app" }]);
  });

  it("is refused where an object of another application has one of its names", () => {
    const found = judge(backend, object("Service", "postgres"));
    assert.throws(() => {
      refuseStrangers(found, new Set(["Service postgres"]), false);
    }, /Service postgres .* is not this application's/);
  });

  it("is refused to a stack, which owns its namespace, while another application's pods run in it", () => {
    const found = judge(backend, object("StatefulSet", "somebodys"));
    assert.throws(() => {
      refuseStrangers(found, new Set(), true);
    }, /also holds StatefulSet somebodys/);
    refuseStrangers(found, new Set(), false);
  });
});
