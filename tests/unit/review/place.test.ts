import assert from "node:assert/strict";

import { GitHub, GitHubError } from "../../../review/github";
import { pullRequestOf } from "../../../review/pull-request";
import { placeComment } from "../../../review/upsert";
import { StandIn, token } from "../fixtures/github";

const marker = "<!-- todo-app preview: dev -->";

describe("placing the comment", () => {
  let standIn: StandIn;
  let github: GitHub;

  beforeEach(async () => {
    standIn = new StandIn();
    github = new GitHub({
      api: await standIn.start(),
      repository: "me/todo",
      token,
      pauseMs: 1,
    });
  });
  afterEach(() => {
    standIn.stop();
  });

  const ours = () => standIn.comments.filter(({ body }) => body?.startsWith(marker));

  it("makes one, then changes it in place, however many comments there are", async () => {
    for (let index = 0; index < 45; index++) standIn.add(`Remark ${index}`);
    assert.equal((await placeComment(github, 7, `${marker}\nfirst\n`)).done, "created");
    for (let index = 0; index < 250; index++) standIn.add(`Later remark ${index}`);
    assert.equal((await placeComment(github, 7, `${marker}\nsecond\n`)).done, "updated");
    assert.equal((await placeComment(github, 7, `${marker}\nsecond\n`)).done, "unchanged");
    assert.deepEqual(
      ours().map(({ body }) => body),
      [`${marker}\nsecond\n`],
    );
    assert.equal(standIn.comments.length, 296);
  });

  it("finds its own behind more than two full pages", async () => {
    for (let index = 0; index < 230; index++) standIn.add(`Remark ${index}`);
    standIn.add(`${marker}\nold`, "Bot");
    assert.equal((await placeComment(github, 7, `${marker}\nnew`)).done, "updated");
    assert.equal(ours().length, 1);
  });

  it("keeps one comment for each stack", async () => {
    await placeComment(github, 7, "<!-- todo-app preview: prod -->\nprod");
    await placeComment(github, 7, `${marker}\ndev`);
    await placeComment(github, 7, `${marker}\ndev again`);
    assert.deepEqual(
      standIn.comments.map(({ body }) => body?.split("\n")[1]),
      ["prod", "dev again"],
    );
  });

  it("never overwrites what a person wrote, whatever it begins with", async () => {
    standIn.add(`${marker}\nI copied this`, "User");
    standIn.add(`> ${marker}\n> a quote`, "Bot");
    assert.equal((await placeComment(github, 7, `${marker}\nours`)).done, "created");
    assert.equal(standIn.comments[0]?.body, `${marker}\nI copied this`);
  });

  it("tries again when GitHub is busy", async () => {
    standIn.refusals.push(502, 429);
    assert.equal((await placeComment(github, 7, `${marker}\ntext`)).done, "created");
    assert.equal(standIn.requests.length, 4);
  });

  it("says what is missing when it may not, and keeps the token to itself", async () => {
    standIn.refusals.push(403);
    await assert.rejects(placeComment(github, 7, `${marker}\ntext`), (error: Error) => {
      assert.ok(error instanceof GitHubError);
      assert.match(error.message, /GET \/repos\/me\/todo\/issues\/7\/comments: GitHub answers 403/);
      assert.match(error.message, /pull-requests: write/);
      assert.ok(!error.message.includes(token));
      return true;
    });
  });

  it("finds a fork's pull request by owner, branch and commit, and no other's", async () => {
    standIn.pulls = [
      { number: 6, head: { sha: "a".repeat(40) } },
      { number: 7, head: { sha: "b".repeat(40) } },
    ];
    const run = (sha: string) => ({
      workflow_run: {
        head_sha: sha.repeat(40),
        head_branch: "feature/x&y",
        head_repository: { owner: { login: "stranger" } },
      },
    });
    assert.equal(await pullRequestOf(run("b"), github), 7);
    assert.match(standIn.requests[0] ?? "", /head=stranger%3Afeature%2Fx%26y/);
    // Newer commits have been pushed: their own run comments.
    assert.equal(await pullRequestOf(run("c"), github), undefined);
  });
});
