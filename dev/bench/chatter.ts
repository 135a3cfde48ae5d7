import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

/** One thing that is said, until it is answered. */
export interface Turn {
  id: string;
  message: string;
  /** How often it was sent. */
  attempts: number;
  /** Where its answer is, once there is one. */
  conversation?: number;
  milliseconds?: number;
}

interface Sent {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

const REQUEST_TIMEOUT = 60_000;
/** Statuses that say "again": somebody else is at it, too many, nobody there. */
const AGAIN = new Set([409, 429, 500, 502, 503, 504]);

/** A user of the chat, signed in at a front end (by cookie) or at a back end (by token). */
export class Chatter {
  private next = 0;

  private constructor(
    private readonly urls: readonly string[],
    private readonly identity: Readonly<Record<string, string>>,
    private readonly userId: string,
  ) {}

  /** @param urls of the front end or the back end; several are taken in turn */
  static async signUp(urls: readonly string[]): Promise<Chatter> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await Chatter.trySignUp(urls);
      } catch (error) {
        if (attempt === 10) throw error;
        await pause(2000);
      }
    }
  }

  private static async trySignUp(urls: readonly string[]): Promise<Chatter> {
    const url = urls[0] as string;
    const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    const front = await post(url, "/session", { mode: "sign-up", ...account });
    if (front.ok) {
      const cookies = front.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0]);
      const { user_id: userId } = (await front.json()) as { user_id: string };
      return new Chatter(urls, { cookie: cookies.join("; ") }, userId);
    }
    const back = await post(url, "/auth/register", account);
    if (!back.ok) throw new Error(`sign-up: ${front.status}, ${back.status} ${await back.text()}`);
    const { access_token: token, user_id: userId } = (await back.json()) as {
      access_token: string;
      user_id: string;
    };
    return new Chatter(urls, { authorization: `Bearer ${token}` }, userId);
  }

  turn(message: string): Turn {
    return { id: randomUUID(), message, attempts: 0 };
  }

  /** Sends the turn until it is done, or until `patience` (milliseconds) is used up. */
  async chat(turn: Turn, patience: number): Promise<void> {
    const deadline = performance.now() + patience;
    while (performance.now() < deadline) {
      turn.attempts++;
      try {
        const response = await this.send("/api/chat", {
          method: "POST",
          headers: { accept: "text/event-stream", "content-type": "application/json" },
          body: JSON.stringify({ message: turn.message, turn_id: turn.id }),
        });
        const text = await response.text();
        const done = /^event: done\ndata: (.*)$/m.exec(text)?.[1];
        if (done !== undefined) {
          turn.conversation = (JSON.parse(done) as { conversation_id: number }).conversation_id;
          return;
        }
        if (!response.ok && !AGAIN.has(response.status))
          throw new Refused(`${response.status} ${text}`);
        await pause(Number(response.headers.get("retry-after") ?? 1) * 1000);
      } catch (error) {
        if (error instanceof Refused) throw error;
        await pause(500);
      }
    }
  }

  async addTask(title: string): Promise<void> {
    const response = await this.send(`/api/${this.userId}/tasks`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title }),
    });
    if (!response.ok) throw new Error(`create: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }

  async titles(): Promise<string[]> {
    const tasks = (await this.read(`/api/${this.userId}/tasks`)) as { title: string }[];
    return tasks.map((task) => task.title);
  }

  /** Who said something in this conversation, in order. */
  async roles(conversation: number): Promise<string[]> {
    const read = (await this.read(`/api/conversations/${conversation}`)) as {
      messages: { role: string }[];
    };
    return read.messages.map((message) => message.role);
  }

  private async read(path: string): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.send(path, {});
        if (response.ok) return await response.json();
        if (attempt === 20) throw new Refused(`${path}: ${response.status}`);
      } catch (error) {
        if (error instanceof Refused || attempt === 20) throw error;
      }
      await pause(500);
    }
  }

  private send(path: string, options: Sent): Promise<Response> {
    const url = this.urls[this.next++ % this.urls.length] as string;
    const headers = { origin: new URL(url).origin, ...this.identity, ...options.headers };
    return fetch(new URL(path, url), {
      ...options,
      headers,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
    });
  }
}

class Refused extends Error {}

function post(url: string, path: string, body: unknown): Promise<Response> {
  return fetch(new URL(path, url), {
    method: "POST",
    headers: { origin: new URL(url).origin, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT),
  });
}
