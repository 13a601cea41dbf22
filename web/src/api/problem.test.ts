import { expect, test } from "vitest";

import { StreamCut } from "@/lib/serverEvents.ts";

import { asProblem, problemOf } from "./problem.ts";

const envelope = {
  error: { message: "No alias has this name. List them.", remedy: "List them.", code: "not_found" },
};

test("fact and remedy are told apart, and said once", () => {
  expect(problemOf(envelope, 404)).toMatchObject({
    message: "No alias has this name.",
    remedy: "List them.",
    code: "not_found",
    status: 404,
  });
});

test("an answer that is not the envelope still gives something to show", () => {
  expect(problemOf("<html>", 502)).toMatchObject({ status: 502 });
  expect(problemOf("<html>").message).not.toBe("");
});

test("a server that cannot be reached and a cut answer are named", () => {
  expect(asProblem(new TypeError("fetch failed")).code).toBe("offline");
  expect(asProblem(new StreamCut("")).code).toBe("cut");
});
