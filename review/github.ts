/** The few calls of GitHub's REST API that a comment needs, over fetch. */
import { setTimeout as pause } from "node:timers/promises";

export interface Comment {
  id: number;
  body?: string;
  user?: { login?: string; type?: string } | null;
  html_url?: string;
}

export interface PullRequest {
  number: number;
  head: { sha: string };
}

export interface GitHubOptions {
  /** `https://api.github.com`, or an enterprise server's (`GITHUB_API_URL`). */
  api: string;
  /** `owner/name`. */
  repository: string;
  token: string;
  /** First pause before a call is tried again, in ms; doubled each time. */
  pauseMs?: number;
}

/** A call that GitHub refused, or that did not get through in five tries. */
export class GitHubError extends Error {}

const TRIES = 5;
/** The most that one page can hold (REST documentation of list issue comments). */
const PAGE = 100;

export class GitHub {
  constructor(private readonly options: GitHubOptions) {}

  /** All comments of an issue or pull request, the oldest first, however many pages they fill. */
  async comments(issue: number): Promise<Comment[]> {
    return this.#all<Comment>(`/issues/${issue}/comments?per_page=${PAGE}`);
  }

  async createComment(issue: number, body: string): Promise<Comment> {
    return this.#json<Comment>("POST", `/issues/${issue}/comments`, { body });
  }

  async updateComment(id: number, body: string): Promise<Comment> {
    return this.#json<Comment>("PATCH", `/issues/comments/${id}`, { body });
  }

  /** Open pull requests from a branch of an owner. */
  async pullRequests(owner: string, branch: string): Promise<PullRequest[]> {
    const head = encodeURIComponent(`${owner}:${branch}`);
    return this.#all<PullRequest>(`/pulls?state=open&head=${head}&per_page=${PAGE}`);
  }

  async #all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let next: string | undefined = this.#url(path);
    while (next !== undefined) {
      const response: Response = await this.#call("GET", next);
      items.push(...((await response.json()) as T[]));
      next = this.#next(response.headers.get("link"));
    }
    return items;
  }

  /** The next page's address; one on another server would be sent the token, so it is not followed. */
  #next(link: string | null): string | undefined {
    const address = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
    return address !== undefined && new URL(address).origin === new URL(this.options.api).origin
      ? address
      : undefined;
  }

  #url(path: string): string {
    return `${this.options.api}/repos/${this.options.repository}${path}`;
  }

  async #json<T>(method: string, path: string, body: object): Promise<T> {
    return (await this.#call(method, this.#url(path), body)).json() as Promise<T>;
  }

  /** Tries again what GitHub was too busy for. A POST that may have arrived is not repeated. */
  async #call(method: string, url: string, body?: object): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(method, url, body);
      if (outcome instanceof Response && outcome.ok) return outcome;
      const refused = outcome instanceof Response;
      const busy = refused && (outcome.status === 429 || outcome.status >= 500 || limited(outcome));
      const again = busy || (!refused && method !== "POST");
      if (!again || attempt === TRIES) throw await this.#error(method, url, outcome);
      const wait = refused ? Number(outcome.headers.get("retry-after") ?? "0") * 1000 : 0;
      await pause(
        Math.min(60_000, Math.max(wait, (this.options.pauseMs ?? 1000) * 2 ** (attempt - 1))),
      );
    }
  }

  async #attempt(method: string, url: string, body?: object): Promise<Response | Error> {
    try {
      return await fetch(url, {
        method,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${this.options.token}`,
          "user-agent": "todo-app-review",
          "x-github-api-version": "2022-11-28",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #error(method: string, url: string, outcome: Response | Error): Promise<GitHubError> {
    const what = `${method} ${new URL(url).pathname}`;
    if (outcome instanceof Error) return new GitHubError(`${what}: ${outcome.message}`);
    const text = (await outcome.text()).slice(0, 300);
    const hint =
      outcome.status === 403 || outcome.status === 404
        ? " (does the job have `permissions: pull-requests: write`?)"
        : "";
    return new GitHubError(`${what}: GitHub answers ${outcome.status}${hint}: ${text}`);
  }
}

/** Rate limits come as 403 with these headers. */
function limited({ status, headers }: Response): boolean {
  return (
    status === 403 &&
    (headers.get("retry-after") !== null || headers.get("x-ratelimit-remaining") === "0")
  );
}
