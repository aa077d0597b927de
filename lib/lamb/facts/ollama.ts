import { Healthcheck } from "../../construct/healthcheck";
import type { ServiceFacts } from "./service";

/**
 * Language models and embeddings on the host itself.
 */
export const OLLAMA: ServiceFacts<"data"> = {
  name: "ollama",
  program: "Ollama",
  is: "language models on this host",
  image: "ollama/ollama",
  tag: "0.12.6",
  port: 11434,
  probe: Healthcheck.command(["ollama", "list"]),
  folders: {
    data: {
      path: "/root/.ollama",
      holds: "the models",
      volume: "ollama-data",
      loss: "made",
      stores: [{ path: ".", holds: "the models that were fetched", copy: "none" }],
    },
  },
  environment: {},
  writesRoot: "which paths of its image Ollama writes is not documented",
  talksTo: ["lamb", "kb", "openwebui"],
};
