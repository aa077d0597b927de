import engine from "../vitest.config";

export default { ...engine, test: { ...engine.test, include: ["test/engine/validation/validate.ts"] } };
