/** All findings about this machine, asked at once. */
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import type { Machine } from "../machine";
import { probeCluster } from "./cluster";
import { probeDisk } from "./disk";
import { dockerFacts, dockerFinding, type DockerFacts } from "./docker";
import type { Finding } from "./finding";
import {
  probeGit,
  probeKubectl,
  probeMinikube,
  probeNode,
  probeNpm,
  probePulumi,
} from "./programs";

/** The oldest CLI that speaks to the SDK of this project: same minor version, any patch. */
export const leastPulumi = `${sdkVersion.split(".").slice(0, 2).join(".")}.0`;

export interface Survey {
  findings: Finding[];
  docker: DockerFacts | undefined;
}

export async function survey(machine: Machine | undefined): Promise<Survey> {
  const [npm, docker, git, kubectl, pulumi, minikube, cluster] = await Promise.all([
    probeNpm(),
    dockerFacts(),
    probeGit(),
    probeKubectl(),
    probePulumi(leastPulumi),
    probeMinikube(),
    probeCluster(machine?.cluster),
  ]);
  return {
    findings: [
      probeNode(),
      npm,
      dockerFinding(docker),
      git,
      kubectl,
      pulumi,
      minikube,
      cluster,
      probeDisk(),
    ],
    docker,
  };
}
