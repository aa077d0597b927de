import type { Construct } from "constructs";
import type { ConfigSpec } from "../spec";
import type { BindableProps } from "./binding";
import { FileResource } from "./file-resource";

/** Every key of a top-level config, as the specification names it. */
export type ConfigProps = BindableProps<ConfigSpec>;

/**
 * A file that services read, not secret.
 *
 * @example
 * ```ts
 * const settings = new Config(file, "settings", { content: "level: info\n" });
 * new Service(file, "web", { image: "web:1", configs: [settings.at("/etc/web.yaml")] });
 * ```
 * @see Compose Specification, chapter 8 (configs)
 */
export class Config extends FileResource {
  constructor(scope: Construct, id: string, props: ConfigProps) {
    super(scope, id, "configs", props);
  }
}
