import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import { proxyArguments } from "./proxies";
import type { ImageSource } from "./source";

/** Values of a build's secrets by name: held in memory only, never an input of a resource. */
export type BuildSecrets = pulumi.Output<Record<string, string>>;

/**
 * Builds before the Docker provider does, where that cannot: it takes over what it cannot build itself. And behind a proxy: the
 * provider knows no proxies but build arguments, which are part of the plan, so that on a machine with another proxy every
 * preview would show an update, with a login of the proxy in it. BuildKit does not count proxies in its cache's keys, so that
 * the provider finds each step done.
 */
export function buildBefore(
  name: string,
  source: ImageSource,
  { isHandOver, secrets }: { isHandOver: boolean; secrets?: BuildSecrets },
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(`build-behind-proxy-${name}`, async ({ urn }) => {
    if (!isHandOver && Object.keys(proxyArguments()).length === 0) return;
    // Not loaded unless needed. By require: what `import()` becomes depends on who compiles the program.
    const { buildImage } = createRequire(__filename)("./build") as typeof import("./build");
    const image = new pulumi.DependencyResource(urn); // it has no URN of its own before it is made
    await buildImage(source, {
      again: !isHandOver,
      secrets: await valuesOf(secrets),
      log: (line) => void pulumi.log.info(line, image, undefined, true),
    });
  });
}

/** The values themselves, for a build in this process. */
export function valuesOf(secrets?: BuildSecrets): Promise<Record<string, string>> {
  if (secrets === undefined) return Promise.resolve({});
  return new Promise((resolve) => secrets.apply(resolve));
}
