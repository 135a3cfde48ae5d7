/**
 * `npm run bench -- autoscaling [RATE]`: what the shipped autoscaler does under HTTP load on loopback, from two pods to many and back.
 *
 * Deploys a copy of this tree (namespace `todo-bench`), sends traffic at a fixed rate, samples the cluster every five seconds, and
 * writes `docs/autoscaling.svg` with the raw samples beside it in `artifacts/`. Takes about 20 minutes, most of them the quiet
 * ones that the autoscaler waits before it lets go of pods.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import { Cluster } from "../../tests/live/support/cluster";
import { Project } from "../../tests/live/support/project";
import { User } from "../../tests/live/support/user";
import { percentile, Traffic } from "../../tests/faults/support/traffic";
import { startSandbox } from "../sandbox";
import { type Panel, plot } from "./plot";
import { newPods, served } from "./shares";

const namespace = "todo-bench";
const nodePort = Number(process.env.TODO_BENCH_NODE_PORT ?? 30301);
const url = `http://127.0.0.1:${nodePort}`;
const SAMPLE_SECONDS = 5;
/** Long enough for several rounds of two pods in 30 s. */
const LOAD_SECONDS = 240;
/** The stabilisation of 300 s, then one pod a minute: never more than this. */
const QUIET_SECONDS = 900;

interface Sample {
  /** Seconds since the load began. */
  at: number;
  wanted: number;
  ready: number;
  /** Percent of the CPU request, as the autoscaler sees it. */
  utilization: number;
  /** Milliseconds, of the requests since the last sample. */
  p50: number;
  p99: number;
  failed: number;
  /** Requests to the API that each ready pod has answered since it started, by its name. */
  served: Record<string, number>;
}

interface Autoscaler {
  status: {
    desiredReplicas: number;
    currentMetrics?: { resource?: { current: { averageUtilization?: number } } }[];
  };
}

/** @param perSecond requests a second while there is load */
export async function autoscaling(perSecond: number): Promise<void> {
  // Ten pods beside what a Minikube's own pods reserve do not fit two CPUs.
  const sandbox = await startSandbox({ report: console.error, reserveSystem: false });
  const project = Project.clone();
  project.configure({ namespace, nodePort, backendReplicas: 2 });
  try {
    const started = await project.run("start");
    if (started.code !== 0) throw new Error(started.output);
    const cluster = new Cluster(sandbox.kubeconfig, sandbox.context, namespace);
    const users: User[] = [];
    for (let n = 0; n < 4; n++) {
      const user = new User(url);
      await user.signUp();
      users.push(user);
    }
    const samples: Sample[] = [];
    await observe(
      cluster,
      new Traffic(users, perSecond),
      samples,
      () => last(samples) > LOAD_SECONDS,
    );
    // Almost none, so that there is still somebody who would notice a pod that is taken away.
    await observe(cluster, new Traffic(users, 2), samples, () => settled(samples));
    mkdirSync("artifacts", { recursive: true });
    writeFileSync("artifacts/autoscaling.json", `${JSON.stringify(samples, undefined, 1)}\n`);
    writeFileSync("docs/autoscaling.svg", drawing(samples, perSecond));
    console.log(title(samples, perSecond));
    for (const { pod, readyAt, share } of newPods(samples, LOAD_SECONDS)) {
      console.log(`${pod}: ready at ${readyAt} s, ${share} of an equal share 30 s later`);
    }
  } finally {
    await project.run("down", "--", "--no-backup", "--yes");
    project.remove();
  }
}

/** The picture of a run, also from the samples of an earlier one in `artifacts/`. */
export function drawing(samples: readonly Sample[], perSecond: number): string {
  return plot(title(samples, perSecond), panels(samples));
}

function last(samples: readonly Sample[]): number {
  return samples.at(-1)?.at ?? 0;
}

function settled(samples: readonly Sample[]): boolean {
  const now = samples.at(-1);
  return now !== undefined && (now.ready <= 2 || now.at > LOAD_SECONDS + QUIET_SECONDS);
}

/** Samples until it is over, then ends the traffic. */
async function observe(
  cluster: Cluster,
  traffic: Traffic,
  samples: Sample[],
  over: () => boolean,
): Promise<void> {
  const offset = last(samples);
  do {
    await pause(SAMPLE_SECONDS * 1000);
    const [autoscaler, pods] = await Promise.all([
      cluster.kubectl("get", "hpa", "backend-hpa", "-o", "json"),
      cluster.pods("backend"),
    ]);
    const { status } = JSON.parse(autoscaler) as Autoscaler;
    const ready = pods.filter((pod) => pod.status.containerStatuses?.every(({ ready }) => ready));
    const recent = traffic.since(SAMPLE_SECONDS);
    const sample: Sample = {
      at: Math.round(offset + traffic.now / 1000),
      wanted: status.desiredReplicas,
      ready: ready.length,
      utilization: status.currentMetrics?.[0]?.resource?.current.averageUtilization ?? 0,
      p50: percentile(recent, 0.5),
      p99: percentile(recent, 0.99),
      failed: recent.filter(({ failure }) => failure !== undefined).length,
      served: await served(
        cluster,
        ready.map(({ metadata }) => metadata.name),
      ),
    };
    samples.push(sample);
    console.error(JSON.stringify(sample));
  } while (!over());
  await traffic.stop();
}

function title(samples: readonly Sample[], perSecond: number): string {
  const most = Math.max(...samples.map(({ ready }) => ready));
  const failed = samples.reduce((sum, sample) => sum + sample.failed, 0);
  return `${perSecond} requests/s for ${LOAD_SECONDS} s: 2 → ${most} → ${samples.at(-1)?.ready} pods, ${failed} requests failed`;
}

function panels(samples: readonly Sample[]): Panel[] {
  const line = (name: string, value: (sample: Sample) => number) => ({
    name,
    points: samples.map((sample) => ({ x: sample.at, y: value(sample) })),
  });
  return [
    {
      title: "back-end pods",
      lines: [line("wanted", ({ wanted }) => wanted), line("ready", ({ ready }) => ready)],
    },
    {
      title: "CPU, % of the request (the autoscaler aims at 70)",
      lines: [line("average", ({ utilization }) => utilization)],
    },
    {
      title: "answers, ms",
      lines: [line("p50", ({ p50 }) => p50), line("p99", ({ p99 }) => p99)],
    },
  ];
}
