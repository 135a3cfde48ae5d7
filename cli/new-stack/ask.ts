/** Questions on a terminal; a secret's answer is not shown, and never leaves this process but through a pipe. */
import * as readline from "node:readline/promises";
import { Interrupted } from "../../tools/errors";

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** @returns the answer, or `preset` when it was just Enter */
export async function ask(question: string, preset: string, signal: AbortSignal): Promise<string> {
  const dialogue = readline.createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await dialogue.question(`${question} [${preset}] `, { signal });
    return answer.trim() === "" ? preset : answer.trim();
  } finally {
    dialogue.close();
  }
}

/** Asks without echo. @returns the answer; empty when it was just Enter */
export function askSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  return new Promise((resolve, reject) => {
    let answer = "";
    const finish = (): void => {
      stdin.off("data", take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
    };
    const take = (chunk: Buffer): void => {
      for (const character of chunk.toString("utf8")) {
        if (character === "\r" || character === "\n") {
          finish();
          resolve(answer);
          return;
        }
        if (character === "\u0003" || character === "\u0004") {
          finish();
          reject(new Interrupted());
          return;
        }
        if (character === "\u007f" || character === "\b") answer = answer.slice(0, -1);
        else answer += character;
      }
    };
    stdin.setRawMode(true);
    stdin.resume();
    stdin.on("data", take);
  });
}

/** All of standard input, for secrets from a password manager: lines of KEY=VALUE. */
export async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
