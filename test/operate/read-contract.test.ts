import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { App } from "../../lib/construct/app";
import type { EnvContract } from "../../lib/construct/env-contract";
import { BackendAlias } from "../../lib/lamb/backend-alias";
import { CaddyOverlay } from "../../lib/lamb/caddy-overlay";
import { GpuOverlay } from "../../lib/lamb/gpu-overlay";
import { LambStack } from "../../lib/lamb/lamb-stack";
import { LibraryManager } from "../../lib/lamb/library-manager";
import { Ollama } from "../../lib/lamb/ollama";
import { LambRelease } from "../../lib/lamb/release";
import { contractOfFiles } from "../../lib/operate/env/read-contract";

interface Both {
  readonly program: EnvContract;
  readonly files: EnvContract;
}

/** What a program says its deployment takes, and what is read back from the files that it writes. */
function bothOf(build: (stack: LambStack) => void, release = "0.6", profiles: readonly string[] = []): Both {
  const app = new App();
  const stack = new LambStack(app, "next", { release: new LambRelease(release) });
  build(stack);
  const synthesis = app.synth().assertValid();
  const program = stack.env.contract(synthesis.context);
  const files = program.files.map(({ fileName, chosen }) => {
    return { fileName, text: synthesis.files.get(fileName) ?? "", chosen };
  });
  return { program, files: contractOfFiles(files, profiles) };
}

/** A release makes its type anew each time, so that types are compared by their source. */
function comparable(contract: EnvContract): unknown {
  const variables = contract.variables.map(({ type, ...variable }) => ({ ...variable, type: String(type) }));
  return { ...contract, variables };
}

describe("the contract that is read from files", () => {
  it.each<[string, Both]>([
    ["the base", bothOf(() => undefined)],
    ["the prod example", bothOf((stack) => void new CaddyOverlay(stack, "prod"))],
    ["own certificates", bothOf((stack) => void new CaddyOverlay(stack, "prod", { tls: { kind: "certificate" } }))],
    ["the internal authority", bothOf((stack) => void new CaddyOverlay(stack, "prod", { tls: { kind: "internal" } }))],
    [
      "everything",
      bothOf(
        (stack) => {
          new BackendAlias(stack.lamb);
          new LibraryManager(stack);
          new Ollama(stack);
          new GpuOverlay(stack);
          new CaddyOverlay(stack, "prod");
        },
        "0.7",
        ["ollama"],
      ),
    ],
  ])("is that of the program: %s", (_, { program, files }) => {
    expect(program.variables.length).toBeGreaterThan(40);
    expect(comparable(files)).toStrictEqual(comparable(program));
  });
});
