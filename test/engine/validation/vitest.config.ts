import engine from "../vitest.config.ts";

export default { ...engine, test: { ...engine.test, include: ["test/engine/validation/validate.ts"] } };
