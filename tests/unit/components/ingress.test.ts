import assert from "node:assert/strict";

import { outputs } from "../../../stack/outputs";
import { componentObjects } from "../../../render/component-objects";
import { manifestArgs } from "../../../stack/args";
import { references, stackConfig } from "../fixtures/stack";

const objects = (changes: Record<string, unknown> = {}) =>
  componentObjects(manifestArgs(stackConfig(changes), references));

const publicUrl = (changes: Record<string, unknown>) =>
  objects(changes).frontend.deployment.spec?.template.spec?.containers[0]?.env?.find(
    ({ name }) => name === "PUBLIC_URL",
  )?.value;

describe("the ingress", () => {
  const host = { ingressHost: "todo.example.com" };
  const tls = { ...host, ingressTlsSecret: "todo-tls" };

  it("is there only with a host, and leads everything of it to the front end", () => {
    assert.equal(objects().ingress, undefined);
    const spec = objects(host).ingress?.ingress.spec;
    assert.equal(spec?.rules?.[0]?.host, "todo.example.com");
    const [path] = spec.rules[0].http?.paths ?? [];
    assert.equal(path?.path, "/");
    assert.deepEqual(path.backend.service, { name: "frontend", port: { number: 3000 } });
    assert.equal(spec.ingressClassName, undefined);
  });

  it("takes a class, a certificate and annotations", () => {
    const changes = {
      ...tls,
      ingressClassName: "nginx",
      ingressAnnotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
    };
    const ingress = objects(changes).ingress?.ingress;
    assert.equal(ingress?.spec?.ingressClassName, "nginx");
    assert.deepEqual(ingress.spec.tls, [{ hosts: ["todo.example.com"], secretName: "todo-tls" }]);
    assert.deepEqual(ingress.metadata?.annotations, changes.ingressAnnotations);
  });

  it("tells the front end where people come from: https with a certificate, unless told otherwise", () => {
    assert.equal(publicUrl(tls), "https://todo.example.com");
    assert.equal(publicUrl(host), "http://todo.example.com");
    assert.equal(
      publicUrl({ ...host, publicUrl: "https://todo.example.com" }),
      "https://todo.example.com",
    );
    assert.equal(publicUrl({}), undefined);
  });

  it("is the URL that the stack puts out", () => {
    assert.equal(outputs(stackConfig(tls)).url, "https://todo.example.com");
  });
});

describe("the stack's URL", () => {
  it("is the NodePort on this machine", () => {
    assert.equal(outputs(stackConfig({ nodePort: 30301 })).url, "http://127.0.0.1:30301");
  });

  it("comes with the command that makes it work, where the Service stays in the cluster", () => {
    const { url, portForward } = outputs(stackConfig({ frontendServiceType: "ClusterIP" }));
    assert.equal(url, "http://127.0.0.1:3000");
    assert.equal(
      portForward,
      "kubectl --context todo-app --namespace todo-app port-forward service/frontend 3000:3000",
    );
  });
});
