/** Every variable of LAMB's deployment, by the heading under which the template lists it. */
export * from "./variables/addresses";
export * from "./variables/chat";
export * from "./variables/features";
export * from "./variables/frontend";
export * from "./variables/knowledge";
export * from "./variables/knowledge-graph";
export * from "./variables/knowledge-store";
export * from "./variables/library";
export * from "./variables/logs";
export * from "./variables/models";
export * from "./variables/people";
export * from "./variables/running";
export * from "./variables/secrets";
export * from "./variables/verification";
