import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith, run } from "../../support/tools";
import { ask, type Files, inFolder, type Model, model, modelOf, service } from "../compose";
import { DEPLOYMENTS, lamb } from "../deployments";
import * as property from "../properties";
import { FAULTY, FAULTY_ENV, FAULTY_PROD } from "./faulty";
import { type Front, startFront } from "./front";

const OURS = lamb({ prod: true }).files;
const NAME = "Caddyfile.next";

describeWith("caddy", "defects of the public face, tried on Caddy", () => {
  let ours: Front | undefined;
  let faulty: Front | undefined;
  beforeAll(async () => {
    ours = await startFront(OURS.get(`caddy/${NAME}`) ?? "");
    faulty = await startFront(FAULTY.get(NAME) ?? "");
  });
  afterAll(async () => {
    await ours?.stop();
    await faulty?.stop();
  });

  /** What each of the two says to a request. */
  const both = async (...request: Parameters<Front["ask"]>) => {
    if (ours === undefined || faulty === undefined) throw new Error("not started");
    return { ours: await ours.ask(...request), faulty: await faulty.ask(...request) };
  };

  it.each([
    ["POST", "/lamb/v1/lti/launch"],
    ["GET", "/lamb/v1/completions/list"],
    ["GET", "/lamb/v1/mcp/status"],
  ])("defect 17: LAMB gets its own paths as they are: %s %s", async (method, path) => {
    const answers = await both("lamb", path, { method });
    expect(answers.ours.received).toMatchObject({ service: "lamb", method, url: path });
    expect(answers.faulty.received?.url).toBe(path.replace("/lamb", ""));
  });

  it.each(["X-User-Email", "x-user-email", "X-USER-EMAIL", "X-User-Name"])(
    "defect 18: nobody can say who he is by a header: %s",
    async (header) => {
      const headers = { [header]: "admin@campus.test" };
      const answers = await both("openwebui", "/api/v1/auths/signin", { method: "POST", headers });
      expect(answers.ours.received).toMatchObject({ service: "openwebui", url: "/api/v1/auths/signin" });
      expect(Object.values(answers.ours.received?.headers ?? {})).not.toContain("admin@campus.test");
      expect(answers.faulty.received?.headers[header.toLowerCase()]).toBe("admin@campus.test");
    },
  );

  it.each(["/kb/collections", "/kb/docs", "/kb/health", "/kb/database/status"])(
    "defect 24: the knowledge base's API is not public: %s",
    async (path) => {
      const answers = await both("lamb", path);
      expect(answers.ours).toMatchObject({ status: 404 });
      expect(answers.ours.received).toBeUndefined();
      expect(answers.faulty.received?.service).toBe("kb");
    },
  );

  it("defect 24: links to its files are", async () => {
    const { ours: answer } = await both("lamb", "/kb/static/a/b.pdf");
    expect(answer.received).toMatchObject({ service: "kb", url: "/static/a/b.pdf" });
  });

  it("defect 25: the way from Open WebUI's old place leads to the same page on its host", async () => {
    const answers = await both("lamb", "/openwebui/c/1?model=a");
    expect([301, 308]).toContain(answers.ours.status);
    expect(answers.ours.headers.location).toBe(`https://http://${ours?.hosts.openwebui}/c/1?model=a`);
    expect(answers.faulty.headers.location).toContain("/openwebui/c/1");
  });

  it.each(["lamb", "openwebui"] as const)(
    "defect 26: browsers are told to stay with HTTPS and types: %s",
    async (host) => {
      const answers = await both(host, "/");
      expect(answers.ours.headers["strict-transport-security"]).toMatch(/^max-age=\d{7,}/);
      expect(answers.ours.headers["x-content-type-options"]).toBe("nosniff");
      expect(answers.ours.headers["content-security-policy"]).toContain("frame-ancestors");
      expect(answers.faulty.headers["strict-transport-security"]).toBeUndefined();
    },
  );

  it("defect 26: a request has a largest size, and a time in which its headers arrive", () => {
    const env = { LAMB_PUBLIC_HOST: "lamb.test", OWI_PUBLIC_HOST: "chat.test", CADDY_EMAIL: "it@campus.test" };
    const words = ["adapt", "--adapter", "caddyfile", "--config"];
    const adapted = (files: Files) =>
      inFolder(files, (folder) =>
        run("caddy", [...words, `${folder}/${[...files.keys()].find((path) => path.endsWith(NAME))}`], { env }),
      ).stdout;
    const limits = (files: Files) => adapted(files).match(/"(max_size|read_header_timeout|idle_timeout)"/g) ?? [];
    expect(new Set(limits(OURS))).toEqual(new Set(['"max_size"', '"read_header_timeout"', '"idle_timeout"']));
    expect(adapted(FAULTY)).toContain('"handler":"reverse_proxy"');
    expect(limits(FAULTY)).toEqual([]);
  });
});

