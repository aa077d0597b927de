import { byName } from "../../spec/order";
import { ComposeError } from "../error";
import { Company } from "../loader/select";
import { quote } from "../tree/gotext";
import { entriesOf, get, isTrue, type MapNode, textAt } from "../tree/node";
import { sortedKeys } from "../tree/rules";
import { cycles } from "./dependency-cycles";
import { CHECKS, type Checked, INVALID, type Services } from "./service-checks";

/** Everything that no single place can say, in Compose's order: services by name, secrets, cycles of dependencies. */
export function* inconsistencies(project: Checked): Generator<ComposeError> {
  for (const [name, service] of byName(project.enabled)) {
    for (const { keys, check } of CHECKS) {
      if (keys.length > 0 && !keys.some((key) => service.entries.has(key))) continue;
      for (const { message, path, advice } of check(service, name, project))
        yield new ComposeError("consistency", message, service.origin, advice, ["services", name, ...path]);
    }
  }
  yield* jobProblems(project);
  for (const [name, secret] of entriesOf(project.resources.secrets)) {
    if (isTrue(get(secret, "external"))) continue;
    if (textAt(secret, "file") !== "" || textAt(secret, "environment") !== "") continue;
    const message = `secret ${quote(name)} must declare either \`file\` or \`environment\`${INVALID}`;
    yield new ComposeError("consistency", message, secret.origin, undefined, ["secrets", name]);
  }
  yield* cycles(project);
}

/** A name is a service's or a job's; a job depends on services and on other jobs. */
function* jobProblems({ jobs, enabled, disabled }: Checked): Generator<ComposeError> {
  const problem = (message: string, job: MapNode, ...path: readonly string[]) =>
    new ComposeError("consistency", message + INVALID, job.origin, undefined, ["jobs", ...path]);
  for (const [name, job] of byName([...jobs.enabled, ...jobs.disabled])) {
    if (!enabled.has(name) && !disabled.has(name)) continue;
    yield problem(
      `${quote(name)} is declared both as a service and a job: service and job names must be unique`,
      job,
      name,
    );
  }
  for (const [name, job] of byName(jobs.enabled)) {
    const needed = job.entries.get("depends_on");
    for (const other of needed?.kind === "map" ? sortedKeys(needed) : []) {
      if (jobs.enabled.has(other) || enabled.has(other)) continue;
      if (disabled.has(other) && !isTrue(get(needed, other, "required"))) continue;
      yield problem(
        `job ${quote(name)} depends on undefined service or job ${quote(other)}`,
        job,
        name,
        "depends_on",
        other,
      );
    }
  }
}

/**
 * Containers whose name another one has, of services in order of name that can run at once.
 *
 * @param profilesOf the profiles of a service; of one that runs in any case, none
 */
export function* sharedContainerNames(
  { enabled }: Services,
  profilesOf: (service: MapNode) => readonly string[] = () => [],
): Generator<ComposeError> {
  const taken = new Map<string, Company<string>>();
  for (const [name, service] of byName(enabled)) {
    const container = textAt(service, "container_name");
    if (container === "") continue;
    const profiles = profilesOf(service);
    const company = taken.get(container) ?? new Company<string>();
    taken.set(container, company);
    const [other] = company
      .with(profiles)
      .flatMap(([first]) => first ?? [])
      .sort();
    company.add(profiles, name);
    if (other !== undefined) {
      const message = `services.${name}: container name ${quote(container)} is already in use by service {}"`;
      const advice = {
        code: "duplicate-container-name",
        value: JSON.stringify(container),
        reason: `is the container name of ${other} already`,
        fix: "leave container_name out: Compose makes names that do not collide",
      };
      const path = ["services", name, "container_name"];
      yield new ComposeError("consistency", message, service.origin, advice, path);
    }
  }
}
