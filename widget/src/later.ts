/** What nobody needs before a time can be pressed, or a button was: fetched then, so that the page gets the rest sooner. */

export { dialog } from "./dialog";
export { default as sheet } from "./later.shadow.css";
export { thirdStep } from "./third-step";
export { held as words } from "./words/en.json";
