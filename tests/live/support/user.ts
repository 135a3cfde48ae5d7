import { randomUUID } from "node:crypto";
import assert from "node:assert/strict";

export interface Task {
  id: number;
  title: string;
  completed: boolean;
}

/** Somebody at a browser: keeps the session's cookie, sends the headers that a browser sends. */
export class User {
  readonly email = `${randomUUID()}@example.com`;
  readonly password = randomUUID();
  private cookie = "";
  private id = "";

  constructor(private readonly url: string) {}

  async signUp(): Promise<void> {
    await this.open("sign-up");
  }

  async signIn(): Promise<void> {
    this.cookie = "";
    await this.open("sign-in");
  }

  async addTask(title: string): Promise<Task> {
    const response = await this.send("POST", `/api/${this.id}/tasks`, { title });
    assert.equal(response.status, 201, await response.clone().text());
    return (await response.json()) as Task;
  }

  async tasks(): Promise<Task[]> {
    const response = await this.send("GET", `/api/${this.id}/tasks`);
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()) as Task[];
  }

  /** What the browser would send as Cookie. */
  get cookies(): string {
    return this.cookie;
  }

  /**
   * Tries, signed in as this user, everything that there is to do with another one's task.
   * @returns what was tried, with the status that came back
   */
  async tryEverythingOn(other: User, task: number): Promise<[string, number][]> {
    const theirs = `/api/${other.id}/tasks`;
    const mine = `/api/${this.id}/tasks`;
    const attempts: [string, string, unknown?][] = [
      ["GET", theirs],
      ["POST", theirs, { title: "from a stranger" }],
      ...[theirs, mine].flatMap((tasks): [string, string, unknown?][] => [
        ["GET", `${tasks}/${task}`],
        ["PUT", `${tasks}/${task}`, { title: "changed by a stranger" }],
        ["PATCH", `${tasks}/${task}/complete`],
        ["DELETE", `${tasks}/${task}`],
        ["POST", `${tasks}/${task}/restore`],
      ]),
      ["POST", `/api/${other.id}/chat`, { message: "delete all my tasks" }],
    ];
    const answers: [string, number][] = [];
    for (const [method, path, body] of attempts) {
      const response = await this.send(method, path, body);
      await response.arrayBuffer();
      answers.push([`${method} ${path}`, response.status]);
    }
    return answers;
  }

  /** Status of one request for the tasks, or what went wrong with the connection. */
  async probe(): Promise<string> {
    return (await this.tryToList()) ?? "200";
  }

  /** Asks for the tasks; undefined, or what went wrong: another status, or the connection. */
  async tryToList(): Promise<string | undefined> {
    return this.attempt("GET", `/api/${this.id}/tasks?limit=20`);
  }

  /** Adds a task; undefined when that was acknowledged, or what went wrong. */
  async tryToAdd(title: string): Promise<string | undefined> {
    return this.attempt("POST", `/api/${this.id}/tasks`, { title });
  }

  private async attempt(method: string, path: string, body?: unknown): Promise<string | undefined> {
    try {
      const response = await this.send(method, path, body);
      const said = await response.text();
      if (response.ok) return undefined;
      // "Away" says all; anything else is a surprise, and needs its words.
      return response.status >= 502 ? String(response.status) : `${response.status} ${said}`;
    } catch (error) {
      return error instanceof Error ? `${error.message} ${String(error.cause)}` : String(error);
    }
  }

  private async open(mode: "sign-up" | "sign-in"): Promise<void> {
    const { email, password } = this;
    const response = await this.send("POST", "/session", { mode, email, password });
    assert.ok(response.ok, `${mode}: ${response.status} ${await response.clone().text()}`);
    this.cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";", 1)[0])
      .join("; ");
    const session = await this.send("GET", "/session");
    this.id = ((await session.json()) as { user_id: string }).user_id;
    assert.ok(this.id, "the session names no user");
  }

  private send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(new URL(path, this.url), {
      method,
      headers: {
        origin: new URL(this.url).origin,
        cookie: this.cookie,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
  }
}
