import assert from "node:assert/strict";

import type { Claim } from "../../../../cli/take-over/claims";
import { moved } from "../../../../cli/take-over/claims";
import { handOverPatch } from "../../../../cli/take-over/hand-over";
import type { LiveObject } from "../../../../cli/take-over/objects";

const pulumi = { manager: "pulumi-kubernetes-0123abcd", operation: "Apply" } as const;

const kubectl: Claim = {
  manager: "kubectl-client-side-apply",
  operation: "Update",
  apiVersion: "apps/v1",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:spec": { "f:replicas": {}, "f:template": { "f:spec": {} } } },
};
const byHand: Claim = {
  manager: "kubectl-rollout",
  operation: "Update",
  apiVersion: "apps/v1",
  fieldsV1: {
    "f:spec": {
      "f:template": {
        "f:metadata": {
          "f:annotations": { ".": {}, "f:kubectl.kubernetes.io/restartedAt": {} },
        },
      },
    },
  },
};
const controller: Claim = {
  manager: "kube-controller-manager",
  operation: "Update",
  subresource: "status",
  fieldsV1: { "f:status": {} },
};
const scaler: Claim = {
  manager: "kubectl",
  operation: "Update",
  subresource: "scale",
  fieldsV1: { "f:spec": { "f:replicas": {} } },
};

function live(changes: Partial<LiveObject["metadata"]> = {}): LiveObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      ...{ name: "backend", namespace: "todo-app", uid: "u", resourceVersion: "7" },
      managedFields: [kubectl, byHand, controller],
      ...changes,
    },
  };
}

describe("the claims on an object's fields", () => {
  it("of every deployment tool become the new owner's; controllers keep theirs", () => {
    const helm: Claim = { manager: "helm", operation: "Apply", fieldsV1: { "f:data": {} } };
    const [first, second, ...rest] = moved([kubectl, controller, helm, scaler], pulumi);
    assert.deepEqual([first, second], [controller, scaler]);
    assert.deepEqual(rest, [
      {
        ...{ ...pulumi, apiVersion: "apps/v1", fieldsType: "FieldsV1" },
        fieldsV1: {
          "f:spec": { "f:replicas": {}, "f:template": { "f:spec": {} } },
          "f:data": {},
        },
      },
    ]);
  });

  it("leave out what the new owner would remove, with what holds nothing else", () => {
    const [claim] = moved([kubectl], pulumi, [["spec", "replicas"]]);
    assert.deepEqual(claim?.fieldsV1, { "f:spec": { "f:template": { "f:spec": {} } } });
    assert.deepEqual(
      moved([{ ...scaler, subresource: undefined }], pulumi, [["spec", "replicas"]]),
      [],
    );
  });

  it("of somebody who is no deployment tool stay", () => {
    const operator: Claim = { manager: "cert-manager", operation: "Update", fieldsV1: {} };
    assert.deepEqual(moved([operator], pulumi), [operator]);
  });
});

describe("handing an object over", () => {
  const value = (path: string, object = live()): unknown =>
    handOverPatch(object, pulumi).find((step) => step.path === path)?.value;

  it("is refused where the object has changed meanwhile", () => {
    assert.deepEqual(handOverPatch(live(), pulumi)[0], {
      op: "test",
      path: "/metadata/resourceVersion",
      value: "7",
    });
  });

  it("leaves the note by which `kubectl rollout restart` started the pods to nobody, so that they stay", () => {
    const claims = value("/metadata/managedFields") as Claim[];
    assert.doesNotMatch(JSON.stringify(claims), /restartedAt/);
  });

  it("takes the old tools' marks off, kubectl's copy of a manifest with its secrets among them", () => {
    const object = live({
      labels: { app: "backend", "app.kubernetes.io/managed-by": "Helm" },
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "meta.helm.sh/release-name": "todo-app",
        mine: "stays",
      },
    });
    const removed = handOverPatch(object, pulumi).filter(({ op }) => op === "remove");
    assert.deepEqual(
      removed.map(({ path }) => path),
      [
        "/metadata/labels/app.kubernetes.io~1managed-by",
        "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
        "/metadata/annotations/meta.helm.sh~1release-name",
      ],
    );
  });

  it("keeps a label of the user's own that only looks like Helm's", () => {
    const object = live({ labels: { "app.kubernetes.io/managed-by": "platform-team" } });
    assert.deepEqual(
      handOverPatch(object, pulumi).filter(({ op }) => op === "remove"),
      [],
    );
  });
});
