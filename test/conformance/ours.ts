import { ComposeError, listVariables, type Project, type ResolveOptions, resolve, STANDARD, type Version } from "../../lib/compose";
import { join } from "../../lib/compose/loader/paths";
import { type Answer, type Case, FLAGS, HOME, PROJECT, usedFiles } from "./case";

function optionsOf(question: Case, compose: Version): ResolveOptions {

  const { files, env, envFiles, profiles, services, projectName, projectDirectory, flags } = question;
  const contents = new Map(Object.entries(files).map(([path, content]) => [join(PROJECT, path), content]));
  const directories = new Set([...contents.keys()].flatMap(parents));
  return {
    compose,
    workingDirectory: PROJECT,
    read: (path) => contents.get(path),
    isDirectory: (path) => directories.has(path),
    environment: { HOME, PWD: PROJECT, ...env },
    ...(envFiles === undefined ? {} : { envFiles }),
    ...(profiles === undefined ? {} : { profiles }),
    ...(services === undefined ? {} : { services }),
    ...(projectName === undefined ? {} : { projectName }),
    ...(projectDirectory === undefined ? {} : { projectDirectory }),
    ...Object.assign({}, ...(flags ?? []).map((flag) => FLAGS[flag])),
  };
}

function parents(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index).join("/") || "/");
}

const LISTS: Readonly<Record<string, (project: Project) => readonly string[]>> = {
  "--services": (project) => project.services,
  "--volumes": (project) => project.volumes,
  "--networks": (project) => project.networks,
  "--images": (project) => project.images,
  "--profiles": (project) => project.profiles,
};

function output(question: Case, warnings: string[], compose: Version): string {
  const paths = usedFiles(question);
  const options = { ...optionsOf(question, compose), warn: (message: string) => warnings.push(message) };
  if (question.flags?.includes("--variables")) {
    const variables = [...listVariables(paths, options)].map(([key, { name, required, defaultValue, presenceValue }]) => [
      key,
      { Name: name, DefaultValue: defaultValue, PresenceValue: presenceValue, Required: required },
    ]);
    return JSON.stringify(Object.fromEntries(variables));
  }
  const project = resolve(paths, options);
  const list = question.flags?.map((flag) => LISTS[flag]).find((found) => found !== undefined);
  if (list !== undefined) return [...list(project), ""].join("\n");
  return question.format === "yaml" ? project.toYaml() : project.toJson();
}

/** Asks this library. Anything else than a ComposeError is a defect and goes through. */
export function answer(question: Case, compose: Version = STANDARD): Answer {
  const warnings: string[] = [];
  try {
    return { output: output(question, warnings, compose), warnings };
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    return { error: error.message, warnings };
  }
}
