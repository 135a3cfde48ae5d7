/** Whether what would have to be downloaded can be: each address is tried for 5 s at most. */
import { run } from "../../tools/process";

/** In a closed network a user must not wait longer than this for each. */
const LIMIT_MS = 5000;

/** Undefined when the address answers, else why not, in a few words. */
export async function unreachable(url: string): Promise<string | undefined> {
  const host = new URL(url).host;
  try {
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(LIMIT_MS) });
    return answer.ok ? undefined : `${host} answers ${answer.status}`;
  } catch {
    return `${host} cannot be reached`;
  }
}

/** The same for pulling an image: the daemon is asked, since it has its own network and mirrors. */
export async function imageUnreachable(image: string): Promise<string | undefined> {
  const present = await run("docker", ["image", "inspect", image], { timeout: LIMIT_MS });
  if (present.code === 0) return undefined;
  const answer = await run("docker", ["manifest", "inspect", image], { timeout: LIMIT_MS });
  if (answer.code === 0) return undefined;
  if (/toomanyrequests|rate limit/i.test(answer.stderr)) {
    return `the registry's pull limit is reached (docker login raises it)`;
  }
  return `no image registry can be reached (tried ${image})`;
}
