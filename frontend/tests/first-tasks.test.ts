/** The list as it comes with its page. */
import { expect, test } from "vitest";
import { firstTasks } from "@/server/first-tasks";
import { backendStandIn, json } from "./stand-in";

const asking = { userId: "7", token: "t", zone: "Europe/Berlin" };
const milk = {
  id: 1,
  title: "Buy milk",
  description: null,
  completed: false,
  priority: "medium",
  due_date: null,
  due_at: null,
  created_at: "2026-11-25T10:00:00Z",
  updated_at: "2026-11-25T10:00:00Z",
};

test("of each task only what the page uses, and how many there are on all pages", async () => {
  await backendStandIn((_, response) => {
    response.setHeader("x-total-count", "1500");
    json(response, 200, [{ ...milk, user_id: "7", due_time_zone: null }]);
  });
  expect(await firstTasks(asking)).toEqual({ tasks: [milk], total: 1500 });
});
