import { App, ComposeFile, type ComposeFileProps, type Finding, type Synthesis } from "lamb-compose";
import { expect } from "vitest";
import { parse } from "yaml";

/** A program with one file, `docker-compose.next.yaml`, whose construct has the path `next`. */
export function program(props: ComposeFileProps = {}): { app: App; file: ComposeFile } {
  const app = new App();
  return { app, file: new ComposeFile(app, "next", props) };
}

/** The text of a file of the result: the first one, unless another is named. */
export function textOf(app: App, path?: string): string {
  const { files } = app.synth();
  const name = path ?? [...files.keys()][0] ?? "";
  return files.get(name) ?? expect.fail(`there is no file ${name}`);
}

/** A file of the result as npm's yaml reads it. */
export function dataOf(app: App, path?: string): ReturnType<typeof parse> {
  return parse(textOf(app, path), { logLevel: "error" });
}

/** One service of a file of the result, as npm's yaml reads it. */
export function serviceIn(app: App, name: string, path?: string): ReturnType<typeof parse> {
  return dataOf(app, path).services[name];
}

/** The codes of the findings, in order. */
export function codesOf(result: App | Synthesis): string[] {
  return ("synth" in result ? result.synth() : result).findings.map(({ code }) => code);
}

/** The only finding of a code. */
export function findingOf(app: App, code: string): Finding {
  const found = app.synth().findings.filter((finding) => finding.code === code);
  expect(found.map((finding) => finding.code)).toEqual([code]);
  return found[0] ?? expect.fail();
}

/** What a function throws. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return expect.fail("it throws nothing");
}

/** An object and everything in it, unchangeable. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Reflect.ownKeys(value)) deepFreeze(Reflect.get(value, key));
  }
  return value;
}
