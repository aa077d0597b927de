import { expect, test } from "vitest";
import { parsePorts } from "../../../lib/compose/types/ports";

/** What `docker compose config` 2.40.3 answers for one entry of `ports`. */
const accepted: [string, object[]][] = [
  ["80", [{ target: 80, protocol: "tcp" }]],
  ["080", [{ target: 80, protocol: "tcp" }]],
  ["8080:80", [{ target: 80, published: "8080", protocol: "tcp" }]],
  ["8080-8090:80", [{ target: 80, published: "8080-8090", protocol: "tcp" }]],
  ["127.0.0.1:8080:80/udp", [{ target: 80, published: "8080", host_ip: "127.0.0.1", protocol: "udp" }]],
  ["127.0.0.1::80", [{ target: 80, host_ip: "127.0.0.1", protocol: "tcp" }]],
  [":80", [{ target: 80, protocol: "tcp" }]],
  ["[::1]:80:80", [{ target: 80, published: "80", host_ip: "::1", protocol: "tcp" }]],
  ["[1.2.3.4]:80:80", [{ target: 80, published: "80", host_ip: "1.2.3.4", protocol: "tcp" }]],
  ["[]:80:80", [{ target: 80, published: "80", protocol: "tcp" }]],
  ["80/TCP/udp", [{ target: 80, protocol: "tcp" }]],
];

test.each(accepted)("%s", (spec, ports) => {
  expect(parsePorts(spec)).toEqual(ports);
});

test("a range of targets comes in the order of the text port/protocol", () => {
  expect(parsePorts("98-101").map((port) => port.target)).toEqual([100, 101, 98, 99]);
  expect(parsePorts("1098-1100:98-100").map((port) => port.published)).toEqual(["1100", "1098", "1099"]);
});

const refused: [string, string][] = [
  ["", "No port specified: <empty>"],
  ["8080:", "No port specified: 8080:<empty>"],
  ["/tcp", "No port specified: /tcp<empty>"],
  ["80/foo", "Invalid proto: foo"],
  ["x:80", "Invalid hostPort: x"],
  ["80:x", "Invalid containerPort: x"],
  ["70000", "Invalid containerPort: 70000"],
  ["1.2.3.04:80:80", "Invalid ip address: 1.2.3.04"],
  ["[fe80::1%eth0]:80:80", "Invalid ip address: fe80::1%eth0"],
  ["::1:80:80", "Invalid ip address ::1: address ::1:: too many colons in address"],
  ["a:1:2:80", "Invalid ip address a:1: address a:1:: too many colons in address"],
  ["[::1]x:80:80", "Invalid ip address [::1]x: address [::1]x:: missing port in address"],
  ["[::1:80:80", "Invalid ip address [::1: address [::1:: missing ']' in address"],
  ["[[::1]:80:80", "Invalid ip address [[::1]: address [[::1]:: unexpected '[' in address"],
  ["99-101:99-100", "Invalid ranges specified for container and host Ports: 99-100 and 99-101"],
  ["1:99-101", "Invalid ranges specified for container and host Ports: 99-101 and 1"],
];

test.each(refused)("%j is refused", (spec, message) => {
  expect(() => parsePorts(spec)).toThrow(message);
});
