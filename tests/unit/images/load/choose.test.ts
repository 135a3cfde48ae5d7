import assert from "node:assert/strict";
import { chooseLoader } from "../../../../images/load/choose";
import { readLoadCluster } from "../../../../images/load/cluster";
import type { LoaderSettings } from "../../../../images/load/loader";
import { cluster, containers, type NodeInfo, Tools } from "../../fixtures/tools";

describe("the loader", () => {
  let tools: Tools;
  const docker = (cases: Record<string, string>): Record<string, string> => ({
    ...cases,
    info: "",
    "info*": "echo laptop 28.2.2",
  });
  const choose = async (loader: LoaderSettings, ...nodes: NodeInfo[]): Promise<string> => {
    tools.add("kubectl", cluster("uid", ...nodes));
    const target = { image: "todo-backend:1", kubeContext: "here", loader };
    return (await chooseLoader(target, await readLoadCluster("here"))).name;
  };
  beforeEach(() => {
    tools = new Tools({ docker: docker(containers("minikube", "worker")) });
  });
  afterEach(() => {
    tools.dispose();
  });

  describe("auto", () => {
    const auto: LoaderSettings = { kind: "auto" };

    for (const runtime of ["containerd://2.1.0", "docker://28.4.0"]) {
      it(`is "node" where the nodes are containers with ${runtime}`, async () => {
        assert.equal(await choose(auto, { name: "minikube", runtime }), "node");
      });
    }
    it('is "node" for several nodes when all of them are containers', async () => {
      assert.equal(await choose(auto, { name: "minikube" }, { name: "worker" }), "node");
    });
    it('is "minikube" for a Minikube of another driver', async () => {
      tools.add("docker", docker({ "ps*": "true" }));
      assert.equal(await choose(auto, { name: "minikube", profile: "minikube" }), "minikube");
    });
    it('is "minikube" where the container has a runtime that takes no images (CRI-O)', async () => {
      const node = { name: "minikube", runtime: "cri-o://1.33.0", profile: "minikube" };
      assert.equal(await choose(auto, node), "minikube");
    });
    it('is "node" where the user\'s Docker is the one in the node', async () => {
      tools.add("docker", { "ps*": "true", "info*": "echo minikube 28.4.0" });
      assert.equal(await choose(auto, { name: "minikube", runtime: "docker://28.4.0" }), "node");
    });
    it("does not take a container of the same name at another address for the node", async () => {
      tools.add(
        "docker",
        docker({ "ps*": "echo id", "container*": "echo '/minikube true 10.9.8.7 '" }),
      );
      await assert.rejects(choose(auto, { name: "minikube" }), /none of the ways .* fits/);
    });
    it("gives up on other clusters, with the choices there are", async () => {
      tools.add("docker", docker({ "ps*": "true" }));
      await assert.rejects(
        choose(auto, { name: "ip-10-0-0-1" }),
        /ip-10-0-0-1 \(containerd\)[\s\S]*imageLoader registry[\s\S]*imageLoadCommand[\s\S]*imageLoader none/,
      );
    });
  });

  it("that config names is used, or the reason is given why it cannot be", async () => {
    const minikube = { name: "minikube", profile: "minikube" };
    assert.equal(await choose({ kind: "minikube" }, minikube), "minikube");
    assert.equal(await choose({ kind: "node" }, minikube), "node");
    assert.equal(await choose({ kind: "none" }, minikube), "none");
    assert.equal(await choose({ kind: "registry" }, minikube), "registry");
    assert.equal(await choose({ kind: "command", command: "x {image}" }, minikube), "command");
    await assert.rejects(
      choose({ kind: "minikube" }, { name: "minikube" }),
      /belong to a Minikube/,
    );
    tools.add("docker", docker({ "ps*": "true" }));
    await assert.rejects(
      choose({ kind: "node" }, minikube),
      /not containers of this machine's Docker/,
    );
  });

  it("serves the nodes that take pods: not cordoned, not tainted, ready if any is", async () => {
    const names = async (...nodes: NodeInfo[]): Promise<string[]> => {
      tools.add("kubectl", cluster("uid", ...nodes));
      return (await readLoadCluster("here")).nodes.map((node) => node.name);
    };
    const control = { name: "control", taint: "node-role.kubernetes.io/control-plane" };
    const down = { name: "down", ready: false };
    const starting = { name: "starting", ready: false, taint: "node.kubernetes.io/not-ready" };
    const cordoned = { name: "cordoned", unschedulable: true };
    assert.deepEqual(await names(control, down, cordoned, { name: "a" }, { name: "b" }), [
      "a",
      "b",
    ]);
    assert.deepEqual(await names(starting), ["starting"]);
  });
});
