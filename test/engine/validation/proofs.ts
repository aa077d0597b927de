/** A test that holds something: its file, and words of its name. */
export type Proof = readonly [file: string, words: string];

/** A row of the plan, or a criterion of it, and what holds it. */
export interface Claim {
  readonly id: string;
  readonly says: string;
  readonly proofs: readonly Proof[];
}

/** The rows of LAMB's production plan. */
export const PLAN: readonly Claim[] = [
  {
    id: "P1",
    says: "LAMB's image, with its pages bundled",
    proofs: [
      ["test/engine/images.engine.ts", "serves the pages, which know their version and their settings"],
      ["test/engine/images.engine.ts", "has no compiler in it, and nothing of what was downloaded to install it"],
    ],
  },
  {
    id: "P2",
    says: "the knowledge base's image, with locked dependencies",
    proofs: [
      ["test/engine/images.engine.ts", "takes no file that is not the locked one"],
      ["test/engine/images.engine.ts", "is made of the same files at each build"],
    ],
  },
  {
    id: "P3",
    says: "`docker-compose.next.yaml`, of images alone",
    proofs: [["test/engine/base.engine.ts", "starts from images alone: nothing is built"]],
  },
  {
    id: "P4",
    says: "named volumes and healthchecks",
    proofs: [
      ["test/engine/base.engine.ts", "mounts named volumes and nothing of the host"],
      ["test/engine/health.engine.ts", "is not healthy without"],
    ],
  },
  {
    id: "P5",
    says: "the former name `backend`",
    proofs: [["test/engine/base.engine.ts", "finds lamb under its former name"]],
  },
  {
    id: "P6",
    says: "`docker-compose.next.prod.yaml`: Caddy with TLS",
    proofs: [["test/engine/prod.engine.ts", "answers each public host over TLS"]],
  },
  {
    id: "P7",
    says: "the pages have their place in the image",
    proofs: [["test/engine/images.engine.ts", "serves the pages, which know their version and their settings"]],
  },
  {
    id: "P8",
    says: "settings of containers have right defaults, and wrong ones are refused",
    proofs: [
      ["test/images/python/entrypoint.test.ts", "says everything that is wrong at once, and no value"],
      ["test/lamb/variables.test.ts", "has a place"],
    ],
  },
  {
    id: "P9",
    says: "a workflow that publishes all images or none",
    proofs: [["test/engine/workflow.engine.ts", "gives a release all its tags"]],
  },
  {
    id: "P10",
    says: "the policy of tags",
    proofs: [
      ["test/images/tag-policy.test.ts", "each floating tag names the newest of its line"],
      ["test/engine/workflow.engine.ts", "never moves the tags of a release"],
    ],
  },
  {
    id: "P11",
    says: "the deployment guide",
    proofs: [["test/engine/guides.engine.ts", "every command of the guides, in the order of the pages"]],
  },
  {
    id: "P12",
    says: "the migration notes",
    proofs: [
      ["test/guides/guides.test.ts", "have every former name with what it is called now"],
      ["test/engine/migrate.engine.ts", "the counts are equal, and the source is as it was"],
    ],
  },
  {
    id: "P13",
    says: "cold start and restarts, without builds",
    proofs: [
      ["test/engine/base.engine.ts", "starts from images alone: nothing is built"],
      ["test/engine/base.engine.ts", "comes back by itself when a process dies"],
      ["test/engine/up.engine.ts", "names within seconds the service that ends again and again"],
    ],
  },
  {
    id: "P14",
    says: "upgrade by `pull` and `up`",
    proofs: [
      ["test/engine/upgrade.engine.ts", "is one changed variable"],
      ["test/engine/switch-lamb.engine.ts", "nobody is turned away"],
    ],
  },
  {
    id: "P15",
    says: "whether the old file is replaced",
    proofs: [
      ["test/operate/cutover/cutover.test.ts", "the verdict"],
      ["test/engine/lamb-data.engine.ts", "on the data of an installation of before"],
    ],
  },
];

/** When the new architecture is ready. */
export const CRITERIA: readonly Claim[] = [
  {
    id: "1",
    says: "it starts without installing or building anything",
    proofs: [["test/engine/base.engine.ts", "starts from images alone: nothing is built"]],
  },
  {
    id: "2",
    says: "an upgrade is `pull` and a restart",
    proofs: [["test/engine/upgrade.engine.ts", "is one changed variable"]],
  },
  {
    id: "3",
    says: "data outlive recreation and update",
    proofs: [
      ["test/engine/data.engine.ts", "is there after `down` and `up`"],
      ["test/engine/data.engine.ts", "is there after every container was replaced"],
      ["test/engine/switch-lamb.engine.ts", "what people made is there"],
    ],
  },
  {
    id: "4",
    says: "healthchecks say whether a service can do its work",
    proofs: [
      ["test/engine/health.engine.ts", "is not healthy without"],
      ["test/lamb/probes.test.ts", "is content when LAMB answers and both databases can be written"],
    ],
  },
  {
    id: "5",
    says: "nobody's installation breaks",
    proofs: [
      ["test/examples/checkout.test.ts", "touches no file of it"],
      ["test/engine/migrate.engine.ts", "leaves a way back that is to start the old stack"],
      ["test/engine/up.engine.ts", "refuses to lose what a container of older files holds"],
    ],
  },
  {
    id: "6",
    says: "install, upgrade and migration are documented",
    proofs: [
      ["test/engine/guides.engine.ts", "every command of the guides, in the order of the pages"],
      ["test/guides/guides.test.ts", "have every setting of the template, every service and every volume"],
    ],
  },
];
