import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

import { backendEnvironment, ownBackend, usesOwnBackend } from "../../../automation/environment";
import { shellQuoted } from "../../../tools/process";
import { contextEnvironment } from "../../../tools/docker";

describe("the environment of the stack", () => {
  it("keeps the state of local in the clone, whoever is logged in where", () => {
    assert.equal(usesOwnBackend("local", {}), true);
    assert.equal(usesOwnBackend("local", { PULUMI_ACCESS_TOKEN: "pul-x" }), true);
    assert.equal(usesOwnBackend("local", { PULUMI_BACKEND_URL: ownBackend() }), true);
  });

  it("leaves a backend that the user named, and every other stack, to the user", () => {
    assert.equal(usesOwnBackend("local", { PULUMI_BACKEND_URL: "s3://team" }), false);
    assert.deepEqual(backendEnvironment("dev", {}), {});
  });

  it("takes away another stack's passphrase, which would win over this one's file", () => {
    const variables = backendEnvironment("local", { PULUMI_CONFIG_PASSPHRASE: "theirs" });
    assert.ok("PULUMI_CONFIG_PASSPHRASE" in variables);
    assert.equal(variables["PULUMI_CONFIG_PASSPHRASE"], undefined);
    assert.match(variables["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "", /\.stack\/passphrase$/);
  });

  it("gives a shell values that come back unchanged", () => {
    for (const value of ["/plain/path", "a b", "it's", '$HOME "x" \\ `y`']) {
      const { stdout } = spawnSync("sh", ["-c", `printf %s ${shellQuoted(value)}`], {
        encoding: "utf8",
      });
      assert.equal(stdout, value);
    }
  });

  it("resolves a docker context for programs that know only DOCKER_HOST", () => {
    const host = "unix:///home/ann/.docker/desktop/docker.sock";
    const desktop = { Name: "desktop-linux", Endpoints: { docker: { Host: host } } };
    assert.deepEqual(contextEnvironment(desktop), { DOCKER_HOST: host });
    assert.deepEqual(contextEnvironment({ ...desktop, Name: "default" }), {});
    assert.deepEqual(
      contextEnvironment({
        Name: "remote",
        Endpoints: { docker: { Host: "tcp://10.0.0.1:2376" } },
        TLSMaterial: { docker: ["ca.pem", "cert.pem", "key.pem"] },
        Storage: { TLSPath: "/home/ann/.docker/contexts/tls/abc" },
      }),
      {
        DOCKER_HOST: "tcp://10.0.0.1:2376",
        DOCKER_TLS_VERIFY: "1",
        DOCKER_CERT_PATH: "/home/ann/.docker/contexts/tls/abc/docker",
      },
    );
  });
});
