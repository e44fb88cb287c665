// The course of a case as a drawing: a line for each job, from left to right in the order of events.
import type { EvidenceFailure } from './evidence.js';
import { escapeHtml } from './escape-html.js';

const LEFT = 130;
const STEP = 26;
const LANE = 34;
const TOP = 22;
const MOST = 120;
/** What belongs to no job. */
const WORKERS = 'workers';

/** An SVG; empty where nothing happened. */
export function courseDrawing(timeline: EvidenceFailure['timeline']): string {
  const shown = timeline.slice(0, MOST);
  if (shown.length === 0) return '';
  const lanes = [...new Set(shown.map(({ job }) => job || WORKERS))];
  const width = LEFT + shown.length * STEP + STEP;
  const height = TOP + lanes.length * LANE;
  const yOf = (job: string) => TOP + lanes.indexOf(job || WORKERS) * LANE;
  const lines = lanes.map((lane) => {
    const y = yOf(lane);
    const name = `<text x="0" y="${y + 4}">${escapeHtml(lane.slice(0, 18))}</text>`;
    return `${name}<line class="lane" x1="${LEFT - 10}" y1="${y}" x2="${width - 10}" y2="${y}"/>`;
  });
  const marks = shown.map(({ what, job, text, ms }, index) => {
    const x = LEFT + index * STEP;
    const title = `<title>${escapeHtml(`${ms.toFixed(1)} ms, ${what}: ${text}`)}</title>`;
    return `<g class="mark ${what}">${title}${shapeOf(what, x, yOf(job))}</g>`;
  });
  const left = timeline.length - shown.length;
  const more = left > 0 ? `<p>${left} more events are in the table.</p>` : '';
  return `<div class="wide"><svg role="img" aria-label="The events of the case in order, a line for each job" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
${lines.join('\n')}
${marks.join('\n')}
</svg></div>${more}
<p class="legend"><span class="tag job">job</span> <span class="tag commit">commit</span> <span class="tag effect">effect</span> <span class="tag injection">injection</span> <span class="tag worker">worker</span></p>`;
}

/** Effects are squares and injections crosses, so that colour alone says nothing. */
function shapeOf(what: string, x: number, y: number): string {
  switch (what) {
    case 'effect':
      return `<rect x="${x - 7}" y="${y - 7}" width="14" height="14" rx="2"/>`;
    case 'injection':
      return `<path d="M${x - 7} ${y - 7}L${x + 7} ${y + 7}M${x + 7} ${y - 7}L${x - 7} ${y + 7}"/>`;
    case 'commit':
      return `<path class="full" d="M${x} ${y - 8}L${x + 8} ${y}L${x} ${y + 8}L${x - 8} ${y}Z"/>`;
    default:
      return `<circle cx="${x}" cy="${y}" r="5"/>`;
  }
}
