import { eachMount, type Rule } from "../rule";

/** Files of the host that a service may need, and that are not source. */
const OF_THE_HOST =
  /^\/(etc\/(localtime|timezone|ssl|ca-certificates|pki)|usr\/share\/(ca-certificates|zoneinfo)|dev|sys|proc|run|var\/run)(\/|$)/;
/** Where a container expects its settings, or what settings are called. */
const SETTINGS =
  /^\/(etc|run\/secrets|usr\/local\/etc|config)\/|\.(conf|cfg|ini|json|toml|ya?ml|env|pem|crt|cer|key|properties)$/;

export const noSourceMount: Rule = {
  id: "no-source-mount",
  what: "mounts a folder or file of the host",
  why: "what runs then depends on the files of that host, not on what was published; SQLite breaks on such mounts on some hosts",
  fix: "put the program into the image, data into a named volume, and a single file into a config or secret",
  severity: "error",
  check: eachMount(({ type, source, target, readOnly }) => {
    return type === "bind" && !OF_THE_HOST.test(source) && !(readOnly && SETTINGS.test(target));
  }),
};
