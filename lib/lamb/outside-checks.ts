import type { OutsideCheckProps } from "../construct/outside-check";
import { IDENTITY_HEADERS } from "./facts/identity";
import { LTI } from "./facts/lti";
import { LAMB_BEARER_TOKEN, VERIFY_ASSISTANT, VERIFY_KB_FILE } from "./variables";

/** What users and learning management systems meet first, and what nobody may be let through with. */
export function outsideChecks(lamb: string, openWebUi: string): Readonly<Record<string, OutsideCheckProps>> {
  return {
    "lamb-page": { what: "LAMB's page answers", url: `${lamb}/`, right: [200] },
    "openwebui-page": { what: "Open WebUI's page answers", url: `${openWebUi}/`, right: [200] },
    "lti-route": {
      what: "LTI launches come through to LAMB",
      url: `${lamb}${LTI.launch}`,
      method: "POST",
      wrong: [404, 405],
    },
    "forged-identity": {
      what: "nobody gets in by naming somebody else in a header",
      url: `${openWebUi}/api/v1/auths/signin`,
      method: "POST",
      headers: { "Content-Type": "application/json", [IDENTITY_HEADERS.email]: "nobody@example.invalid" },
      body: '{"email":"","password":""}',
      wrong: [200],
    },
    "completions-closed": {
      what: "nobody gets a completion without a key",
      url: `${lamb}/v1/chat/completions`,
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
      right: [401],
    },
    completion: {
      what: "an assistant answers",
      when: VERIFY_ASSISTANT,
      url: `${lamb}/v1/chat/completions`,
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${LAMB_BEARER_TOKEN}` },
      body: `{"model":"lamb_assistant.${VERIFY_ASSISTANT}","messages":[{"role":"user","content":"Say yes."}],"stream":false}`,
      right: [200],
      contains: '"choices"',
    },
    "knowledge-base-file": {
      what: "a document of the knowledge base can be downloaded",
      when: VERIFY_KB_FILE,
      url: `${lamb}/kb/static/${VERIFY_KB_FILE}`,
      right: [200],
    },
  };
}
