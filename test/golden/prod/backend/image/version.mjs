// Made by `npx --prefix deploy tsx deploy/prod.ts`. Do not edit: change the program and run it again.
// Prints src/lib/version.js. What is built is known by the arguments of the build: there is no repository to ask.
const { VERSION = "unknown", REVISION = "unknown", CREATED = "unknown" } = process.env;
const day = CREATED.slice(0, 10);
const info = {
  version: VERSION.replace(/^v(?=\d)/, ""),
  commit: REVISION.slice(0, 7),
  branch: VERSION,
  commitDate: day,
  buildDate: day,
};
console.log(`export const VERSION_INFO = ${JSON.stringify(info, null, 2)};`);
