import { eachMount, type Rule } from "../rule";

export const noCreatedHostPath: Rule = {
  id: "no-created-host-path",
  what: "mounts a host path that Docker creates as a folder when it is missing",
  why: "a forgotten file becomes a folder owned by root, and the service fails far from the cause",
  fix: "use a config or a secret for a file; for a folder, the long form with bind.create_host_path: false",
  severity: "error",
  check: eachMount(({ createsHostPath }) => createsHostPath),
};