describeWith("docker-compose", "defects of the public face, tried on Compose", () => {
  const faulty = modelOf(FAULTY, { files: FAULTY_PROD, env: FAULTY_ENV });
  const deployments = DEPLOYMENTS.filter(([, { prod }]) => prod).map(([name, parts]): [string, Model] => [
    name,
    model(lamb(parts)),
  ]);

  /** Ports that are not Caddy's. */
  const besideCaddy = (merged: Model) => property.publishedPorts(merged).filter((port) => !port.startsWith("caddy "));

  it.each(deployments)("defect 19: nothing is published but the public face: %s", (_, merged) => {
    expect(besideCaddy(merged)).toEqual([]);
    expect(besideCaddy(faulty)).toHaveLength(4);
  });

  it.each(deployments)("defect 20: browsers are sent to the public names only: %s", (_, merged) => {
    expect(property.localAddresses(merged)).toEqual([]);
    const { environment } = service(merged, "lamb");
    for (const name of ["LAMB_WEB_HOST", "LAMB_PUBLIC_BASE_URL", "LAMB_FRONTEND_LAMB_SERVER"]) {
      expect(environment[name]).toBe("https://lamb.campus.example");
    }
    for (const name of ["OWI_PUBLIC_BASE_URL", "LAMB_FRONTEND_OPENWEBUI_SERVER"]) {
      expect(environment[name]).toBe("https://chat.campus.example");
    }
    expect(service(merged, "kb").environment.HOME_URL).toBe("https://lamb.campus.example/kb");
    expect(service(merged, "openwebui").environment.WEBUI_URL).toBe("https://chat.campus.example");
  });

  it("defect 20: local addresses behind the public names are seen", () => {
    expect(property.localAddresses(faulty)).toEqual(["kb HOME_URL", "lamb LAMB_WEB_HOST"]);
  });

  it("defect 20: what an old .env says of local addresses has no effect behind the public names", () => {
    const env = {
      LAMB_WEB_HOST: "http://localhost:9099",
      OWI_PUBLIC_BASE_URL: "http://localhost:8080",
      KB_HOME_URL: "http://localhost:9090",
      LAMB_FRONTEND_LAMB_SERVER: "http://localhost:9099",
    };
    expect(property.localAddresses(model(lamb({ prod: true }), { env }))).toEqual([]);
  });

  it.each(["LAMB_PUBLIC_HOST", "OWI_PUBLIC_HOST", "CADDY_EMAIL"])(
    "defect 21: nobody starts with a name that is not his: %s",
    (name) => {
      const config = (files: Files, env: Readonly<Record<string, string>>) =>
        ask(files, ["config", "--quiet"], { files: FAULTY_PROD, env: { ...env, [name]: "" } });
      const { status, stderr } = config(OURS, {});
      expect(status).not.toBe(0);
      expect(stderr).toContain(`required variable ${name} is missing a value: set it in .env`);
      expect(config(FAULTY, FAULTY_ENV).status).toBe(0);
    },
  );

  it.each(deployments)("defect 22: Caddy waits until the services can work, and says when it can: %s", (_, merged) => {
    expect(service(merged, "caddy").depends_on).toEqual({
      kb: { condition: "service_healthy", required: true },
      lamb: { condition: "service_healthy", required: true },
      openwebui: { condition: "service_healthy", required: true },
    });
    expect(property.withoutReadiness(merged)).toEqual([]);
  });

  it("defect 22: what does not wait is seen", () => {
    expect(property.unhealthyDependencies(faulty)).toEqual(expect.arrayContaining(["caddy lamb service_started"]));
    expect(property.withoutReadiness(faulty)).toContain("caddy");
  });

  it.each(deployments)(
    "defect 23: the Caddyfile is mounted by no path that Docker would make a folder of: %s",
    (_, merged) => {
      expect(property.mountsOfTheHost(merged)).toEqual([]);
      expect(service(merged, "caddy").volumes[0]).toMatchObject({ type: "bind", target: "/etc/caddy" });
      expect(property.mountsOfTheHost(faulty)).toHaveLength(1);
    },
  );

  it.each(deployments)("defect 26: HTTP/3 has its port: %s", (_, merged) => {
    expect(property.publishedPorts(merged)).toContain("caddy *:443->443/udp");
    expect(property.publishedPorts(faulty)).not.toContain("caddy *:443->443/udp");
  });
});
