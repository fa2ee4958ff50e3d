// Wall times, as the calendar shows them and the server reads them.

/** *2026-11-24T09:00*: what the clock on the wall says, whatever zone this browser is in. */
export function wall(date: Date): string {
  return `${day(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** *2026-11-24*. */
export function day(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** How many minutes the clock on the wall moves on; this browser's own changes of clocks don't count. */
export function minutesBetween(start: Date, end: Date): number {
  return (Date.parse(`${wall(end)}Z`) - Date.parse(`${wall(start)}Z`)) / 60_000;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
