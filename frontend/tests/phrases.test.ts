/** What phrases with a date mean: the same cases that the back end's reader is held to. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPhrase } from "@/lib/phrases/read";

interface Case {
  text: string;
  now: string;
  zone: string;
  title: string;
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../backend/tests/vectors/dates.json", import.meta.url), "utf8"),
) as { cases: Case[] };

test.each(cases)("$text ($zone, $now)", ({ text, now, zone, ...meant }) => {
  const { title, day, instant, words, problem, unsure } = readPhrase(text, new Date(now), zone);
  const told = {
    title,
    ...(day !== undefined && { date: day }),
    ...(instant !== undefined && { instant: instant.toISOString().replace(".000Z", "Z") }),
    ...(words.length > 0 && { words }),
    ...(problem !== undefined && { problem: problem.kind, problem_words: problem.words }),
    ...(unsure !== undefined && { unsure }),
  };
  expect(told).toEqual(meant);
});
