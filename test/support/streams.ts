import { afterEach, beforeEach, vi } from "vitest";

/** What the code of a test writes to the streams of its process, which keeps its exit code. */
export function capturedStreams(): { stdout: string; stderr: string } {
  const streams = { stdout: "", stderr: "" };
  let exitCode: typeof process.exitCode;
  beforeEach(() => {
    exitCode = process.exitCode;
    for (const name of ["stdout", "stderr"] as const) {
      streams[name] = "";
      vi.spyOn(process[name], "write").mockImplementation((text) => {
        streams[name] += String(text);
        return true;
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = exitCode;
  });
  return streams;
}
