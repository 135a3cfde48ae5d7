import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

import { manifestArgs } from "../../../stack/args";
import { fixedReferences } from "../../../render/tree";
import { root, stackConfig } from "../fixtures/stack";

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
}

/** Variables that Compose leaves to the applications' own defaults, or to the image. */
const leftOut = {
  frontend: ["PORT"],
  backend: [
    ...["DATABASE_POOL_SIZE", "OPENAI_API_MODE", "MCP_ALLOWED_HOSTS"],
    ...["CHAT_TURNS_PER_MINUTE", "CHAT_MAX_TURNS", "CHAT_MAX_OUTPUT_TOKENS"],
  ],
};

describe("docker-compose.yml", () => {
  const file = path.join(root, "docker", "docker-compose.yml");
  const { services } = parse(readFileSync(file, "utf8"), { merge: true }) as {
    services: Record<string, Service>;
  };
  const parts = manifestArgs(stackConfig(), fixedReferences);

  for (const app of ["frontend", "backend"] as const) {
    const { pod, image } = parts[app];

    it(`runs the ${app} by the cluster's name, image and port`, () => {
      assert.equal(services[app]?.image, image);
      assert.deepEqual(
        services[app].ports?.map((port) => port.split(":").at(-1)),
        [String(pod.port)],
      );
    });

    it(`gives the ${app} the variables that its pods have`, () => {
      const given = Object.keys(services[app]?.environment ?? {});
      const expected = Object.keys(pod.env).filter((name) => !leftOut[app].includes(name));
      assert.deepEqual(given.sort(), expected.sort());
    });
  }

  it("has the values that the cluster's settings have", () => {
    const { BACKEND_URL, OPENAI_AGENT_MODEL } = parts.settings.data;
    assert.equal(services["frontend"]?.environment?.["BACKEND_URL"], BACKEND_URL);
    const model = services["backend"]?.environment?.["OPENAI_AGENT_MODEL"] ?? "";
    assert.ok(model.includes(OPENAI_AGENT_MODEL ?? "?"), model);
  });

  it("brings the database up to date with the pods' command", () => {
    assert.deepEqual(services["migrate"]?.command, parts.backend.pod.initCommand);
  });

  it("runs the cluster's PostgreSQL by the cluster's name", () => {
    assert.ok(services["postgres"]?.image?.includes(parts.database?.image ?? "?"));
  });
});
