/** Which pull request a workflow run belongs to, from what GitHub says of it and nothing that the run wrote. */
import type { GitHub } from "./github";

/** The part of GitHub's event file that is used. */
export interface WorkflowEvent {
  pull_request?: { number: number };
  workflow_run?: {
    head_sha: string;
    head_branch: string;
    head_repository: { owner: { login: string } };
  };
}

/**
 * The number of the pull request, or undefined when there is none any more, or when it has newer commits
 * (their own run will comment). For forks GitHub leaves `workflow_run.pull_requests` empty, so it is looked up.
 */
export async function pullRequestOf(
  event: WorkflowEvent,
  github: Pick<GitHub, "pullRequests">,
): Promise<number | undefined> {
  if (event.pull_request !== undefined) return event.pull_request.number;
  if (event.workflow_run === undefined) return undefined;
  const { head_sha: sha, head_branch: branch, head_repository: repository } = event.workflow_run;
  const open = await github.pullRequests(repository.owner.login, branch);
  return open.find(({ head }) => head.sha === sha)?.number;
}
