/** All findings about this machine, asked at once. */
import type { StackRecord } from "../stack-record";
import { probeCluster } from "./cluster";
import { probeDisk } from "./disk";
import { dockerFinding } from "./docker";
import { dockerFacts, type DockerFacts } from "../../tools/docker";
import type { Finding } from "./finding";
import {
  probeGit,
  probeKubectl,
  probeMinikube,
  probeNode,
  probeNpm,
  probePulumi,
} from "./programs";

export interface Survey {
  findings: Finding[];
  docker: DockerFacts | undefined;
}

export async function survey(record: StackRecord | undefined): Promise<Survey> {
  const [npm, docker, git, kubectl, pulumi, minikube, reached] = await Promise.all([
    probeNpm(),
    dockerFacts(),
    probeGit(),
    probeKubectl(),
    probePulumi(),
    probeMinikube(),
    probeCluster(record?.cluster),
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
      probeDisk(record?.deployed !== undefined),
    ],
    docker,
  };
}
