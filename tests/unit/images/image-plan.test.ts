import assert from "node:assert/strict";

import { imageSources } from "../../../stack/images";
import { contentReference } from "../../../images/tag";
import { root, stackConfig } from "../fixtures/stack";

/** The content tag that an application's image has. */
function tag(changes: Record<string, unknown>): string | undefined {
  return contentReference(imageSources(stackConfig(changes)).frontend, root)
    .split(":")
    .at(-1);
}

describe("an image that is pushed to a registry", () => {
  const pushed = (registry: string) => tag({ imageLoader: "registry", registry });

  it("is other content than the nodes' own, which the kubelet would refuse to them otherwise", () => {
    assert.notEqual(pushed("registry.example.com/team"), tag({ imageLoader: "node" }));
  });

  it("is the same one for every registry, so that it can be promoted", () => {
    assert.equal(pushed("registry.example.com/team"), pushed("registry.example.org/prod"));
  });
});
