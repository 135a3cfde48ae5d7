import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import { type BuildSecrets, valuesOf } from "./build-before";
import type { ImageSource } from "./source";

/** Building once more up to the step that failed; the steps before it are in the cache. */
const REPEAT_MS = 5 * 60 * 1000;

/**
 * Shows what a failed build step printed. The engine keeps only the provider's error, "executor
 * failed running …", and drops the step's output (pulumi-docker #1268). So the build is repeated
 * outside of Pulumi, which costs the failing step alone. If it goes well this time (a network's
 * moment of weakness), the update goes on.
 */
export function showStepOutput(
  name: string,
  source: ImageSource,
  secrets?: BuildSecrets,
): pulumi.ErrorHook {
  return new pulumi.ErrorHook(`show-build-output-${name}`, async ({ errors, urn }) => {
    const isFirst = errors.length === 1;
    if (!isFirst || !/build output|building image/.test(errors[0] ?? "")) return false;
    // Not loaded unless needed. By require: what `import()` becomes depends on who compiles the program.
    const { buildImage } = createRequire(__filename)("./build") as typeof import("./build");
    try {
      const signal = AbortSignal.timeout(REPEAT_MS);
      await buildImage(source, {
        log: () => undefined,
        signal,
        again: true,
        secrets: await valuesOf(secrets),
      });
      return true;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      await pulumi.log.error(text, new pulumi.DependencyResource(urn));
      return false;
    }
  });
}
