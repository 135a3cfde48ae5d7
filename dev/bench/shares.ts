/** Which part of the requests each back-end pod gets, from its own /metrics. */
import type { Cluster } from "../../tests/live/support/cluster";

/** What a pod has answered to the API, by the pod's name, at a time in seconds. */
export interface Counted {
  at: number;
  served: Record<string, number>;
}

export interface NewPod {
  pod: string;
  /** Seconds since the load began. */
  readyAt: number;
  /** What it got 20 to 30 s after that, as a part of what each pod would get if all got the same: 1.00 is its whole share. */
  share: string;
}

/** Requests to the API that each pod has answered since it started; one that does not answer is left out. */
export async function served(
  cluster: Cluster,
  pods: readonly string[],
): Promise<Record<string, number>> {
  const counts = await Promise.all(
    pods.map(async (pod) => {
      const text = await cluster.ask(pod, 8000, "/metrics").catch(() => undefined);
      return text === undefined ? [] : [[pod, requests(text)] as const];
    }),
  );
  return Object.fromEntries(counts.flat());
}

/** The sum over all routes of the API in Prometheus's text. */
function requests(text: string): number {
  const counts = text.matchAll(/^http_request_duration_seconds_count\{.*route="\/api.*\} (\S+)$/gm);
  return [...counts].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** The pods that came under load, while it lasted for 30 s more. */
export function newPods(samples: readonly Counted[], loadSeconds: number): NewPod[] {
  const [first] = samples;
  if (first === undefined) return [];
  const found: NewPod[] = [];
  const known = new Set(Object.keys(first.served));
  for (const { at: readyAt, served } of samples) {
    for (const pod of Object.keys(served)) {
      if (known.has(pod)) continue;
      known.add(pod);
      const from = samples.find(({ at }) => at >= readyAt + 20);
      const to = samples.find(({ at }) => at >= readyAt + 30);
      if (from === undefined || to === undefined || to.at > loadSeconds) continue;
      found.push({ pod, readyAt, share: shareOf(pod, from, to).toFixed(2) });
    }
  }
  return found;
}

function shareOf(pod: string, from: Counted, to: Counted): number {
  const both = Object.keys(to.served).filter((name) => name in from.served);
  const got = (name: string): number => (to.served[name] ?? 0) - (from.served[name] ?? 0);
  const all = both.reduce((sum, name) => sum + got(name), 0);
  return (got(pod) / all) * both.length;
}
