import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import { proxyArguments } from "./proxies";
import type { ImageSource } from "./source";

/**
 * Where this machine is behind a proxy, builds before the Docker provider does. The provider knows no proxies but build
 * arguments, which are part of the plan: on a machine with another proxy every preview would show an update, with a login of
 * the proxy in it. BuildKit does not count proxies in its cache's keys, so that the provider finds each step done.
 */
export function buildBehindProxy(name: string, source: ImageSource): pulumi.ResourceHook {
  return new pulumi.ResourceHook(`build-behind-proxy-${name}`, async ({ urn }) => {
    if (Object.keys(proxyArguments()).length === 0) return;
    // Not loaded unless needed. By require: what `import()` becomes depends on who compiles the program.
    const { buildImage } = createRequire(__filename)("./build") as typeof import("./build");
    const image = new pulumi.DependencyResource(urn); // it has no URN of its own before it is made
    await buildImage(source, {
      again: true,
      log: (line) => void pulumi.log.info(line, image, undefined, true),
    });
  });
}
