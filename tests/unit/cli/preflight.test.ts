import assert from "node:assert/strict";

import { refuseOldKubernetes, refuseTakenPort } from "../../../cli/preflight";
import { capacityWarning } from "../../../cli/preflight/capacity";
import { probeDisk } from "../../../cli/probes/disk";
import { bytes, millicores } from "../../../manifests/quantity";
import { manifestArgs } from "../../../stack/args";
import { references, stackConfig } from "../fixtures/stack";

const gibibyte = 1024 ** 3;

describe("before an update", () => {
  it("warns with the largest number of pods that fit into a default Minikube", () => {
    // 2 CPUs and 3 GiB, of which the system's pods take about 950m and 420 MiB (measured).
    const free = { cpu: 2000 - 950, memory: 3 * gibibyte - 420 * 1024 ** 2 };
    const alone = stackConfig({ frontendReplicas: 1, databaseUrl: { secure: "encrypted" } });
    assert.match(
      capacityWarning(manifestArgs(alone, references), free) ?? "",
      /10 back-end pods .* 3 do .*maxReplicas 3 \(5 with rolloutSurge 1\)/,
    );
  });

  it("counts as many new pods as a rollout starts at a time", () => {
    const roomFor = (rolloutSurge: number) => {
      const config = stackConfig({ rolloutSurge, maxReplicas: 6 });
      const free = { cpu: 0, memory: 64 * gibibyte };
      while (capacityWarning(manifestArgs(config, references), free)) free.cpu += 10;
      return free.cpu;
    };
    // Each pod of the back end requests 100m: two more by one at a time, six more all at once, and no more than that.
    const request = millicores(stackConfig().backend.cpuRequest);
    assert.equal(roomFor(6) - roomFor(1), 4 * request);
    assert.equal(roomFor(100), roomFor(6));
  });

  it("counts the pods of an MCP server of its own", () => {
    // Everything but the MCP server's three pods, which request 100m each while an update rolls.
    const alone = stackConfig();
    const most = { cpu: 0, memory: 64 * gibibyte };
    for (most.cpu = 100; capacityWarning(manifestArgs(alone, references), most); most.cpu += 10);
    const separate = stackConfig({ mcpMode: "separate" });
    assert.notEqual(capacityWarning(manifestArgs(separate, references), most), undefined);
  });

  it("asks for the disk of a first build, and for little where that was made", () => {
    assert.equal(probeDisk(false, 8192).level, "fine");
    assert.equal(probeDisk(false, 2048).level, "missing");
    assert.equal(probeDisk(true, 2048).level, "optional");
    assert.equal(probeDisk(true, 100).level, "missing");
  });

  it("says nothing when everything fits", () => {
    const free = { cpu: 4000, memory: 8 * gibibyte };
    assert.equal(capacityWarning(manifestArgs(stackConfig(), references), free), undefined);
  });

  it("reads quantities as Kubernetes does", () => {
    assert.deepEqual(["100m", "2", "0.5"].map(millicores), [100, 2000, 500]);
    assert.deepEqual(["256Mi", "1G", "12"].map(bytes), [256 * 1024 ** 2, 1e9, 12]);
  });

  it("refuses a Kubernetes whose pods cannot sleep before they stop", () => {
    assert.throws(() => {
      refuseOldKubernetes("v1.29.9");
    }, /Kubernetes v1\.29\.9; 1\.30 or newer/);
    refuseOldKubernetes("v1.30.0");
  });

  it("refuses a NodePort that another namespace holds, and names a free one", () => {
    const services = [
      { namespace: "other", name: "web", ports: [30300] },
      { namespace: "other", name: "api", ports: [30301] },
    ];
    assert.throws(
      () => {
        refuseTakenPort(services, stackConfig());
      },
      (error: Error & { next?: string[] }) =>
        /Port 30300 .* service web in the namespace other/.test(error.message) &&
        /nodePort 30302/.test(JSON.stringify(error)),
    );
    refuseTakenPort([{ namespace: "todo-app", name: "frontend", ports: [30300] }], stackConfig());
    refuseTakenPort(services, stackConfig({ frontendServiceType: "ClusterIP" })); // it takes none
  });
});
