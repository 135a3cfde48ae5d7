/** All findings about this machine, asked at once. */
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { probeCluster, type ClusterAddress } from "./cluster";
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

export async function survey(cluster: ClusterAddress | undefined): Promise<Survey> {
  const [npm, docker, git, kubectl, pulumi, minikube, reached] = await Promise.all([
    probeNpm(),
    dockerFacts(),
    probeGit(),
    probeKubectl(),
    probePulumi(leastPulumi),
    probeMinikube(),
    probeCluster(cluster),
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
      reached,
      probeDisk(),
    ],
    docker,
  };
}
