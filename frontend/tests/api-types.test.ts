/** The types of what the back end answers, made from its own document. */
import { readFileSync } from "node:fs";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";
import { LONGEST_CONVERSATION_TITLE, LONGEST_MESSAGE } from "@/features/assistant/api";
import { LONGEST_DESCRIPTION, LONGEST_TITLE } from "@/features/tasks/task";

const openapi = new URL("../../backend/openapi.json", import.meta.url);

test("the committed types are those of the back end's document (npm run types)", async () => {
  const made = await openapiTS(openapi);
  const committed = readFileSync(new URL("../features/api/schema.d.ts", import.meta.url), "utf8");
  expect(committed).toBe(COMMENT_HEADER + astToString(made));
});

const { schemas } = (
  JSON.parse(readFileSync(openapi, "utf8")) as {
    components: { schemas: Record<string, { properties: Record<string, Text> } | undefined> };
  }
).components;

interface Text {
  maxLength?: number;
  pattern?: string;
  anyOf?: Text[];
}

/** Whether the back end takes a text of so many characters there. */
function takes(schema: string, property: string, length: number): boolean {
  const found = schemas[schema]?.properties[property];
  const { maxLength = Infinity, pattern = "" } = found?.anyOf?.[0] ?? found ?? {};
  return length <= maxLength && new RegExp(pattern, "u").test("x".repeat(length));
}

test.each([
  ["TaskCreate", "title", LONGEST_TITLE],
  ["TaskUpdate", "title", LONGEST_TITLE],
  ["TaskCreate", "description", LONGEST_DESCRIPTION],
  ["ChatRequest", "message", LONGEST_MESSAGE],
  ["ConversationTitle", "title", LONGEST_CONVERSATION_TITLE],
])("what a field takes is what the back end takes (%s, %s: %i)", (schema, property, longest) => {
  expect(takes(schema, property, longest)).toBe(true);
  expect(takes(schema, property, longest + 1)).toBe(false);
});
