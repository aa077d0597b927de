import shipped from "./dependencies.lock.json" with { type: "json" };
import type { DependenciesLock } from "./locks";

/** The lock that this library brings: of LAMB at the commit that it names. */
export const SHIPPED_LOCK: DependenciesLock = shipped;
