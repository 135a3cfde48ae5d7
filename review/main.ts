/**
 * The steps of the workflows, as commands that run anywhere:
 *
 *     review/main.ts preview --stack NAME --json FILE --errors FILE --exit CODE --out FILE
 *     review/main.ts show FILE…                 the comments on stdout, and in the run's summary
 *     review/main.ts comment FILE…              the comments on the pull request
 *
 * `comment` reads GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL and GITHUB_EVENT_PATH, and takes each
 * FILE for untrusted.
 */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { failureOf, parsePreview } from "./failure";
import { GitHub } from "./github";
import { comment } from "./markdown";
import type { Review } from "./model";
import { reviewPreview } from "./preview";
import { pullRequestOf, type WorkflowEvent } from "./pull-request";
import { parseReviews } from "./untrusted";
import { placeComment } from "./upsert";

class UsageError extends Error {}

function needed(value: string | undefined, name: string): string {
  if (value === undefined || value === "") throw new UsageError(`${name} is missing`);
  return value;
}

function preview(args: string[]): void {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string" },
      json: { type: "string" },
      errors: { type: "string" },
      exit: { type: "string" },
      out: { type: "string" },
    },
  });
  const parsed = parsePreview(readFileSync(needed(values.json, "--json"), "utf8"));
  const failed = Number(values.exit ?? "0") !== 0 || parsed === undefined;
  const errors = values.errors === undefined ? "" : readFileSync(values.errors, "utf8");
  const review = reviewPreview(
    needed(values.stack, "--stack"),
    parsed ?? {},
    failed ? failureOf(parsed, errors) : undefined,
  );
  writeFileSync(needed(values.out, "--out"), `${JSON.stringify(review, null, 2)}\n`);
}

function read(files: string[]): Review[] {
  if (files.length === 0) throw new UsageError("No FILE is given");
  return files.flatMap((file) => parseReviews(readFileSync(file, "utf8")));
}

/** Where the run is that the comment tells of. */
function footer(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
  const event = readEvent();
  const run = event?.workflow_run?.id ?? process.env["GITHUB_RUN_ID"];
  const sha = event?.workflow_run?.head_sha ?? event?.pull_request?.head?.sha;
  if (server === undefined || repository === undefined || run === undefined) return "";
  const commit = sha === undefined ? "" : `commit ${sha.slice(0, 12)}, `;
  return `${commit}[run](${server}/${repository}/actions/runs/${run})`;
}

type Event = WorkflowEvent & {
  workflow_run?: { id?: number; head_sha?: string };
  pull_request?: { head?: { sha?: string } };
};

function readEvent(): Event | undefined {
  const file = process.env["GITHUB_EVENT_PATH"];
  return file === undefined ? undefined : (JSON.parse(readFileSync(file, "utf8")) as Event);
}

function show(files: string[]): void {
  const text = read(files)
    .map((review) => comment(review, footer()))
    .join("\n");
  process.stdout.write(text);
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary !== undefined) appendFileSync(summary, text);
}

async function post(files: string[]): Promise<void> {
  const reviews = read(files);
  const github = new GitHub({
    api: process.env["GITHUB_API_URL"] ?? "https://api.github.com",
    repository: needed(process.env["GITHUB_REPOSITORY"], "GITHUB_REPOSITORY"),
    token: needed(process.env["GITHUB_TOKEN"], "GITHUB_TOKEN"),
  });
  const number = await pullRequestOf(readEvent() ?? {}, github);
  if (number === undefined) {
    process.stdout.write("No open pull request has this commit as its newest: nothing to say.\n");
    return;
  }
  for (const review of reviews) {
    const { done } = await placeComment(github, number, comment(review, footer()));
    process.stdout.write(`Comment for stack ${review.stack} on #${number}: ${done}\n`);
  }
}

async function main([command, ...args]: string[]): Promise<void> {
  if (command === "preview") preview(args);
  else if (command === "show") show(args);
  else if (command === "comment") await post(args);
  else throw new UsageError("Usage: review/main.ts preview|show|comment …");
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
