import type { Construct } from "constructs";
import { ComposeConstruct } from "../../construct/compose-construct";
import { DeploymentGuide } from "../../guides/deployment-guide";
import { MigrationNotes } from "../../guides/migration-notes";
import { OperationsGuide } from "../../guides/operations-guide";
import type { LambStack } from "../lamb-stack";
import { deploymentPage } from "./deployment";
import { migrationPage } from "./migration";
import { operationsPage } from "./operations";

/** Which stack {@link LambGuides} are about, and where they are written. */
export interface LambGuidesProps {
  /** The stack, with all that was added to it. */
  readonly stack: LambStack;
  /**
   * The folder of the pages, below the output directory.
   * @default "Documentation/installation"
   */
  readonly folder?: string | undefined;
}

/**
 * LAMB's pages for teachers and administrators: how to install it, how to look after it, how to come from an older one.
 *
 * @example
 * ```ts
 * new LambGuides(app, "guides", { stack });
 * ```
 */
export class LambGuides extends ComposeConstruct {
  readonly deployment: DeploymentGuide;
  readonly operations: OperationsGuide;
  readonly migration: MigrationNotes;

  constructor(scope: Construct, id: string, { stack, folder = "Documentation/installation" }: LambGuidesProps) {
    super(scope, id);
    const { env } = stack;
    const file = (name: string) => ({ env, fileName: `${folder}/${name}.md` });
    this.deployment = new DeploymentGuide(this, "deployment", { ...file("deployment"), page: deploymentPage });
    this.operations = new OperationsGuide(this, "operations", { ...file("operations"), page: operationsPage });
    this.migration = new MigrationNotes(this, "migration", { ...file("migration"), page: migrationPage });
  }
}
