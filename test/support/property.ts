import { isCi } from "./tools";

/** Parameters for `fc.assert`: the same cases on each run where `CI` is set, fresh ones elsewhere. */
export const SEED: { readonly seed?: number } = isCi() ? { seed: 20_251_101 } : {};
