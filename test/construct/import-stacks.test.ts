import {
  App,
  ComposeFile,
  type Finding,
  Network,
  type NetworkProps,
  Overlay,
  Service,
  type ServiceProps,
  Volume,
  type VolumeProps,
} from "lamb-compose";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { answer } from "../conformance/ours";
import { recordedAnswer, type Stack, stacks } from "../conformance/stacks/stacks";

/** A plain overlay as a program writes it: what a file below has is changed, what is new is created. */
function overlayFrom(base: ComposeFile, text: string, fileName: string): void {
  const { services = {}, volumes = {}, networks = {}, ...others } = parse(text);
  expect(others).toEqual({});
  const overlay = new Overlay(base, fileName.replace(/\.ya?ml$/, ""), { fileName });
  for (const [name, spec] of Object.entries<ServiceProps>(services)) {
    const below = base.services.find((service) => service.name === name);
    if (below === undefined) new Service(overlay, name, spec);
    else overlay.change(below, spec);
  }
  for (const [name, spec] of Object.entries<VolumeProps | null>(volumes)) new Volume(overlay, name, spec ?? {});
  for (const [name, spec] of Object.entries<NetworkProps | null>(networks)) new Network(overlay, name, spec ?? {});
}

/** The stack with the files of `-f` as our constructs write them, and what the synthesis finds. */
function synthesized(stack: Stack): {
  stack: Stack;
  errors: readonly Finding[];
  services: number;
} {
  const [first = "", ...overlays] = stack.use;
  const app = new App();
  const file = new ComposeFile(app, stack.name, { fileName: first }).importYaml(stack.files[first] ?? "");
  for (const path of overlays) overlayFrom(file, stack.files[path] ?? "", path);
  const synthesis = app.synth();
  const { files, errors } = synthesis;
  expect([...files.keys()]).toEqual(stack.use);
  return {
    stack: { ...stack, files: { ...stack.files, ...Object.fromEntries(files) } },
    errors,
    services: file.services.length,
  };
}

describe("a real file that becomes constructs and a file again", () => {
  it.each(stacks().map((stack) => [stack.name, stack] as const))(
    "resolves as Compose resolves the first: %s",
    (_name, original) => {
      const { stack, errors, services } = synthesized(original);
      expect(services).toBeGreaterThan(1);
      expect(stack.files).not.toEqual(original.files);
      const compose = recordedAnswer(original).answer;
      const ours = answer(stack);
      expect(ours.error).toBeUndefined();
      expect(JSON.parse(ours.output ?? "")).toEqual(JSON.parse(compose.output ?? ""));
      // Logstash gets Kibana's port by extending it: the second of the two would not start.
      expect(errors.map(({ code }) => code)).toEqual(original.name === "elastic" ? ["port-conflict"] : []);
    },
  );
});
