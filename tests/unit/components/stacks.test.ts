import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

import { allObjects } from "../../../render/component-objects";
import { manifestArgs } from "../../../stack/args";
import { parseStackFile, readStackFile } from "../../../config/stack-file";
import { references, root } from "../fixtures/stack";

/** The stacks that are part of the repository; `local` is each developer's own. */
const stacks = readdirSync(root)
  .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.slice(1) ?? [])
  .filter((stack) => stack !== "local");

const kinds = (stack: string) =>
  allObjects(manifestArgs(parseStackFile(readStackFile(stack, root)), references)).map(
    ({ kind, metadata }) => `${kind} ${metadata?.name}`,
  );

describe("the committed stacks", () => {
  it("can all be rendered by somebody who has none of their secrets", () => {
    assert.ok(stacks.includes("dev"));
    for (const stack of stacks) assert.ok(kinds(stack).includes("Deployment backend"), stack);
  });

  it("leave dev, from which every developer's own stack is made, without a secret or a salt", () => {
    const text = readFileSync(path.join(root, "Pulumi.dev.yaml"), "utf8");
    assert.doesNotMatch(text, /^\s*(encryptionsalt|secure):/m);
  });

  for (const stack of ["staging", "prod"]) {
    it(`${stack} has an ingress with a certificate, no NodePort and no database of its own`, () => {
      const config = parseStackFile(readStackFile(stack, root));
      assert.ok(config.frontend.publicUrl.startsWith("https://"));
      assert.equal(config.frontend.serviceType, "ClusterIP");
      assert.equal(config.images.loader, "registry");
      assert.ok(kinds(stack).includes("Ingress todo-app"));
      assert.ok(!kinds(stack).includes("StatefulSet postgres"));
    });
  }

  it("prod has more pods than staging, and every one of them its connections", () => {
    const [prod, staging] = ["prod", "staging"].map((stack) =>
      parseStackFile(readStackFile(stack, root)),
    );
    assert.ok((prod?.backend.maxReplicas ?? 0) > (staging?.backend.maxReplicas ?? 0));
    assert.ok((prod?.database.poolSize ?? 0) >= 4);
  });
});
