import { expect, test } from "vitest";
import { run } from "./program.js";

test("examples/page-cache/demo.js has a page rendered although its renderer dies, and prints its hits", async () => {
  const { status, stdout, stderr } = await run("page-cache/demo.js", "--workers", "3", "--requests", "5000");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^requests {4}150\d\d\nhits {8}[1-9]\d\.\d %, of them [1-9]\d\.\d % in a worker's first level\nrendered {4}[1-9]\d+ pages for [1-9]\d+ misses\nevictions {3}[1-9]\d*\nentries {5}2000 of at most 2000\ndeaths {6}1, while it rendered \/page\/fatal, which was then rendered by /,
  );
});
