// The project's own settings, with a version that comes from the commit and not from the clock.
import project from "./svelte.config.project.js";

const { REVISION = "unknown" } = process.env;

export default { ...project, kit: { ...project.kit, version: { ...project.kit?.version, name: REVISION } } };
