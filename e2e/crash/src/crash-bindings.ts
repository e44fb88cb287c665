// What is bound for the crash flows, in every program that executes them.

/** @param port of the ledger. @param blobs folder of the messages that are spilled. */
export function bindingsOf(port: string, blobs: string): readonly string[] {
  return [
    `http=undici:127.0.0.1:${port},+private`,
    // The delivery ledger of the journal is used in its place; the hint must be bound.
    'dedupe=memory',
    `blob=disk:${blobs}`,
  ];
}
