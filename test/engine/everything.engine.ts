import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment } from "./deployment";
import { accepts, listening } from "./sockets";
import { everything } from "./stacks";

describeWith("docker-engine", "a stack with the library manager and models on the host", () => {
  let stack: Deployment;
  let before: string[];

  beforeAll(async () => {
    stack = await Deployment.create(everything);
    before = await listening();
    const { seconds } = await stack.up();
    console.log(`everything: healthy ${seconds.toFixed(1)} s after up`);
  });
  afterAll(() => stack?.remove());

  it("runs all of them: the template switches the profile on", async () => {
    expect(await stack.running()).toEqual(["kb", "lamb", "library-manager", "ollama", "openwebui"]);
  });

  it("shows neither of them to the host", async () => {
    const opened = (await listening()).filter((socket) => !before.includes(socket));
    expect(opened).toEqual(["tcp 127.0.0.1:8080", "tcp 127.0.0.1:9090", "tcp 127.0.0.1:9099"]);
    for (const port of [9091, 11434]) {
      expect(await accepts("127.0.0.1", port), `${port}`).toBe(false);
    }
  });

  it("lets LAMB alone reach the library manager, with the key that both have", async () => {
    expect(await stack.call("lamb", "GET", "/stand-in/reach")).toEqual({ openwebui: 200, kb: 200, library: 200 });
    for (const service of ["kb", "openwebui"]) {
      expect(await stack.call(service, "GET", "/stand-in/resolve?name=library-manager"), service).toBeNull();
    }
  });

  it("lets the services that ask models reach them, and no other", async () => {
    const found = { addresses: [expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/)] };
    for (const service of ["lamb", "kb", "openwebui"]) {
      expect(await stack.call(service, "GET", "/stand-in/resolve?name=ollama"), service).toEqual(found);
    }
    expect(await stack.call("library-manager", "GET", "/stand-in/resolve?name=ollama")).toBeNull();
  });

  it("runs the library manager without rights", async () => {
    const { stdout } = await stack.compose("exec", "--no-TTY", "library-manager", "id", "-u");
    expect(stdout.trim()).not.toBe("0");
  });
});
