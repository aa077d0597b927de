/** Prints the module from which LAMB's pages know what they are. */
export const VERSION_PROGRAM = `\
// Prints src/lib/version.js. What is built is known by the arguments of the build: there is no repository to ask.
const { VERSION = "unknown", REVISION = "unknown", CREATED = "unknown" } = process.env;
const day = CREATED.slice(0, 10);
const info = {
  version: VERSION.replace(/^v(?=\\d)/, ""),
  commit: REVISION.slice(0, 7),
  branch: VERSION,
  commitDate: day,
  buildDate: day,
};
console.log(\`export const VERSION_INFO = \${JSON.stringify(info, null, 2)};\`);
`;

/**
 * Takes the place of the pages' own settings: the same, with a version that comes from the commit. SvelteKit would take
 * the clock's, and no two builds would have the same pages.
 */
export const PAGES_SETTINGS = `\
// The project's own settings, with a version that comes from the commit and not from the clock.
import project from "./svelte.config.project.js";

const { REVISION = "unknown" } = process.env;

export default { ...project, kit: { ...project.kit, version: { ...project.kit?.version, name: REVISION } } };
`;
