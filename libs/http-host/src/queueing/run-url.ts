// The URL under which the host tells what became of a run.

/** All of them are below it. */
export const RUN_URLS = '/_runs/';

/** Its path. */
export function runUrl(runId: string): string {
  return `${RUN_URLS}${encodeURIComponent(runId)}`;
}
