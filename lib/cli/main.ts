#!/usr/bin/env node
import { keepCompiledCode } from "./compile-cache";
import { isConfig } from "./config-words";

// What a command needs is loaded for that command: most of the time of a short one is reading code.
keepCompiledCode();
const words = process.argv.slice(2);
if (isConfig(words)) {
  const { showConfig } = await import("./config-command");
  await showConfig(words);
} else {
  const { runProgram } = await import("./program");
  await runProgram(words);
}
