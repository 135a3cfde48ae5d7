import assert from "node:assert/strict";

import { componentObjects } from "../../../render/component-objects";
import { stackObjects } from "../../../render/objects";
import { manifestArgs } from "../../../stack/args";
import { hotChoice, hotValue, hotVariable, type HotChoice } from "../../../stack/hot";
import { references, stackConfig } from "../fixtures/stack";

const all: HotChoice = {
  backend: { runtime: "python" },
  frontend: { runtime: "node", folder: "frontend" },
};
const objects = (hot?: HotChoice) =>
  componentObjects(manifestArgs(stackConfig({ mcpMode: "separate" }), references, hot));

describe("pods that run saved files", () => {
  it("are made for one update alone: the environment says so, and the stack's objects are what they were", () => {
    assert.deepEqual(hotChoice({}), {});
    assert.deepEqual(hotChoice({ [hotVariable]: hotValue(all) }), all);
    const config = stackConfig();
    assert.deepEqual(
      stackObjects(manifestArgs(config, references, hotChoice({ [hotVariable]: hotValue({}) }))),
      stackObjects(manifestArgs(config, references)),
    );
  });

  for (const name of ["backend", "mcp", "frontend"] as const) {
    const spec = (hot?: HotChoice) => objects(hot)[name]?.deployment.spec?.template.spec;

    it(`keep all that restricts those of the ${name}, and may not write what they run`, () => {
      const [ordinary, edited] = [spec(), spec(all)];
      assert.deepEqual(edited?.securityContext, ordinary?.securityContext);
      assert.deepEqual(
        edited?.containers[0]?.securityContext,
        ordinary?.containers[0]?.securityContext,
      );
      assert.equal(edited?.containers[0]?.securityContext?.readOnlyRootFilesystem, true);
      const files = edited.containers[0].volumeMounts?.find(({ name }) => name === "hot-files");
      assert.equal(files?.readOnly, true);
    });

    it(`are found by a label that the ${name}'s pods do not have otherwise, and that selects nothing`, () => {
      const label = (hot?: HotChoice) =>
        objects(hot)[name]?.deployment.spec?.template.metadata?.labels?.["todo-app/edited"];
      assert.equal(label(), undefined);
      assert.equal(label(all), "waiting");
      assert.deepEqual(
        objects(all)[name]?.deployment.spec?.selector,
        objects()[name]?.deployment.spec?.selector,
      );
    });
  }

  it("leave the other application as it is", () => {
    const { backend } = all;
    assert.deepEqual(objects({ ...(backend && { backend }) }).frontend, objects().frontend);
  });
});
