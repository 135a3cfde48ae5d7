/** The order in which the layers of `npm test` run, and what is said of each. */
import { note, paint, print } from "../../cli/terminal";
import { messageOf, UserError } from "../../tools/errors";
import { broken, type Layer, type LayerResult } from "./layer";

async function runLayer(
  layer: Layer,
  signal: AbortSignal,
  onLine?: (line: string) => void,
): Promise<LayerResult> {
  try {
    return await layer.run(signal, onLine);
  } catch (error) {
    signal.throwIfAborted();
    const next = error instanceof UserError ? error.next.map((line) => `\n  ${line}`).join("") : "";
    note(`${paint("red", "error: ")}${messageOf(error)}${next}`);
    return broken(layer.name, "it could not be started");
  }
}

/** Runs layers one after the other. @param beside whether others run meanwhile, so that each line says whose it is */
async function runInTurn(
  layers: readonly Layer[],
  beside: boolean,
  signal: AbortSignal,
): Promise<LayerResult[]> {
  const results: LayerResult[] = [];
  for (const layer of layers) {
    const say = (line: string): void => {
      print(beside ? `${paint("dim", `${layer.name} |`)} ${line}` : line);
    };
    print(`\n${paint("bold", `${layer.name}: ${layer.title}`)}`);
    const result = await runLayer(layer, signal, beside ? say : undefined);
    signal.throwIfAborted();
    const { passed, failed, skipped } = result;
    print(`${layer.name}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
    results.push(result);
  }
  return results;
}

/**
 * Runs layers, those of one place one after the other, and the places beside each other.
 * @param giveWay called once the cluster's layers have begun, before the others that run beside them: the cluster's take
 *   the longest and know time limits, so the others may be slowed
 */
export async function runLayers(
  layers: readonly Layer[],
  signal: AbortSignal,
  giveWay: () => void,
): Promise<LayerResult[]> {
  const inCluster = layers.filter(({ place }) => place === "cluster");
  const others = layers.filter(({ place }) => place === "processors");
  if (inCluster.length === 0 || others.length === 0) return runInTurn(layers, false, signal);
  const cluster = runInTurn(inCluster, true, signal);
  giveWay();
  return (await Promise.all([cluster, runInTurn(others, false, signal)])).flat();
}
