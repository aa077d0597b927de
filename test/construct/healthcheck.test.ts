import { EnvVar, Healthcheck, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { describeWith, dockerCompose } from "../support/tools";
import { codesOf, program, serviceIn, textOf } from "./support";

const TIMING = { interval: "30s", timeout: "5s", retries: 3, start_period: "60s", start_interval: "500ms" };

describe("a healthcheck by the tool of the image", () => {
  it.each([
    [
      "curl",
      Healthcheck.curl("http://localhost/$x"),
      ["CMD", "curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://localhost/$$x"],
    ],
    ["wget", Healthcheck.wget("http://localhost/"), ["CMD", "wget", "-q", "-O", "/dev/null", "http://localhost/"]],
    ["python", Healthcheck.python("print('$')"), ["CMD", "python", "-c", "print('$$')"]],
    ["a program", Healthcheck.command(["pg_isready", "$U"]), ["CMD", "pg_isready", "$$U"]],
    ["a shell", Healthcheck.shell('test "$A" = "$(cat b)"'), ["CMD-SHELL", 'test "$$A" = "$$(cat b)"']],
  ])("asks by %s, and its $ is the container's", (_, healthcheck, test) => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1", healthcheck });
    expect(serviceIn(app, "web").healthcheck).toEqual({ test, ...TIMING });
    expect(codesOf(app)).toEqual([]);
  });

  it("takes other times, and none is the image's own switched off", () => {
    const { app, file } = program();
    new Service(file, "web", {
      image: "x:1",
      healthcheck: Healthcheck.curl("http://a", { interval: "1m", retries: 9 }),
    });
    new Service(file, "api", { image: "x:1", healthcheck: Healthcheck.none() });
    expect(serviceIn(app, "web").healthcheck).toMatchObject({ ...TIMING, interval: "1m", retries: 9 });
    expect(serviceIn(app, "api").healthcheck).toEqual({ disable: true });
  });

  it("keeps a variable of the deployment in its address", () => {
    const { app, file } = program();
    const port = new EnvVar("PORT", { meaning: "the port", default: 80 });
    new Service(file, "web", { image: "x:1", healthcheck: Healthcheck.wget(`http://localhost:${port}/$x`) });
    expect(serviceIn(app, "web").healthcheck.test.at(-1)).toBe("http://localhost:${PORT:-80}/$$x");
  });
});

describeWith("docker-compose", "to Compose", () => {
  it("a probe is the text that the program gave", () => {
    const { app, file } = program({ name: "p" });
    const line = 'a=$1; [ "$LAMB_API_KEY" = "${B:-c}" ] && echo $$ $';
    new Service(file, "web", { image: "x:1", healthcheck: Healthcheck.shell(line) });
    const answer = dockerCompose(["-f", "-", "config", "--format", "json"], { input: textOf(app) });
    expect(answer.stderr).toBe("");
    // `config` writes what could be interpolated again.
    expect(JSON.parse(answer.stdout).services.web.healthcheck.test[1].replaceAll("$$", "$")).toBe(line);
  });
});
