import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, ComposeFile } from "lamb-compose";
import { afterAll, expect, it } from "vitest";
import { describeWith, run } from "../support/tools";

/** Files as people write them. */
const FILES: Readonly<Record<string, string>> = {
  wordpress: `
services:
  db:
    image: mariadb:10.6.4-focal
    command: '--default-authentication-plugin=mysql_native_password'
    volumes:
      - db_data:/var/lib/mysql
    restart: always
    environment:
      - MYSQL_ROOT_PASSWORD=somewordpress
      - MYSQL_DATABASE=wordpress
    expose: [3306, 33060]
  wordpress:
    image: wordpress:latest
    ports:
      - 80:80
      - "127.0.0.1:8443:443/tcp"
    restart: always
    environment:
      - WORDPRESS_DB_HOST=db
    depends_on: [db]
volumes:
  db_data:
`,
  anchors: `
x-logging: &logging
  driver: json-file
  options: {max-size: 10m, max-file: "3"}
x-env: &env
  TZ: Europe/Madrid
  YES: "yes"
  OCTAL: "0755"
  SEX: "22:22"
services:
  api:
    image: ghcr.io/example/api:\${TAG:-1.2}
    environment:
      <<: *env
      DEBUG: null
      EMPTY: ""
      RATIO: 1.50
      BIG: 1e3
      ON: true
    logging: *logging
    healthcheck:
      test: ["CMD-SHELL", "curl -f http://localhost:\${PORT:-8000}/health || exit 1; echo $$HOME"]
      interval: 1m30s
      retries: 3
    deploy:
      replicas: 2
      resources:
        limits: {cpus: '0.50', memory: 50M}
        reservations:
          devices: [{driver: nvidia, count: all, capabilities: [gpu]}]
  worker:
    image: ghcr.io/example/api:\${TAG:-1.2}
    environment: *env
    logging: *logging
    depends_on:
      api: {condition: service_healthy, restart: true}
    profiles: [background]
`,
  everything: `
name: everything
services:
  web:
    build:
      context: ./web
      dockerfile: Dockerfile.prod
      args: {A: "1", B: }
      target: run
    image: web
    configs:
      - source: settings
        target: /etc/settings
        mode: 0440
    secrets: [token]
    networks:
      front: {aliases: [www]}
      back: {ipv4_address: 172.28.5.10}
    extra_hosts: ["host.docker.internal:host-gateway"]
    sysctls: {net.core.somaxconn: 1024}
    ulimits: {nproc: 65535, nofile: {soft: 20000, hard: 40000}}
    tmpfs: /run
    volumes:
      - type: bind
        source: ./static
        target: /srv
        read_only: true
      - cache:/cache:ro
      - ./x:/x
    labels:
      traefik.http.routers.web.rule: Host(\`example.org\`) && PathPrefix(\`/\`)
      multi: |
        first
          second

        third
      folded: >-
        one
        two
    entrypoint: ["/bin/sh", "-c"]
    command: |
      set -e
      exec web
    stop_grace_period: 1m
    user: "1000:1000"
networks:
  front:
  back:
    driver: bridge
    ipam:
      config: [{subnet: 172.28.0.0/16}]
volumes:
  cache: {driver_opts: {type: tmpfs, device: tmpfs, o: "size=100m,uid=1000"}}
configs:
  settings:
    content: |
      debug = \${DEBUG:-false}
secrets:
  token: {environment: TOKEN}
`,
};

const directory = mkdtempSync(join(tmpdir(), "lamb-compose-round-trip-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** What Compose reads in a text, in the directory of all of them. */
function config(text: string, name: string): unknown {
  const path = join(directory, name);
  writeFileSync(path, text);
  const words = [
    "compose",
    "--project-directory",
    directory,
    "-p",
    "p",
    "--profile",
    "*",
    "-f",
    path,
    "config",
    "--format",
    "json",
  ];
  const { status, stdout, stderr } = run("docker", words, { env: { TOKEN: "t" } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining("error") });
  return JSON.parse(stdout);
}

describeWith("docker-compose", "a file that becomes constructs and a file again", () => {
  it.each(Object.entries(FILES))("is the same to Compose: %s", (name, text) => {
    const app = new App();
    new ComposeFile(app, name).importYaml(text);
    const { files, errors } = app.synth();
    expect(errors).toEqual([]);
    const [written = ""] = files.values();
    expect(config(written, `${name}.synthesized.yaml`)).toEqual(config(text, `${name}.yaml`));
  });
});
