import { expect, it } from "vitest";
import { directive } from "../../../lib/lamb/caddy/model";
import { lambCaddyfile } from "../../../lib/lamb/caddy/routes";
import { describeWith, run } from "../../support/tools";
import { freePorts, LAMB_HOST, OWI_HOST, spawnCaddy } from "./face";

/** What Caddy answers to `curl -i`: its status, and where it leads. */
function asked(scheme: string, host: string, port: number, path: string) {
  const to = ["--resolve", `${host}:${port}:127.0.0.1`, `${scheme}://${host}:${port}${path}`];
  const { stdout } = run("curl", ["--silent", "--insecure", "--include", "--max-time", "20", ...to]);
  return [/^HTTP\S+ (\d+)/.exec(stdout)?.[1], /^location: (\S+)/im.exec(stdout)?.[1]];
}

/** A Caddy on other ports than 80 and 443, with one host name for both or two. */
async function onPorts(names: "one" | "two", ask: (ports: readonly [number, number, number]) => void): Promise<void> {
  const [http = 0, https = 0, second = 0] = await freePorts(3);
  const file = lambCaddyfile({
    lambHost: `${LAMB_HOST}:${https}`,
    openWebUiHost: names === "one" ? `${LAMB_HOST}:${second}` : `${OWI_HOST}:${https}`,
    tls: { kind: "internal" },
    ports: { http, https },
    timeouts: { hold: "1s" },
  });
  const own = [directive("admin", ["off"]), directive("default_bind", ["127.0.0.1"])];
  const caddy = await spawnCaddy({ ...file, globals: [...own, ...file.globals] });
  try {
    ask([http, https, second]);
  } finally {
    await caddy.stop();
  }
}

describeWith("caddy", "other ports", () => {
  it("are in every address to which Caddy leads, with one host name", async () => {
    await onPorts("one", ([http, https, second]) => {
      const [lamb, chat] = [`https://${LAMB_HOST}:${https}`, `https://${LAMB_HOST}:${second}`];
      expect(asked("http", LAMB_HOST, http, "/x?y=1")).toEqual(["308", `${lamb}/x?y=1`]);
      expect(asked("https", LAMB_HOST, https, "/openwebui/c")).toEqual(["308", `${chat}/c`]);
      expect(asked("https", LAMB_HOST, second, "/auth")).toEqual(["302", `${lamb}/`]);
    });
  });

  it("are in every address to which Caddy leads, with two", async () => {
    await onPorts("two", ([http, https]) => {
      expect(asked("http", OWI_HOST, http, "/c")).toEqual(["308", `https://${OWI_HOST}:${https}/c`]);
      expect(asked("http", LAMB_HOST, http, "/x")).toEqual(["308", `https://${LAMB_HOST}:${https}/x`]);
    });
  });
});
