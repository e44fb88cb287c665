// What a run shows on the graph of its flow.
import type { EdgeStatus, NodeStatus } from '../../viewer-protocol.js';
import { durationText } from '../duration-text.js';

export interface GraphOverlay {
  /** In one word; also for nodes of which nothing is known yet. */
  stateOf(alias: string): string;
  nodeOf(alias: string): NodeStatus | undefined;
  edgeOf(label: string): EdgeStatus | undefined;
}

/** The words for a state; timeouts are failures of their own. */
export const STATE_TEXT: Readonly<Record<string, string>> = {
  pending: 'pending',
  running: 'running',
  ok: 'ok',
  failed: 'failed',
  timeout: 'timed out',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

/** A sign that goes with the words, for those who do not see colours. */
export const STATE_SIGN: Readonly<Record<string, string>> = {
  pending: '\u25cb',
  running: '\u25b6',
  ok: '\u2713',
  failed: '\u2717',
  timeout: '!',
  cancelled: '\u25a0',
  skipped: '\u2013',
};

/** Counts and times of a node in one line, such as "3x, 12.0 ms, 1 retry". */
export function statusLine(status: NodeStatus | undefined): string {
  if (status === undefined) return '';
  const parts: string[] = [];
  if (status.active > 1) parts.push(`${status.active} at once`);
  if (status.started > 1) parts.push(`${status.started}\u00d7`);
  if (status.mean_ms !== null) parts.push(durationText(status.mean_ms));
  if (status.retries > 0)
    parts.push(status.retries === 1 ? '1 retry' : `${status.retries} retries`);
  if (status.cached > 0) parts.push(`${status.cached} cached`);
  if (status.dropped > 0) parts.push(`${status.dropped} dropped`);
  return parts.join(' \u00b7 ');
}

/** What an edge says during a run; empty where nothing came along it. */
export function edgeLine(status: EdgeStatus | undefined): string {
  if (status === undefined || status.passed === 0) return '';
  return status.depth > 0 ? `${status.depth} queued` : String(status.passed);
}

export function edgeLabel(from: string, to: string): string {
  return `${from}->${to}`;
}
