import assert from "node:assert/strict";

import { sampleOften, samplingPatch } from "../../../cli/clusters/metrics-server";
import {
  daemonVariables,
  profileSize,
  profileState,
  startArguments,
} from "../../../tools/minikube";
import { Tools } from "../fixtures/tools";

describe("the Minikube profile", () => {
  it("is as large as the stack needs at its largest where Docker has that much", () => {
    assert.deepEqual(profileSize({ cpus: 16, memoryMb: 65536 }), { cpus: 4, memoryMb: 8192 });
  });

  it("takes no more than 60 % of Docker's memory and all of its CPUs", () => {
    assert.deepEqual(profileSize({ cpus: 2, memoryMb: 8000 }), { cpus: 2, memoryMb: 4800 });
  });

  it("is refused, in words, where it could not come up", () => {
    const message = /Docker has 2 CPUs and 2\.0 GB of memory; the cluster needs 2 CPUs and 4\.1 GB/;
    assert.throws(
      () => profileSize({ cpus: 2, memoryMb: 2048 }, "darwin"),
      (error: Error) => {
        assert.match(error.message, message);
        assert.match(JSON.stringify(error), /Docker Desktop: Settings/);
        return true;
      },
    );
    assert.throws(() => profileSize({ cpus: 1, memoryMb: 8192 }), /needs 2 CPUs/);
  });

  it("publishes the node ports, the API's too, on this machine only, and is forced only as root", () => {
    const args = startArguments("todo-app", { cpus: 4, memoryMb: 8192 }, [30300, 30800], false);
    assert.deepEqual(args, [
      ...["start", "-p", "todo-app", "--driver=docker", "--cpus=4", "--memory=8192"],
      "--ports=127.0.0.1:30300:30300,127.0.0.1:30800:30800",
    ]);
    assert.ok(
      startArguments("todo-app", { cpus: 4, memoryMb: 8192 }, [30300, 30800], true).includes(
        "--force",
      ),
    );
  });

  it("reads the state that minikube status prints, whatever it exits with", () => {
    const node = { Name: "todo-app", Host: "Running", Kubelet: "Running", APIServer: "Running" };
    assert.equal(profileState(JSON.stringify(node)), "running");
    assert.equal(
      profileState(JSON.stringify([node, { ...node, APIServer: "Irrelevant" }])),
      "running",
    );
    assert.equal(profileState(JSON.stringify({ ...node, Host: "Stopped" })), "stopped");
    assert.equal(profileState(JSON.stringify({ ...node, APIServer: "Stopped" })), "stopped");
    // With no profile it prints events instead of a status.
    assert.equal(
      profileState('{"specversion":"1.0","type":"io.k8s.sigs.minikube.error"}'),
      "absent",
    );
    assert.equal(profileState(""), "absent");
  });

  it("takes the node's daemon, and no empty ssh agent, from what docker-env prints", () => {
    // As printed by Minikube 1.38 for a profile on the docker runtime.
    const printed = [
      "SSH_AGENT_PID=",
      "DOCKER_TLS_VERIFY=1",
      "DOCKER_HOST=tcp://192.168.49.2:2376",
      "DOCKER_CERT_PATH=/home/me/.minikube/certs",
      "MINIKUBE_ACTIVE_DOCKERD=todo-app",
      "SSH_AUTH_SOCK=",
    ];
    assert.deepEqual(daemonVariables(`${printed.join("\n")}\n`), {
      DOCKER_TLS_VERIFY: "1",
      DOCKER_HOST: "tcp://192.168.49.2:2376",
      DOCKER_CERT_PATH: "/home/me/.minikube/certs",
      MINIKUBE_ACTIVE_DOCKERD: "todo-app",
    });
  });

  it("has its metrics-server sample every 15 s, and touches no other argument", () => {
    // The arguments of the addon of Minikube 1.38.
    const args = ["--cert-dir=/tmp", "--metric-resolution=60s", "--kubelet-insecure-tls"];
    assert.deepEqual(JSON.parse(samplingPatch(args) ?? "[]"), [
      {
        op: "test",
        path: "/spec/template/spec/containers/0/args/1",
        value: "--metric-resolution=60s",
      },
      {
        op: "replace",
        path: "/spec/template/spec/containers/0/args/1",
        value: "--metric-resolution=15s",
      },
    ]);
    assert.equal(samplingPatch(["--metric-resolution=15s"]), undefined);
    assert.equal(samplingPatch(["--cert-dir=/tmp"]), undefined);
  });
});

describe("Minikube's metrics-server", () => {
  it("ends nothing where its container has no arguments, or is not there yet", async () => {
    const { signal } = new AbortController();
    for (const get of ["true", "echo 'not found' >&2; exit 1"]) {
      const tools = new Tools({ kubectl: { "*get*": get } });
      try {
        await sampleOften({ context: "todo-app" }, signal);
        assert.equal(tools.calls().length, 1);
      } finally {
        tools.dispose();
      }
    }
  });
});
