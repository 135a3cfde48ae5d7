import assert from "node:assert/strict";
import { chooseCluster } from "../../../cli/clusters/choice";
import { stackValue } from "../../../cli/stack-file";
import { clusterIdentity, kubeconfigFile } from "../../../dev/sandbox/settings";

describe("sandbox clusters beside one another", () => {
  it("share no container, network, subnet or kubeconfig", () => {
    const [first, second] = [clusterIdentity("sandbox"), clusterIdentity("second")];
    assert.equal(first.nodeName(0), "sandbox");
    assert.equal(first.nodeAddress(1), "172.30.0.11"); // what clusters made before this have
    assert.equal(second.nodeName(1), "second-1");
    assert.notEqual(first.subnet, second.subnet);
    assert.notEqual(kubeconfigFile("", first), kubeconfigFile("", second));
  });

  it("refuse a name that no container or host can have", () => {
    for (const name of ["Second", "-a", "a_b", "../a", "a".repeat(60)])
      assert.throws(() => clusterIdentity(name), /lower-case letters, digits and hyphens/, name);
  });

  it("are found again by the stack that was deployed there", async () => {
    const cluster = { kind: "sandbox", context: "second" } as const;
    // The context that this folder's own stack has, if it was deployed, is one that npm start has chosen.
    const written = stackValue("local", "kubernetes:context");
    const facts = { "kubernetes:context": typeof written === "string" ? written : "second" };
    const record = { stack: "local", engine: "kubectl", cluster, facts } as const;
    assert.deepEqual(await chooseCluster({}, record), { kind: "sandbox", name: "second" });
    assert.deepEqual(await chooseCluster({ cluster: "sandbox" }, record), {
      kind: "sandbox",
      name: "second",
    });
  });
});
