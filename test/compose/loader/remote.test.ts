import { expect, it } from "vitest";
import { resolve } from "../../../lib/compose";
import { readAudited } from "../../../lib/operate/audit/audit";

const REMOTE = [
  "oci://registry.example/shop:1",
  "https://github.com/campus/shop.git#main:deploy",
  "git@github.com:campus/shop.git",
];
const text = (yaml: string) => [{ path: "/p/compose.yaml", text: yaml }];

it.each(REMOTE)("what Docker Compose would fetch is refused, with how to fetch it: %s", async (path) => {
  const refused = { code: "remote", message: expect.stringContaining(`docker compose -f ${path} config`) };
  for (const files of [
    [path],
    text(`include: ["${path}"]\nservices: {a: {image: i}}\n`),
    text(`services: {a: {extends: {file: "${path}", service: b}}}\n`),
  ]) {
    expect(() => resolve(files)).toThrow(expect.objectContaining(refused));
  }
  await expect(readAudited(path)).rejects.toMatchObject({ code: "remote-file" });
});
