// Made by `npx --prefix deploy tsx deploy/prod.ts`. Do not edit: change the program and run it again.
// The project's own settings, with a version that comes from the commit and not from the clock.
import project from "./svelte.config.project.js";

const { REVISION = "unknown" } = process.env;

export default { ...project, kit: { ...project.kit, version: { ...project.kit?.version, name: REVISION } } };
