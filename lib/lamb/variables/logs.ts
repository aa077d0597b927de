import { group, level } from "./kinds";

const logs = group("Logs");
const of = (name: string, what: string) =>
  logs(name, `how much ${what} logs; unset is GLOBAL_LOG_LEVEL`, { type: level });
export const MAIN_LOG_LEVEL = of("MAIN_LOG_LEVEL", "LAMB's own part");
export const API_LOG_LEVEL = of("API_LOG_LEVEL", "LAMB's API");
export const DB_LOG_LEVEL = of("DB_LOG_LEVEL", "LAMB's database");
export const RAG_LOG_LEVEL = of("RAG_LOG_LEVEL", "retrieval");
export const EVALUATOR_LOG_LEVEL = of("EVALUATOR_LOG_LEVEL", "evaluation");
export const OWI_LOG_LEVEL = of("OWI_LOG_LEVEL", "LAMB's way to Open WebUI");
export const LTI_LOG_LEVEL = of("LTI_LOG_LEVEL", "LTI");
export const KB_LOG_LEVEL = of("KB_LOG_LEVEL", "the knowledge base, and LAMB's way to it,");
