import type { Construct } from "constructs";
import { Service, type ServiceProps } from "./service";

/** What an overlay changes of a service of another file: only the keys given here. */
export class ServiceOverride extends Service {
  override readonly isOverride = true;

  constructor(
    scope: Construct,
    readonly target: Service,
    props: ServiceProps = {},
  ) {
    super(scope, target.name, props);
  }

  protected override networksBelow(): readonly string[] | undefined {
    return this.target.networkNames;
  }

  protected override waitsForLayoutBelow(other: Service): boolean {
    return this.target.waitsForLayoutOf(other);
  }
}
