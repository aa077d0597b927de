export { VERSION_INFO } from "./version.js";
