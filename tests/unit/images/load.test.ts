import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { loadProvider } from "../../../images/load/provider";
import type { LoadInputs } from "../../../images/load/resource";
import { cluster, containers, Tools } from "../fixtures/tools";

const INPUTS: LoadInputs = {
  image: "todo-backend:2",
  platform: "linux/amd64",
  kubeContext: "here",
  settings: { kind: "auto" },
  source: {
    repository: "todo-backend",
    context: ".",
    dockerfile: "docker/backend.Dockerfile",
    buildArgs: {},
    platform: "linux/amd64",
  },
};
const STATE = {
  ...INPUTS,
  loader: "node",
  clusterUid: "uid",
  bytesSent: 1,
  path: "full" as const,
  tags: ["todo-backend:2", "todo-backend:1"],
};
const CHECK = "exec\\ node\\ ctr*check*";
const checked = (unpacked: boolean): string =>
  `echo 'docker.io/library/todo-backend:2 type sha256:${"a".repeat(64)} complete (2/2) 2.0 MiB/2.0 MiB ${unpacked}'`;
const PRESENT = { [CHECK]: checked(true) };
const ABSENT = { [CHECK]: "true" };
const DOWN = { "*": "echo 'connection to the server was refused' >&2; exit 1" };

/** A preview or update has a provider of its own. */
let provider = loadProvider();

// The engine calls these; `read` and `update` are optional in its types.
const diff = async (news: LoadInputs): Promise<unknown> =>
  (await provider.diff?.("id", STATE, news))?.changes;
const read = async (): Promise<unknown> => (await provider.read?.("id", STATE))?.id;

