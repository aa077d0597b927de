import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CaddyOverlay, LambStack, OuterProxy } from "lamb-compose";
import { synthesize } from "lamb-compose/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { describeWith, run } from "../support/tools";

const { files } = synthesize((app) => {
  const stack = new LambStack(app, "next");
  const tls = { kind: "proxied", trustedProxies: ["private_ranges"] } as const;
  new CaddyOverlay(stack, "prod", { tls, ports: { http: 8081 } });
  new OuterProxy(stack, "proxy", { port: 8081, maxBodyBytes: 5_000_000 });
}).assertValid();
const textOf = (name: string) => files.get(`proxy/${name}`) ?? "";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lamb-compose-proxy-"));
  mkdirSync(join(folder, "logs"));
  for (const name of ["nginx.conf", "apache.conf"]) writeFileSync(join(folder, name), textOf(name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the settings of a proxy before Caddy", () => {
  it.each(["nginx.conf", "apache.conf", "traefik.yaml"])("lead to Caddy's port, and drop who a user is: %s", (name) => {
    expect(textOf(name)).toMatch(/http:\/\/127\.0\.0\.1:8081/);
    for (const header of ["X-User-Email", "X-User-Name"]) {
      expect(textOf(name)).toMatch(new RegExp(`(unset ${header} early|${header}:? "")`));
    }
  });

  it("are YAML for Traefik, whose templates fill in the names", () => {
    const filled = textOf("traefik.yaml").replaceAll(/\{\{ env "(\w+)" \}\}/g, "$1");
    const { routers, middlewares } = parse(filled).http;
    expect(routers.lamb.rule).toBe("Host(`LAMB_PUBLIC_HOST`) || Host(`OWI_PUBLIC_HOST`)");
    expect(Object.keys(middlewares)).toEqual(routers.lamb.middlewares);
    // A file of this kind cannot lengthen the minute that an upload may take.
    expect(textOf("traefik.yaml")).toContain("websecure.transport.respondingTimeouts.readTimeout: 900s");
  });
});

it.each([
  [undefined, 501 * 2 ** 20],
  [800 * 2 ** 20, 800 * 2 ** 20],
])("lets through what the stack's Caddy does, before or after it: %s", (maxBodyBytes, bytes) => {
  const site = maxBodyBytes === undefined ? {} : { maxBodyBytes };
  const tls = { kind: "proxied", trustedProxies: ["private_ranges"] } as const;
  for (const isFirst of [true, false]) {
    const made = synthesize((app) => {
      const stack = new LambStack(app, "next");
      if (isFirst) new OuterProxy(stack, "proxy");
      new CaddyOverlay(stack, "prod", { tls, site });
      if (!isFirst) new OuterProxy(stack, "proxy");
    }).assertValid();
    expect(made.files.get("proxy/nginx.conf")).toContain(`client_max_body_size ${bytes};`);
    expect(made.files.get("proxy/apache.conf")).toContain(`LimitRequestBody ${bytes}\n`);
  }
});

describeWith("nginx", "nginx", () => {
  // nginx -t -p FOLDER -c main.conf
  it("takes them, within a server block", () => {
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${folder};`,
    );
    const main = `pid ${folder}/pid; error_log stderr; events {}
http { access_log off; ${temporary.join(" ")} server { listen 127.0.0.1:18443; server_name lamb.test; include ${folder}/nginx.conf; } }\n`;
    writeFileSync(join(folder, "main.conf"), main);
    const { status, stderr } = run("nginx", ["-t", "-p", folder, "-c", join(folder, "main.conf")]);
    expect(status, stderr).toBe(0);
  });
});

describeWith("apache", "Apache", () => {
  // apache2 -t -f main.conf
  it("takes them, within a VirtualHost", () => {
    const modules = "mpm_event authz_core headers proxy proxy_http".split(" ").map((name) => {
      return `LoadModule ${name}_module ${process.env.APACHE_MODULES ?? "/usr/lib/apache2/modules"}/mod_${name}.so`;
    });
    const host = `<VirtualHost 127.0.0.1:18444>\nServerName lamb.test\nInclude ${folder}/apache.conf\n</VirtualHost>`;
    const main = `ServerRoot ${folder}\nServerName lamb.test\nErrorLog ${folder}/logs/error\nListen 127.0.0.1:18444\n`;
    writeFileSync(join(folder, "apache-main.conf"), `${main}${modules.join("\n")}\n${host}\n`);
    const { status, stderr } = run("apache2", ["-t", "-f", join(folder, "apache-main.conf")]);
    expect(status, stderr).toBe(0);
  });
});
