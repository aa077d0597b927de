import type { Construct } from "constructs";
import type { SecretSpec } from "../spec";
import type { BindableProps } from "./binding";
import { FileResource } from "./file-resource";

/** Every key of a top-level secret, as the specification names it. */
export type SecretProps = BindableProps<SecretSpec>;

/**
 * A file that services read and nobody else should.
 *
 * @example
 * ```ts
 * const key = new Secret(file, "key", { file: "./key.pem" });
 * new Service(file, "web", { image: "web:1", secrets: [key] });
 * ```
 * @see Compose Specification, chapter 9 (secrets)
 */
export class Secret extends FileResource {
  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id, "secrets", props);
  }
}
