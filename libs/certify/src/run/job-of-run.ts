/** The job whose run this is: the runs after a failed one have a number behind its id. */
export function jobOfRun(run: string): string {
  return run.replace(/~\d+$/, '');
}
