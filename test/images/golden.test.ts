import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { App } from "lamb-compose";
import { expect, it } from "vitest";
import { isCi } from "../support/tools";
import { GUIDE_FILE, lambImages, WORKFLOW_FILE } from "./workflows";

/** With UPDATE_GOLDEN=1 the golden files become what the program writes. Where CI is set, they never do. */
const UPDATE = process.env.UPDATE_GOLDEN === "1" && !isCi();

const app = new App();
lambImages(app);
const { files } = app.synth().assertValid();

it.each([WORKFLOW_FILE, GUIDE_FILE])("LAMB's %s is as its golden file", (path) => {
  const golden = fileURLToPath(new URL(`../golden/images/${path}`, import.meta.url));
  const text = files.get(path) ?? "";
  if (UPDATE) {
    mkdirSync(dirname(golden), { recursive: true });
    writeFileSync(golden, text);
  }
  expect(text).toBe(readFileSync(golden, "utf8"));
});
