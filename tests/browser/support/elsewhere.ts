import assert from "node:assert/strict";
import type { APIRequestContext, Page } from "playwright-core";
import { baseUrl } from "./session";

/** A task as the API sends it. */
export interface TaskRecord {
  id: number;
  title: string;
  description: string | null;
  due_date: string | null;
  due_at: string | null;
  priority: string;
  completed: boolean;
}

/** The same person somewhere else: another window, a phone, a program. It changes tasks too. */
export class Elsewhere {
  private constructor(
    private readonly api: APIRequestContext,
    private readonly tasks: string,
  ) {}

  /** @param page where the person is signed in */
  static async of(page: Page): Promise<Elsewhere> {
    const session = await page.request.get("/session");
    const { user_id: user } = (await session.json()) as { user_id: string };
    return new Elsewhere(page.request, `/api/${user}/tasks`);
  }

  add(fields: Partial<TaskRecord>): Promise<TaskRecord> {
    return this.send("post", this.tasks, fields);
  }

  get({ id }: TaskRecord): Promise<TaskRecord> {
    return this.send("get", `${this.tasks}/${id}`);
  }

  list(): Promise<TaskRecord[]> {
    return this.send("get", this.tasks);
  }

  change({ id }: TaskRecord, fields: Partial<TaskRecord>): Promise<TaskRecord> {
    return this.send("put", `${this.tasks}/${id}`, fields);
  }

  /** Also when it is gone already. */
  async remove({ id }: TaskRecord): Promise<void> {
    await this.api.delete(`${this.tasks}/${id}`, { headers: this.headers });
  }

  private readonly headers = { origin: new URL(baseUrl()).origin };

  private async send<Answer>(
    method: "get" | "post" | "put",
    path: string,
    data?: object,
  ): Promise<Answer> {
    const answer = await this.api[method](path, {
      headers: this.headers,
      ...(data === undefined ? {} : { data }),
    });
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }
}
