import { z } from "zod";
import { OperateError } from "../error";
import { parsedAnswer } from "./answer";
import { releaseFacts } from "./facts";
import { type Container, LABEL, serviceOf } from "./model";
import { type ComposeProject, inspectImages } from "./project";

const WHOLE = z.looseObject({ services: z.record(z.string(), z.looseObject({})) });

/**
 * Whether what runs differs from the files only in the label that says which settings it has, so that a reload is enough.
 * Compose tells: its hash of the files with the container's label is then the container's hash.
 */
export async function differsBySettings(project: ComposeProject, container: Container): Promise<boolean> {
  const model = await project.model();
  const service = serviceOf(container);
  const reload = releaseFacts(model).reloads[service];
  const own = model.services[service];
  if (reload === undefined || own === undefined || container.State.Status !== "running") return false;
  const { label } = reload;
  const was = container.Config.Labels[label];
  if (was === undefined || own.labels[label] === undefined || own.labels[label] === was) return false;
  const [image] = await inspectImages(project.docker, [own.image ?? ""]);
  if (image?.Id !== container.Image) return false;
  const whole = parsedAnswer(await project.text(), WHOLE, "docker compose config");
  const kept = { ...whole.services[service], labels: { ...own.labels, [label]: escaped(was) } };
  const text = JSON.stringify({ ...whole, services: { ...whole.services, [service]: kept } });
  const hashes = await project.ofText(model.name, text).hashes();
  return hashes.get(service) === container.Config.Labels[LABEL.hash];
}

/**
 * Has a service that runs read its settings again, where the files say how. Nothing happens where nothing changed.
 *
 * @param redact takes the secrets out of what the service says
 * @throws OperateError `reload-failed`: it goes on with the settings that it had
 */
export async function reloadSettings(
  project: ComposeProject,
  service: string,
  redact: (text: string) => string,
): Promise<void> {
  const { command } = releaseFacts(await project.model()).reloads[service] ?? {};
  if (command === undefined) return;
  const { code, stderr, stdout } = await project.run(["exec", "--no-TTY", service, ...command]);
  if (code === 0) return;
  const said = redact(stderr || stdout)
    .trim()
    .split(/\r?\n/)
    .slice(-3)
    .join("\n    ");
  throw new OperateError({
    code: "reload-failed",
    path: service,
    reason: `does not take its new settings, and goes on with those that it had: ${said}`,
    fix: `correct them, and run this again; or recreate it: docker compose up -d --force-recreate ${service}`,
  });
}

/** Compose reads `$` in a text as the beginning of a variable. */
function escaped(text: string): string {
  return text.replaceAll("$", "$$$$");
}
