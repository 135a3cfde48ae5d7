import assert from "node:assert/strict";

import { ConfigError } from "../../../config/reader";
import { databaseUrlFault } from "../../../config/secret-rules";
import { parseConfig } from "../../../config/stack";
import { asWritten, parseToWriteBack, parseWritten } from "../../../config/written";
import { partsOf } from "../../../manifests/database-address";
import { stackConfig, stackFile } from "../fixtures/stack";

function message(changes: Record<string, unknown>): string {
  try {
    stackConfig(changes);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message;
  }
  return assert.fail("the configuration was accepted");
}

describe("numbers among texts", () => {
  const text =
    "config:\n  k:nodePort: 30301\n  k:env:\n    ID: 251985589757358482\n    V: 1.10\n    N: 5\n";
  const read = parseWritten(text) as { config: Record<string, unknown> };

  it("are what the stack's file has, to the last digit", () => {
    assert.deepEqual(read.config["k:env"], { ID: "251985589757358482", V: "1.10", N: 5 });
    assert.equal(read.config["k:nodePort"], 30301);
  });

  it("are the same as the engine hands them over", () => {
    const engine = JSON.parse('{"ID":251985589757358482,"V":1.1,"N":5,"S":"x"}') as unknown;
    assert.deepEqual(asWritten(engine, read.config["k:env"]), {
      ID: "251985589757358482",
      V: "1.10",
      N: 5,
      S: "x",
    });
  });

  it("are still there when the file is written again", () => {
    assert.equal(parseToWriteBack(text).toString({ lineWidth: 0 }), text);
  });

  it("are refused where they are another number by now, with the command that keeps them", () => {
    assert.match(
      message({ backendEnv: { ID: Number("251985589757358482") } }),
      /backendEnv\.ID must be text[\s\S]*pulumi config set --path 'backendEnv\.ID' --type string/,
    );
  });
});

describe("secrets in clear", () => {
  it("are found in a map that was set as one text, too", () => {
    const found = message({ backendSecretEnv: '{"KEY":"sk-live"}' });
    assert.match(found, /backendSecretEnv\.KEY must be encrypted/);
    assert.doesNotMatch(found, /sk-live/);
  });
});

describe("a registry", () => {
  it("in another form than Docker's is refused with the one that was meant", () => {
    assert.match(
      message({ registry: "https://ghcr.io/Me/Todo/" }),
      /pulumi config set registry ghcr\.io\/me\/todo$/m,
    );
  });
});

describe("the address of a database", () => {
  for (const password of ["a#b", "a/b", "a@b", "a?b", "100%", "a:b"]) {
    const url = (text: string) => `postgresql://me:${text}@db.example.com/todo`;

    it(`with the password ${password} is taken encoded`, () => {
      assert.equal(databaseUrlFault(url(encodeURIComponent(password))), undefined);
      assert.equal(partsOf(url(encodeURIComponent(password))).password, password);
    });

    if (password === "a:b") continue;
    it(`with the password ${password} as it is, is refused at once and not repeated`, () => {
      const { values, context } = stackFile({ databaseUrl: url(password) });
      const source = { context, isSecret: () => true, deploying: true };
      assert.throws(
        () => parseConfig(values, source),
        ({ message }: Error) =>
          /databaseUrl must be .*encoded/.test(message) && !message.includes(url(password)),
      );
    });
  }

  it("may have several hosts, an address for a host, options, or no user", () => {
    for (const rest of [
      "me:x@a:1,b:2/todo",
      "me@[fd00::1]:5432/todo?sslmode=require&a=b@c",
      "h/todo",
    ]) {
      assert.equal(databaseUrlFault(`postgresql+asyncpg://${rest}`), undefined, rest);
    }
  });
});
