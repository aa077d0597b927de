import { expect, it } from "vitest";
import type { MigrationPlan } from "../../../lib/operate/migrate/plan";
import { formatMigration } from "../../../lib/operate/migrate/text";

const PLAN: MigrationPlan = {
  from: "/opt/lamb",
  kind: "checkout",
  project: "lamb",
  release: "0.7",
  places: [
    {
      holds: "LAMB's database",
      from: "/opt/lamb",
      kind: "bind",
      to: "lamb-data",
      files: 2,
      bytes: 520_000,
      databases: { "lamb_v4.db": 38 },
      links: [
        ["inside", "there", null],
        ["out\u001b[2J", "/mnt/x", "/mnt/x"],
      ],
      owners: { "0": 2 },
      private: 1,
      other: ["socket"],
      unread: [],
    },
  ],
  left: [{ holds: "the library and its database", volume: "library-manager-data", release: "0.7", isOut: false }],
  bytes: 520_000,
  free: 72_200_000_000,
  variables: [
    { file: ".env", name: "LTI_SECRET", fate: "kept", to: "LTI_SECRET" },
    { file: ".env", name: "LAMB_WEB_HOST", fate: "renamed", to: "LAMB_PUBLIC_HOST" },
    { file: ".env", name: "LAMB_BEARER_TOKEN", fate: "replaced", to: "LAMB_BEARER_TOKEN", why: "is public" },
  ],
  unreadable: [".env:7"],
  needed: [
    { name: "OWI_PUBLIC_HOST", meaning: "host name of Open WebUI", secret: false },
    { name: "SOME_KEY", meaning: "a key", secret: true },
  ],
  frozen: [
    {
      holds: "files in chats",
      place: "openwebui-data/webui.db: file.path",
      changed: 2,
      right: 1,
      lost: 1,
      from: { "/opt/lamb/open-webui": 2 },
      missing: ["/opt/lamb/gone.txt"],
      elsewhere: { "http://kb2:9090": 1 },
    },
    { holds: "nothing", place: "x", changed: 0, right: 3, lost: 0, from: {}, missing: [], elsewhere: {} },
  ],
  addresses: ["https://lamb.uni.edu"],
  lms: [{ holds: "LTI activities", rows: 3, address: "/lamb/v1/lti/launch" }],
  running: ["lamb-backend-1"],
  returning: ["lamb-backend-1"],
  holders: ["python3 (17)"],
  prefix: "LAMB_",
};

it("a plan is a text that names everything once, and that a terminal does not obey", () => {
  expect(formatMigration(PLAN)).toBe(`/opt/lamb: a checkout with data in folders, project lamb; to LAMB 0.7
0.5 MB of data; 72.2 GB are free
  LAMB's database: /opt/lamb -> lamb-data: 2 files, 0.5 MB, of user 0
    lamb_v4.db: 38 rows
    link inside -> there
    link out\\u001b[2J -> /mnt/x: what it leads to is copied, if it is there
    socket is no file, and stays behind
has no place in this release: choose another one, or leave it behind with --leave
  the library and its database (library-manager-data): --release 0.7 has a place for it, but is not out yet
runs, and is stopped
  lamb-backend-1
the engine starts these again when it starts itself; \`docker update --restart no\` ends that
  lamb-backend-1
programs outside of Docker that must be stopped first
  python3 (17)
variables
  kept: LTI_SECRET
  kept under another name
    .env: LAMB_WEB_HOST -> LAMB_PUBLIC_HOST
  not taken: a new value, or the default, takes its place
    .env: LAMB_BEARER_TOKEN: is public
lines of .env that nobody can read
  .env:7
names old places, and is rewritten in the copy
  files in chats (openwebui-data/webui.db: file.path): 2
    2 from /opt/lamb/open-webui
    1 name another service, http://kb2:9090, and stay
    1 name what is not there, and stay: /opt/lamb/gone.txt
public addresses so far
  https://lamb.uni.edu
an LMS has addresses of it
  3 LTI activities: …/lamb/v1/lti/launch
  behind LAMB's own Caddyfile they began with /lamb/lamb/: with --old-lti these work, too
still needed
  --set OWI_PUBLIC_HOST=…: host name of Open WebUI
  --set-from-stdin SOME_KEY: a key`);
});
