import fc from "fast-check";
import assert from "node:assert/strict";

import { run } from "../../tools/process";
import { manifestArgs } from "../../stack/args";
import { stackObjectsWithSecrets } from "../../render/objects";
import type { Sandbox } from "../../dev/sandbox";
import { stackConfig } from "../unit/fixtures/stack";
import { configurations } from "../unit/render/support/configurations";
import { renderableValues, sampleReferences } from "../unit/render/support/equivalent";
import { helmTemplate } from "../unit/render/support/helm";
import { byIdentity, comparable, type Parsed } from "../unit/render/support/objects";
import { unassigned } from "./support/held";
import { helmAndCluster, helmAndClusterTimeout } from "./support/helm";

const namespace = "todo-render";
/** That nobody has. */
const nodePorts = [31987, 31988] as const;

/** Any values: the data of Secrets is compared elsewhere. */
const secrets = {
  ...{ databaseUrl: "postgresql://a:b@c/d", jwtSecret: "jwt", openaiApiKey: "" },
  ...{ databasePassword: "password", checksumKey: "key" },
  ...{ registry: "ghcr.io", registryUsername: "me", registryPassword: "password" },
  ...{ frontendEnv: {}, backendEnv: {}, mcpEnv: {} },
};

/** What the cluster's API makes of objects of either way: checked, admitted, with its defaults, but not kept. */
describe("the rendered objects in a cluster", function () {
  this.timeout(10 * 60_000);
  let sandbox: Sandbox;
  let helm = "";

  const kubectl = async (args: string[], input?: string): Promise<string> => {
    const context = ["--kubeconfig", sandbox.kubeconfig, "--context", sandbox.context];
    const result = await run(sandbox.kubectl, [...context, ...args], { input });
    assert.equal(result.code, 0, result.stderr);
    return result.stdout;
  };

  before(async function () {
    this.timeout(helmAndClusterTimeout);
    const found = await helmAndCluster();
    if (found === undefined) this.skip();
    ({ helm, sandbox } = found);
    await kubectl(["create", "namespace", namespace]);
  });

  after(async () => {
    await kubectl(["delete", "namespace", namespace, "--ignore-not-found"]);
  });

  /** Objects as the API would keep them. */
  const admitted = async (objects: readonly Parsed[], autoscaling: boolean) => {
    const list = { apiVersion: "v1", kind: "List", items: objects };
    const args = ["apply", "--server-side", "--dry-run=server", "-f", "-", "-o", "json"];
    const answer = JSON.parse(await kubectl(args, JSON.stringify(list))) as { items: Parsed[] };
    return byIdentity(
      answer.items.map((object) => comparable(unassigned(object, nodePorts), autoscaling)),
    );
  };

  const sample = fc.sample(configurations, { numRuns: 10, seed: 20260126 });
  for (const [index, generated] of sample.entries()) {
    it(`are the same by both ways, configuration ${index + 1} of ${sample.length}`, async () => {
      // The namespace of this test, ports that nobody has, limits above any request, and no kinds that only kagent's
      // charts define.
      const fixed = {
        ...{ namespace, nodePort: nodePorts[0], backendNodePort: nodePorts[1], kagent: false },
        ...{ frontendCpuLimit: "2", frontendMemoryLimit: "2Gi" },
        ...{ backendCpuLimit: "2", backendMemoryLimit: "2Gi" },
      };
      const changes = { ...generated, ...fixed };
      const config = stackConfig(changes);
      const references = sampleReferences(config);
      const program = JSON.parse(
        JSON.stringify(stackObjectsWithSecrets(manifestArgs(config, references), secrets)),
      ) as Parsed[];
      const chart = await helmTemplate(helm, renderableValues(changes, references, program));
      const { autoscaling } = config.backend;
      const byProgram = await admitted(program, autoscaling);
      assert.ok(Object.keys(byProgram).length > 10);
      assert.deepEqual(await admitted(chart, autoscaling), byProgram);
    });
  }
});
