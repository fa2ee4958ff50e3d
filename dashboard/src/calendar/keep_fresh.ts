// Asks again every few seconds while somebody may be looking, one question at a time.

const EVERY_MS = 4_000;

export function keepFresh(ask: () => Promise<void>): void {
  const again = (): void => {
    setTimeout(async () => {
      if (!document.hidden) {
        // A server that is away for a moment is asked again at the next turn.
        await ask().catch(() => undefined);
      }
      again();
    }, EVERY_MS);
  };
  again();
}
