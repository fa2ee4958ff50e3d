/** One line to the webmaster, in the browser's console, about what has to change on the page. */
export function tell(line: string): void {
  console.warn(`Pencilin: ${line}`);
}
