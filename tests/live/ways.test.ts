import fc from "fast-check";
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { run } from "../../tools/process";
import { installedPulumi } from "../../tools/pulumi";
import { imageSources } from "../../stack/images";
import { contentReference } from "../../images/tag";
import { manifestArgs } from "../../stack/args";
import { manifestFiles, placeholder, refusal } from "../../render/manifests";
import { stackObjects } from "../../render/objects";
import type { Sandbox } from "../../dev/sandbox";
import { images, postgresUser } from "../../dev/sandbox/settings";
import { root, stackConfig } from "../unit/fixtures/stack";
import { type Changes, configurations } from "../unit/render/support/configurations";
import { equivalentValues } from "../unit/render/support/equivalent";
import { chart } from "../unit/render/support/helm";
import { byIdentity, type Parsed } from "../unit/render/support/objects";
import { Cluster } from "./support/cluster";
import { deployable } from "./support/deployable";
import { heldObjects } from "./support/held";
import { helmAndCluster, helmAndClusterTimeout } from "./support/helm";
import { Project } from "./support/project";

/** One that the sandbox publishes: `npm start` waits until it answers. */
const nodePort = 30301;

/** The sandbox's own base images, as `npm start` sets them there. */
const standIns = {
  ...{ nodeImage: images.nodeImage, pythonImage: images.pythonImage },
  ...{ postgresImage: images.postgresImage, postgresRunAsUser: postgresUser },
};

type Sample = Changes & { namespace: string };

/** In a URL and in YAML as it is. */
const password = "0123456789abcdef";

/** The same configuration deployed for real by each way: the cluster holds the same afterwards, and nothing else. */
describe("what the cluster holds after a deployment", function () {
  this.timeout(10 * 60_000);
  let sandbox: Sandbox;
  let helm = "";

  before(async function () {
    this.timeout(helmAndClusterTimeout);
    const found = await helmAndCluster();
    if (found === undefined) this.skip();
    ({ helm, sandbox } = found);
  });

  after(async () => {
    if (helm === "") return;
    for (const { namespace } of samples) await gone(inNamespace(namespace));
  });

  const samples = fc
    .sample(configurations, { numRuns: 10, seed: 20260126 })
    // One namespace for all ways, one after the other: names within the cluster hold it.
    .map((generated, index) => ({
      ...deployable(generated),
      ...standIns,
      ...{ namespace: `todo-way-${index + 1}`, nodePort },
    }));
  const byKubectl = new Map<Sample, Record<string, Parsed>>();

  // All of them first: while the others are deployed, a namespace has time to go away.
  it("is something, by kubectl", async () => {
    for (const changes of samples) {
      const objects = await held(changes, applyManifests);
      assert.ok(Object.keys(objects).length > 10);
      byKubectl.set(changes, objects);
    }
  });

  for (const [index, changes] of samples.entries()) {
    it(`is the same by Helm, configuration ${index + 1} of ${samples.length}`, async () => {
      assert.deepEqual(await held(changes, installChart), byKubectl.get(changes));
    });
  }

  it(`is the same by Pulumi, all ${samples.length} configurations`, async function () {
    this.timeout(samples.length * 5 * 60_000);
    if ((await installedPulumi()) === undefined) this.skip();
    for (const [index, changes] of samples.entries()) {
      const what = `configuration ${index + 1}`;
      assert.deepEqual(await held(changes, pulumiUp), byKubectl.get(changes), what);
      console.log(`      ${what}: ${JSON.stringify(changes)}`);
    }
  });

  /** Deploys, looks at what is there, and takes it away. */
  async function held(
    changes: Sample,
    deploy: (cluster: Cluster, changes: Sample) => Promise<void>,
  ): Promise<Record<string, Parsed>> {
    const cluster = inNamespace(changes.namespace);
    const { autoscaling } = stackConfig(changes).backend;
    await gone(cluster);
    try {
      await deploy(cluster, changes);
      return byIdentity(await heldObjects(cluster, autoscaling, [nodePort]));
    } finally {
      // Nobody uses these pods: there is nothing to wait for until they end.
      await cluster.kubectl("delete", "deployments,statefulsets", "--all", "--wait=false");
      await cluster.kubectl("delete", "pods", "--all", "--force", "--grace-period=0");
      await cluster.kubectl("delete", "service", "--all"); // the port is the next one's
      await cluster.kubectl("delete", "namespace", cluster.namespace, "--wait=false");
    }
  }

  const inNamespace = (namespace: string) =>
    new Cluster(sandbox.kubeconfig, sandbox.context, namespace);

  const gone = (cluster: Cluster) =>
    cluster.kubectl(
      ...["wait", "--for=delete", `namespace/${cluster.namespace}`, "--timeout=120s"],
    );

  /** `kubectl apply -k` of the rendered manifests, the secrets filled in as their template says. */
  async function applyManifests(cluster: Cluster, changes: Sample): Promise<void> {
    const config = stackConfig(changes);
    const folder = mkdtempSync(path.join(tmpdir(), "todo-manifests-"));
    try {
      for (const [file, text] of manifestFiles(config, references(changes))) {
        const target = path.join(folder, file);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, filledIn(text), { mode: 0o600 });
      }
      await cluster.kubectl("apply", "-k", folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async function installChart({ namespace }: Cluster, changes: Sample): Promise<void> {
    const config = stackConfig(changes);
    const named = references(changes);
    const objects = JSON.parse(
      JSON.stringify(stackObjects(manifestArgs(config, named))),
    ) as Parsed[];
    const args = ["install", "todo-app", chart, "--namespace", namespace, "--create-namespace"];
    const { code, stderr } = await run(helm, [...args, "--values", "-"], {
      input: JSON.stringify(equivalentValues(changes, named, objects)),
      env: { KUBECONFIG: sandbox.kubeconfig, HELM_KUBECONTEXT: sandbox.context },
    });
    assert.equal(code, 0, stderr);
  }

  /** `npm start` in a clone of its own, which waits until every pod is ready. */
  async function pulumiUp(_: Cluster, changes: Sample): Promise<void> {
    const project = Project.clone();
    try {
      project.configure(changes);
      const started = await project.run("start", "--", "--cluster", "sandbox", "--yes");
      assert.equal(started.code, 0, started.output);
      assert.match(started.output, /engine: pulumi/);
    } finally {
      project.remove();
    }
  }
});

/** The names that the images of this tree have. */
function references(changes: Changes): { frontend: string; backend: string } {
  const { frontend, backend } = imageSources(stackConfig(changes));
  return { frontend: contentReference(frontend, root), backend: contentReference(backend, root) };
}

function filledIn(text: string): string {
  const url = `postgresql://todo:${password}@postgres:5432/todo`;
  return text
    .split("\n")
    .filter((line) => !line.startsWith(refusal))
    .join("\n")
    .replaceAll(`database-url: ${placeholder}`, `database-url: ${url}`)
    .replaceAll(`openai-api-key: ${placeholder}`, 'openai-api-key: ""')
    .replaceAll(placeholder, `"${password}"`);
}
