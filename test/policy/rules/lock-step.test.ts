import { lockStep } from "../../../lib/policy/rules/lock-step";
import { describeRule } from "../support";

const two = (image: string, other: string) => ({ services: { a: { image }, web: { image: other } } });
const AT = ["next/web", "services.web.image"] as [string, string];
const DIGEST = `sha256:${"0".repeat(64)}`;

describeRule(
  lockStep((repository) => repository.startsWith("registry.example/lamb/")),
  {
    breaks: [
      ["two versions", two("registry.example/lamb/a:v1", "registry.example/lamb/b:v2"), AT],
      [
        "a variable and its default, of which one moves",
        two("registry.example/lamb/a:${V:-v1}", "registry.example/lamb/b:v1"),
        AT,
      ],
      ["a version beside a digest", two("registry.example/lamb/a:v1", `registry.example/lamb/b:v2@${DIGEST}`), AT],
      [
        "two versions, each with its digest",
        two(`registry.example/lamb/a:v1@${DIGEST}`, `registry.example/lamb/b:v2@${DIGEST}`),
        AT,
      ],
      [
        "a variable beside what a lock has fixed",
        two(`registry.example/lamb/a:v1@${DIGEST}`, "registry.example/lamb/b:${V:-v1}"),
        AT,
      ],
      [
        "an overlay that moves one of them",
        {
          ...two("registry.example/lamb/a:v1", "registry.example/lamb/b:v1"),
          overlay: { web: { image: "registry.example/lamb/b:v2" } },
        },
        ["next/later/web", "services.web.image"],
      ],
    ],
    holds: [
      ["one version", two("registry.example/lamb/a:v1", "registry.example/lamb/b:v1")],
      ["one variable", two("registry.example/lamb/a:${V:-v1}", "registry.example/lamb/b:${V:-v1}")],
      ["a registry that is a variable", two("${R:-registry.example}/lamb/a:v1", "registry.example/lamb/b:v1")],
      [
        "a digest, of which no version is known",
        two("registry.example/lamb/a:v1", `registry.example/lamb/b@${DIGEST}`),
      ],
      [
        "one version, each with a digest of its own",
        two(`registry.example/lamb/a:v1@${DIGEST}`, `registry.example/lamb/b:v1@${DIGEST.replace("00", "11")}`),
      ],
      [
        "one version, of which a lock knows one",
        two(`registry.example/lamb/a:v1@${DIGEST}`, "registry.example/lamb/b:v1"),
      ],
      ["other families", two("registry.example/lamb/a:v1", "registry.example/other:v2")],
    ],
  },
);
