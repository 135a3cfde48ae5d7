/**
 * `npx tsx dev/bench/chats.ts --url http://127.0.0.1:30300`: many chats at once, and whether any of them is lost or acts twice.
 *
 * Each chat asks for one task of its own name, by one turn. Whatever goes wrong (a broken connection, a pod that is gone, "still
 * busy"), the same turn is sent again, as the front end does it. In the end everything acknowledged is read back.
 *
 * --url URL          of the front end or the back end; several are taken in turn
 * --chats 200        how many, all at once     --users 20   whose they are (at most 20 chats a minute each)
 * --model fake       the back end's model is `python -m tests.fake_openai` (takes its time); `any` for every other assistant
 * --every SECONDS --run COMMAND                what to do meanwhile, such as deleting a pod
 * --figures N        instead: N lists, creations and chats one after the other, with their p50 and p99
 */
import { parseArgs } from "node:util";

import { output } from "../../tools/process";
import { Chatter, type Turn } from "./chatter";

const { values: given } = parseArgs({
  options: {
    url: { type: "string", multiple: true },
    chats: { type: "string", default: "200" },
    users: { type: "string", default: "20" },
    model: { type: "string", default: "fake" },
    every: { type: "string", default: "5" },
    run: { type: "string" },
    figures: { type: "string" },
  },
});

/** A turn that is not done after this many milliseconds counts as lost. */
const PATIENCE = 180_000;

function order(title: string): string {
  if (given.model !== "fake") return `add a task to ${title}`;
  return `pause 1\ncall add_task {"title": "${title}"}\nslow 0.2\nsay It is on your list now.`;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function show(what: string, milliseconds: readonly number[]): void {
  const [p50, p99] = [0.5, 0.99].map((part) => percentile(milliseconds, part).toFixed(0));
  console.log(`| ${what} | ${milliseconds.length} | ${p50} | ${p99} |`);
}

async function signUp(urls: readonly string[], count: number): Promise<Chatter[]> {
  const people: Chatter[] = [];
  // One after the other: passwords are hashed two at a time, and that is not what is measured.
  for (let n = 0; n < count; n++) people.push(await Chatter.signUp(urls));
  return people;
}

async function figures(urls: readonly string[], count: number): Promise<void> {
  const people = await signUp(urls, Math.ceil(count / 20));
  const times: Record<"list" | "create" | "chat", number[]> = { list: [], create: [], chat: [] };
  const timed = async (what: keyof typeof times, action: () => Promise<unknown>) => {
    const start = performance.now();
    await action();
    times[what].push(performance.now() - start);
  };
  for (let n = 0; n < count; n++) {
    const person = people[Math.floor(n / 20)] as Chatter;
    await timed("create", () => person.addTask(`by hand ${n}`));
    await timed("list", () => person.titles());
    await timed("chat", () => person.chat(person.turn(`add a task to thing ${n}`), PATIENCE));
  }
  console.log("| what | times | p50 ms | p99 ms |\n| --- | --- | --- | --- |");
  for (const [what, milliseconds] of Object.entries(times)) show(what, milliseconds);
}

/** Runs `command` again and again until the returned function is called. */
function disturb(command: string, everySeconds: number): () => Promise<number> {
  let [times, over] = [0, false];
  const loop = (async () => {
    while (!over) {
      await output("sh", ["-c", command], { timeout: undefined });
      times++;
      await new Promise((resolve) => setTimeout(resolve, everySeconds * 1000));
    }
  })();
  return async () => {
    over = true;
    await loop;
    return times;
  };
}

async function chats(urls: readonly string[], count: number, users: number): Promise<boolean> {
  const people = await signUp(urls, users);
  const planned = Array.from({ length: count }, (_, n) => {
    const person = people[n % users] as Chatter;
    const title = `chat number ${n}`;
    return { person, title, turn: person.turn(order(title)) };
  });
  const stop = given.run === undefined ? undefined : disturb(given.run, Number(given.every));
  const started = performance.now();
  const answers = await Promise.all(
    planned.map(async ({ person, turn }): Promise<Turn> => {
      const begun = performance.now();
      await person.chat(turn, PATIENCE);
      turn.milliseconds = performance.now() - begun;
      return turn;
    }),
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const disturbances = (await stop?.()) ?? 0;

  let [unanswered, noTask, twice, noMessage] = [0, 0, 0, 0];
  for (const person of people) {
    const titles = await person.titles();
    for (const { title, turn } of planned.filter((one) => one.person === person)) {
      if (turn.conversation === undefined) {
        unanswered++;
        continue;
      }
      const found = titles.filter((one) => one === title).length;
      if (found === 0) noTask++;
      if (found > 1) twice++;
      const roles = await person.roles(turn.conversation);
      if (roles.join() !== "user,assistant") noMessage++;
    }
  }
  const again = answers.reduce((sum, turn) => sum + turn.attempts - 1, 0);
  console.log(
    `${count} chats of ${users} users in ${seconds} s, disturbed ${disturbances} times, ${again} sent again`,
  );
  console.log("| what | times | p50 ms | p99 ms |\n| --- | --- | --- | --- |");
  show(
    "chat",
    answers.flatMap((turn) => turn.milliseconds ?? []),
  );
  const lost = { unanswered, noTask, twice, noMessage };
  console.log(JSON.stringify(lost));
  return Object.values(lost).every((number) => number === 0);
}

async function main(): Promise<void> {
  const urls = given.url ?? ["http://127.0.0.1:30300"];
  if (given.figures !== undefined) return figures(urls, Number(given.figures));
  if (!(await chats(urls, Number(given.chats), Number(given.users)))) process.exitCode = 1;
}

void main();