describe("the load of an image", () => {
  let tools: Tools;
  const given = (kubectl: Record<string, string>, docker: Record<string, string>): void => {
    tools.add("kubectl", kubectl);
    tools.add("docker", { ...docker, ...containers("node") });
    provider = loadProvider();
  };
  beforeEach(() => {
    tools = new Tools({});
  });
  afterEach(() => {
    tools.dispose();
  });

  describe("shows in a preview", () => {
    it("not at all while the image is where it should be", async () => {
      given(cluster("uid", { name: "node" }), PRESENT);
      assert.equal(await diff(INPUTS), false);
    });
    it("a change of the image, without asking anybody", async () => {
      assert.equal(await diff({ ...INPUTS, image: "todo-backend:3" }), true);
      assert.equal(await diff({ ...INPUTS, settings: { kind: "none" } }), true);
      assert.deepEqual(tools.calls(), []);
    });
    it("an image that is gone from a node", async () => {
      given(cluster("uid", { name: "node" }), ABSENT);
      assert.equal(await diff(INPUTS), true);
    });
    it("images of one preview after one question to the cluster", async () => {
      given(cluster("uid", { name: "node" }), PRESENT);
      assert.equal(await diff(INPUTS), false);
      assert.equal(await diff(INPUTS), false);
      assert.equal(tools.calls().filter((call) => call.startsWith("kubectl")).length, 1);
    });
    it("a cluster that was made again", async () => {
      given(cluster("another", { name: "node" }), PRESENT);
      assert.equal(await diff(INPUTS), true);
    });
    it("nothing when the context has another name: it is the same cluster", async () => {
      given(cluster("uid", { name: "node" }), PRESENT);
      assert.equal(await diff({ ...INPUTS, kubeContext: "renamed" }), false);
    });
    const pushed = {
      image: "localhost:5000/todo-backend:2",
      settings: { kind: "registry" as const, registry: "localhost:5000" },
    };
    const inRegistry = { "*manifest*": "echo '{}'" };

    it("another cluster under the same name, also where images come from a registry", async () => {
      const changes = async (uid: string, before = STATE.clusterUid) => {
        given({ "*kube-system*": `printf ${uid}` }, inRegistry);
        const olds = { ...STATE, ...pushed, clusterUid: before };
        return (await provider.diff?.("id", olds, { ...INPUTS, ...pushed }))?.changes;
      };
      assert.equal(await changes("uid"), false);
      assert.equal(await changes("another"), true);
      // Stacks of before did not look.
      assert.equal(await changes("uid", ""), false);
    });
    it("nothing where images come from a registry and the user may not look at the cluster", async () => {
      given({ "*": "echo 'namespaces is forbidden' >&2; exit 1" }, inRegistry);
      const olds = { ...STATE, ...pushed };
      const change = await provider.diff?.("id", olds, { ...INPUTS, ...pushed });
      assert.equal(change?.changes, false);
    });
    it("nothing when the cluster cannot be asked", async () => {
      given(DOWN, PRESENT);
      assert.equal(await diff(INPUTS), false);
    });
  });

  describe("after a refresh", () => {
    it("is there as before when the image is, or when nobody can say", async () => {
      given(cluster("uid", { name: "node" }), PRESENT);
      assert.equal(await read(), "id");
      given(DOWN, PRESENT);
      assert.equal(await read(), "id");
    });
    it("is gone with the image or with the cluster", async () => {
      given(cluster("uid", { name: "node" }), ABSENT);
      assert.equal(await read(), "");
      given(cluster("another", { name: "node" }), PRESENT);
      assert.equal(await read(), "");
    });
  });

  describe("made or updated", () => {
    it("does nothing more when the image is present", async () => {
      given(cluster("uid", { name: "node" }), PRESENT);
      const { outs } = await provider.create(INPUTS);
      assert.deepEqual(outs, {
        ...INPUTS,
        loader: "node",
        clusterUid: "uid",
        path: "present",
        bytesSent: 0,
        tags: ["todo-backend:2"],
      });
      assert.ok(!tools.calls().some((call) => call.includes("save")));
    });
    it("keeps two tags and removes older ones while the pods roll, unless a pod uses them", async () => {
      const removal = { "image\\ rm*": "true", "exec\\ node\\ ctr*rm*": "true" };
      const pods = (image: string): Record<string, string> => ({ "*pods*": `echo ${image}` });
      const here = cluster("uid", { name: "node" });
      given({ ...pods("todo-backend:0"), ...here }, { ...PRESENT, ...removal });
      const olds = { ...STATE, tags: ["todo-backend:1", "todo-backend:0", "todo-backend:00"] };
      const result = await provider.update?.("id", olds, INPUTS);
      await until(() => tools.calls().some((call) => call.startsWith("docker image rm")));
      const removed = tools.calls().filter((call) => call.includes(" rm "));
      assert.ok(removed.includes("docker image rm todo-backend:00"));
      assert.ok(
        removed.every((call) => !/todo-backend:[012]\b/.test(call)),
        removed.join("\n"),
      );
      // Still known: this process may have been ended before they were gone.
      assert.deepEqual(result?.outs?.tags, ["todo-backend:2", ...olds.tags]);
    });
    it("forgets tags that it has tried to remove often enough", async () => {
      given(cluster("uid", { name: "node" }), PRESENT);
      const tags = [5, 4, 3, 2, 1].map((number) => `todo-backend:old-${number}`);
      const result = await provider.update?.("id", { ...STATE, tags }, INPUTS);
      assert.equal(result?.outs?.tags.length, 5);
    });
    it("fails on a cluster that was made again, and says how to go on", async () => {
      given(cluster("another", { name: "node" }), ABSENT);
      await assert.rejects(
        Promise.resolve(provider.update?.("id", STATE, INPUTS)),
        /is not the one that this stack was deployed to.*pulumi up --refresh/,
      );
    });
    it("fails with kubectl's words when the cluster cannot be reached", async () => {
      given(DOWN, PRESENT);
      await assert.rejects(
        provider.create(INPUTS),
        /cluster of context "here" does not answer[\s\S]*was refused[\s\S]*may be stopped/,
      );
    });
    it("fails when a load said that it went well and the image is not there", async () => {
      given(cluster("uid", { name: "node", profile: "node" }), {});
      tools.add("docker", {
        "ps*": "true",
        "image\\ inspect*": `echo 'linux/amd64 sha256:0 9 ["sha256:1"]'`,
        "save*": 'while [ "$1" != --output ]; do shift; done; echo tar > "$2"',
        "info*": "echo laptop 1",
      });
      // As the real one: success, whatever happened.
      tools.add("minikube", { "image\\ ls*": "echo '[]'", "image\\ load*": "true" });
      await assert.rejects(
        provider.create(INPUTS),
        /was loaded by "minikube" without an error, but is not in node/,
      );
    });
    it("fails on an image of another platform", async () => {
      given(cluster("uid", { name: "node" }), {
        ...ABSENT,
        "exec\\ node\\ ctr*content\\ ls": "true",
        "image\\ inspect*": `echo 'linux/arm64 sha256:0 9 ["sha256:1"]'`,
      });
      await assert.rejects(
        provider.create(INPUTS),
        /is for linux\/arm64, but linux\/amd64 is wanted/,
      );
    });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}
