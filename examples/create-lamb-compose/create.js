#!/usr/bin/env node
// npm create lamb-compose FOLDER: a program that writes a deployment, with its test and a workflow that checks it.
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";

/** What each package manager is told. Where none is known, it is npm. */
const MANAGERS = {
  npm: { install: "npm install", frozen: "npm ci", run: "npm run", setup: "" },
  pnpm: {
    install: "pnpm install",
    frozen: "pnpm install --frozen-lockfile",
    run: "pnpm run",
    setup: "corepack enable",
  },
  yarn: {
    install: "yarn install",
    frozen: "yarn install --frozen-lockfile",
    run: "yarn run",
    setup: "corepack enable",
  },
};

const words = process.argv.slice(2);
if (words.length > 1 || words.some((word) => word.startsWith("-"))) {
  end(2, "usage: npm create lamb-compose [FOLDER]");
}
const folder = resolve(words[0] ?? "deployment");
if (existsSync(folder) && readdirSync(folder).length > 0) {
  end(1, `${folder} is not empty: name a folder that is not there yet`);
}

const agent = process.env.npm_config_user_agent ?? "";
const name = Object.keys(MANAGERS).find((one) => agent.startsWith(`${one}/`)) ?? "npm";
const { install, frozen, run, setup } = MANAGERS[name];
cpSync(new URL("template", import.meta.url), folder, { recursive: true });
// npm leaves a .gitignore out of what it packs.
renameSync(join(folder, "gitignore"), join(folder, ".gitignore"));
fill("package.json", { '"name": "deployment"': `"name": "${packageName(basename(folder))}"` });
fill(".github/workflows/check.yml", { "npm ci": [setup, frozen].filter(Boolean).join(" && "), "npm run": run });
fill("README.md", { "npm install": install, "npm run": run });

const place = relative(process.cwd(), folder) || ".";
console.log(`made ${place}
next:
  cd ${/^[\w./-]+$/.test(place) ? place : `'${place.replaceAll("'", "'\\''")}'`}
  ${install}
  ${run} write      writes the deployment to compose.out
  ${run} test`);

/** Puts words in the place of others in a file of the folder. */
function fill(path, changes) {
  let text = readFileSync(join(folder, path), "utf8");
  for (const [before, after] of Object.entries(changes)) text = text.replaceAll(before, after);
  writeFileSync(join(folder, path), text);
}

/** A name that package managers take. */
function packageName(text) {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[-._]+|[-._]+$/g, "");
  return plain === "" ? "deployment" : plain;
}

function end(status, message) {
  console.error(message);
  process.exit(status);
}
