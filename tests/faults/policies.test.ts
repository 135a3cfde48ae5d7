import assert from "node:assert/strict";

import { Cluster, type Pod } from "../live/support/cluster";
import { startPolicyEngine, stopPolicyEngine } from "./support/policy-engine";
import {
  addressOf,
  attempt,
  listener,
  type Outcome,
  type Place,
  type Target,
} from "./support/probes";
import { sharedStack, type Stack } from "./support/stack";

const outside = "todo-faults-outside";

/** Which ways are open; all others are shut. Written down here, and not derived from the policies. */
const open: Record<Place, readonly string[]> = {
  frontend: ["backend:8000", "dns:53"],
  // 443 anywhere: where the assistant's model is.
  backend: ["database:5432", "dns:53", "outsider:443"],
  database: ["dns:53"],
  stranger: ["dns:53"],
  outsider: ["frontend:3000", "dns:53"],
};

const engine = process.env.TODO_FAULTS_KUBE_ROUTER;

describe("network policies, enforced", function () {
  this.timeout(10 * 60_000);
  let stack: Stack;
  let apart: Cluster;
  let isStarted = false;
  let targets: Target[] = [];
  /** One pod for each place to try from; the same that are the targets. */
  const pods = new Map<Place, Pod>();

  before(async function () {
    if (engine === undefined) {
      this.skip();
    }
    stack = await sharedStack();
    apart = new Cluster(stack.sandbox.kubeconfig, stack.sandbox.context, outside);
    isStarted = true;
    await startPolicyEngine(stack.sandbox, engine);
    const [backend] = await stack.cluster.servingPods("backend");
    const image = backend?.spec.containers[0]?.image ?? "";
    await apart.kubectl("create", "namespace", outside);
    for (const [cluster, name] of [
      [stack.cluster, "stranger"],
      [apart, "outsider"],
    ] as const) {
      await cluster.create(`/api/v1/namespaces/${cluster.namespace}/pods`, listener(name, image));
      await cluster.kubectl("wait", "--for=condition=Ready", `pod/${name}`, "--timeout=60s");
    }
    targets = await everybody();
  });

  after(async () => {
    if (!isStarted) return;
    await stack.cluster.kubectl("delete", "pod", "stranger", "--ignore-not-found");
    await apart.kubectl("delete", "namespace", outside, "--ignore-not-found");
    await stopPolicyEngine(stack.sandbox);
  });

  async function everybody(): Promise<Target[]> {
    const places: [Place, Cluster, string, number[]][] = [
      ["frontend", stack.cluster, "frontend", [3000]],
      ["backend", stack.cluster, "backend", [8000]],
      ["database", stack.cluster, "postgres", [5432]],
      ["stranger", stack.cluster, "stranger", [443, 8080]],
      ["outsider", apart, "outsider", [443, 8080]],
    ];
    const found: Target[] = [];
    for (const [place, cluster, app, ports] of places) {
      const [pod] = await cluster.servingPods(app);
      assert.ok(pod, `there is no pod of ${app}`);
      pods.set(place, pod);
      for (const port of ports) {
        found.push({ name: `${place}:${port}`, address: addressOf(pod), port });
      }
    }
    const system = new Cluster(stack.sandbox.kubeconfig, stack.sandbox.context, "kube-system");
    const dns = await system.kubectl(
      ...["get", "pods", "-l", "k8s-app=kube-dns", "-o", "jsonpath={.items[0].status.podIP}"],
    );
    return [...found, { name: "dns:53", address: dns, port: 53 }];
  }

  /** Everybody tries to reach everybody else. */
  async function matrix(): Promise<Map<string, Outcome>> {
    const outcomes = new Map<string, Outcome>();
    for (const [from, pod] of pods) {
      const cluster = from === "outsider" ? apart : stack.cluster;
      const others = targets.filter(({ name }) => !name.startsWith(from));
      await Promise.all(
        others.map(async (target) => {
          const outcome = await attempt(cluster, from, pod.metadata.name, target);
          outcomes.set(`${from} → ${target.name}`, outcome);
        }),
      );
    }
    return outcomes;
  }

  it("let through what the application needs, and nothing else", async () => {
    const outcomes = await matrix();
    print("with the policies", outcomes);
    for (const [way, outcome] of outcomes) {
      const [from, to] = way.split(" → ") as [Place, string];
      // An engine may drop what is denied, or refuse it (kube-router does).
      assert.equal(outcome === "connects", open[from].includes(to), `${way} ${outcome}`);
    }
    const [user] = await stack.users(1);
    await user?.addTask("through the policies");
    assert.equal(await user?.probe(), "200");
  });

  it("are what shuts the other ways: all are open once they are deleted", async () => {
    const saved = await stack.cluster.kubectl("get", "networkpolicies", "-o", "json");
    const { items } = JSON.parse(saved) as { items: { metadata: Record<string, unknown> }[] };
    await stack.cluster.kubectl("delete", "networkpolicies", "--all");
    try {
      await allOpen();
    } finally {
      for (const policy of items) {
        for (const made of ["resourceVersion", "uid", "creationTimestamp", "generation"]) {
          // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the API refuses to be given them
          delete policy.metadata[made];
        }
        await stack.cluster.create(
          `/apis/networking.k8s.io/v1/namespaces/${stack.cluster.namespace}/networkpolicies`,
          policy,
        );
      }
    }
  });

  /** The engine needs a moment to take its rules away. */
  async function allOpen(): Promise<void> {
    let outcomes = await matrix();
    for (let tries = 0; tries < 10; tries++) {
      if ([...outcomes.values()].every((outcome) => outcome === "connects")) break;
      outcomes = await matrix();
    }
    print("without them", outcomes);
    for (const [way, outcome] of outcomes) assert.equal(outcome, "connects", way);
  }
});

function print(title: string, outcomes: ReadonlyMap<string, Outcome>): void {
  console.log(`      ${title}:`);
  for (const [way, outcome] of outcomes) console.log(`        ${way} ${outcome}`);
}
