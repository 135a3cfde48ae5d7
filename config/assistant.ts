import { readApplication, type ApplicationConfig } from "./application";
import type { ConfigReader } from "./reader";

/** The assistant, and the MCP server whose tools it calls. */
export interface AssistantConfig {
  model: string;
  baseUrl: string;
  apiMode: "responses" | "chat_completions";
  /** Turns that one user may begin in a minute, over all pods. */
  turnsPerMinute: number;
  /** Calls of the model in one turn. */
  maxTurns: number;
  /** Tokens of one answer of the model. */
  maxOutputTokens: number;
}

/** Without an image of its own, everything but port, pods and command is the back end's. */
export interface McpConfig extends ApplicationConfig {
  /** Whether it has a deployment of its own. */
  separate: boolean;
  /** Whether it has an image of its own. */
  ownImage: boolean;
  /** Where it answers below its address. */
  path: string;
  /** Host names under which clients reach it, beside those of its Service. */
  allowedHosts: string[];
}

export function readAssistant(reader: ConfigReader): AssistantConfig {
  return {
    model: reader.text("openaiModel", /^\S+$/, "the name of a model", "gpt-4o"),
    baseUrl: reader.url("openaiBaseUrl", ""),
    apiMode: reader.oneOf("openaiApiMode", ["responses", "chat_completions"]),
    turnsPerMinute: reader.integer("chatTurnsPerMinute", 1, 100_000, 20),
    maxTurns: reader.integer("chatMaxTurns", 1, 50, 10),
    maxOutputTokens: reader.integer("chatMaxOutputTokens", 16, 100_000, 1024),
  };
}

export function readMcp(reader: ConfigReader): McpConfig {
  const application = readApplication(reader, "mcp");
  return {
    ...application,
    separate: reader.oneOf("mcpMode", ["embedded", "separate"]) === "separate",
    ownImage: application.dockerfile !== "",
    path: reader.text("mcpPath", /^\/\S*$/, "a path that begins with /", "/mcp"),
    allowedHosts: reader.list(
      "mcpAllowedHosts",
      /^[\w.-]+(:(\d+|\*))?$/,
      "host names, with or without a port",
      "todo.example.com",
    ),
  };
}
