import type { IConstruct, IMixin } from "constructs";
import { Service, type ServiceProps } from "../construct/service";
import type { ServiceSpec } from "../spec";

/** What a service in production has, unless it says otherwise. */
const DEFAULTS: readonly (readonly [keyof ServiceSpec, ServiceProps])[] = [
  ["restart", { restart: "unless-stopped" }],
  ["stop_grace_period", { stop_grace_period: "30s" }],
  ["security_opt", { security_opt: ["no-new-privileges:true"] }],
  ["cap_drop", { cap_drop: ["ALL"] }],
  ["pids_limit", { pids_limit: 1000 }],
];

/**
 * A mixin for every service below a construct: it comes back after a crash, has time to stop, gains no rights, and
 * cannot start processes without end. Keys that a service has itself stay: `stack.with(new Hardening())`.
 */
export class Hardening implements IMixin {
  supports(construct: IConstruct): construct is Service {
    return Service.isService(construct) && !construct.isOverride;
  }

  applyTo(construct: IConstruct): void {
    if (!this.supports(construct)) return;
    for (const [key, props] of DEFAULTS) if (!construct.has(key)) construct.set(props);
  }
}
