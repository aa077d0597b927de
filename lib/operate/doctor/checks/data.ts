import type { Check, Trouble } from "../check";

/** The volumes. */
export const DATA_CHECKS: readonly Check[] = [
  {
    id: "volumes-here",
    what: "no other project has volumes of the same names while this one has none",
    why: "under another project name Compose makes empty volumes: everything seems lost, and the data lie beside them",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const [model, volumes] = [await facts.model(), await facts.volumes()];
      const names = new Set(volumes.map(({ name }) => name));
      return Object.entries(model.volumes).flatMap(([key, { name, external }]): readonly Trouble[] => {
        if (external || names.has(name)) return [];
        const other = volumes.filter(({ volume, project }) => volume === key && project !== model.name);
        return other.map((found) => ({
          subject: name,
          reason: `is not there, and ${found.name} of the project ${found.project} is`,
          fix: `if these are the data, set COMPOSE_PROJECT_NAME=${found.project} in .env before the first \`up\``,
        }));
      });
    },
  },
  {
    id: "volumes-ours",
    what: "no other project uses the volumes",
    why: "two deployments that write one database break it",
    severity: "error",
    host: false,
    find: async (facts) => {
      const model = await facts.model();
      const names = new Set((await facts.volumes()).map(({ name }) => name));
      const own = Object.values(model.volumes).filter(({ name }) => names.has(name));
      const found = await Promise.all(
        own.map(async ({ name }) => {
          const others = (await facts.users(name)).filter(({ project }) => project !== model.name);
          return others.map((user) => ({
            subject: name,
            reason: `the container ${user.name}${user.project === undefined ? "" : ` of the project ${user.project}`} mounts it`,
            fix: `stop that one, or give this deployment a name of its own: COMPOSE_PROJECT_NAME in .env`,
          }));
        }),
      );
      return found.flat();
    },
  },
];
