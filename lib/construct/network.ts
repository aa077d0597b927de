import type { Construct } from "constructs";
import type { NetworkSpec } from "../spec";
import type { BindableProps } from "./binding";
import { brand } from "./brand";
import { Resource } from "./resource";

const [mark, isNetwork] = brand<Network>("Network");

/** Every key of a top-level network, as the specification names it. */
export type NetworkProps = BindableProps<NetworkSpec>;

/**
 * A network. It may stand in a service's `networks` list, or be joined by `service.connect(network, …)`.
 *
 * @example
 * ```ts
 * const back = new Network(file, "back", { internal: true });
 * new Service(file, "db", { image: "postgres:17", networks: [back] });
 * ```
 * @see Compose Specification, chapter 6 (networks)
 */
export class Network extends Resource {
  static isNetwork = isNetwork;

  /** Tells networks from volumes in types, too. */
  declare readonly section: "networks";

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id, "networks", props);
    mark(this);
  }
}
