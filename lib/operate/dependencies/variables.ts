import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { VARIABLES } from "../../images/generated/programs";
import { KNOWLEDGE_STORE } from "../../lamb/facts/knowledge-store";
import type { CheckoutServiceFacts } from "../../lamb/facts/service";
import { BUILT_IMAGES } from "../../lamb/images/sources";
import { hasPlace } from "../../lamb/left-out";
import { LambRelease } from "../../lamb/release";
import { inFolder, outputOf } from "./program";

const READ = z.array(z.object({ name: z.string(), default: z.string().nullable(), places: z.array(z.string()) }));

/** A variable that a program reads. */
export interface ReadVariable {
  /** `*` stands for what is put together only when the program runs. */
  readonly name: string;
  /** What holds without a value, where the program says so in that place. */
  readonly default: string | null;
  /** Files and lines of the checkout. */
  readonly places: readonly string[];
}

/** What the program of a service reads, and what of it has no place in what is known of the service. */
export interface ReadVariables {
  readonly service: string;
  readonly read: readonly ReadVariable[];
  readonly unplaced: readonly ReadVariable[];
}

/**
 * The variables that the programs of a checkout read, held against what is known of a release.
 *
 * @throws ConstructError `unknown-release`; OperateError `no-program`, `program-failed`
 */
export async function variablesRead(checkout: string, version = LambRelease.upcoming): Promise<ReadVariables[]> {
  const release = new LambRelease(version);
  const images = BUILT_IMAGES.filter((image) => release.has(image));
  const services: CheckoutServiceFacts[] = images.map((image) => release.service(image));
  // Open WebUI need not be in a checkout that is worked on, and only branches of LAMB have the knowledge store.
  const others = [release.service("openwebui"), KNOWLEDGE_STORE];
  services.push(...others.filter(({ source }) => existsSync(join(checkout, source.program))));
  return Promise.all(
    services.map(async (facts) => {
      const read = READ.parse(JSON.parse(await auditOutput(checkout, facts.source.program)));
      return { service: facts.name, read, unplaced: read.filter(({ name }) => !hasPlace(facts, name)) };
    }),
  );
}

function auditOutput(checkout: string, program: string): Promise<string> {
  const remedy = "install Python 3.10 or later, which reads the program";
  return inFolder({ "variables.py": VARIABLES }, (folder) =>
    outputOf("python3", [join(folder, "variables.py"), program], { cwd: checkout, remedy }),
  );
}
