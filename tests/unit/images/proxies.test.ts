import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { proxyArguments } from "../../../images/proxies";

describe("the proxies of a build", () => {
  let folder: string;
  const env = (variables: Record<string, string>): NodeJS.ProcessEnv => ({
    DOCKER_CONFIG: folder,
    ...variables,
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-docker-config-"));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it("are none where the machine has none", () => {
    assert.deepEqual(proxyArguments(env({ NO_PROXY: "localhost" })), {});
  });

  it("are the machine's, in both cases, with its exceptions", () => {
    const found = proxyArguments(
      env({ https_proxy: "http://proxy.acme.test:3128", NO_PROXY: ".acme.test" }),
    );
    assert.deepEqual(found, {
      HTTPS_PROXY: "http://proxy.acme.test:3128",
      https_proxy: "http://proxy.acme.test:3128",
      NO_PROXY: ".acme.test",
      no_proxy: ".acme.test",
    });
  });

  it("are Docker's own where its configuration has some", () => {
    const proxies = { default: { httpProxy: "http://docker.acme.test:1" } };
    fs.writeFileSync(path.join(folder, "config.json"), JSON.stringify({ proxies }));
    assert.deepEqual(proxyArguments(env({ HTTP_PROXY: "http://other.test:2" })), {
      HTTP_PROXY: "http://docker.acme.test:1",
      http_proxy: "http://docker.acme.test:1",
    });
  });

  it("are not those on this machine's loopback, which is another one within a build", () => {
    for (const proxy of ["http://127.0.0.1:3128", "http://me:pw@localhost:3128", "[::1]:1"]) {
      assert.deepEqual(proxyArguments(env({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy })), {}, proxy);
    }
  });
});
