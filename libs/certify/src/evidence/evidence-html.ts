// The evidence as a page for people: one file, without scripts, for light and dark screens.
import type { Evidence, EvidenceFailure } from './evidence.js';
import { escapeHtml as text } from './escape-html.js';
import { courseDrawing } from './course-drawing.js';
import { EVIDENCE_STYLE } from './evidence-style.js';

/** The whole page. */
export function evidenceHtml(evidence: Evidence): string {
  const { flow, kind, verdict, failure } = evidence;
  const title = `${kind === 'idempotency' ? 'Idempotency' : 'Determinism'} of ${flow.name}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(title)}: ${verdict}</title>
<style>${EVIDENCE_STYLE}</style>
</head>
<body>
<main>
<header>
<p class="verdict ${verdict}">${verdict === 'certified' ? 'Certified' : 'Failed'}</p>
<h1>${text(title)}</h1>
${facts(evidence)}
</header>
${failure === undefined ? '' : failureSection(failure)}
<section aria-labelledby="counts"><h2 id="counts">Counts</h2>${counts(evidence)}</section>
<section aria-labelledby="cases"><h2 id="cases">Cases</h2>${cases(evidence)}</section>
<section aria-labelledby="inputs"><h2 id="inputs">Inputs</h2>${inputs(evidence)}</section>
<section aria-labelledby="scope"><h2 id="scope">What this says</h2>
${list([...evidence.notes, ...evidence.scope])}</section>
</main>
</body>
</html>
`;
}

function facts({ flow, backend, seed, tools, started_at, duration_ms }: Evidence): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Flow', `${flow.name} ${flow.version}`],
    ['Hash', flow.hash],
    ['Backend', backend],
    ['Seed', String(seed)],
    ['Made', `${started_at}, in ${(duration_ms / 1000).toFixed(1)} s`],
    [
      'With',
      Object.entries(tools)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ];
  const items = rows.map(([name, value]) => `<dt>${name}</dt><dd>${text(value)}</dd>`);
  return `<dl class="facts">${items.join('')}</dl>`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) => row.map((cell) => `<td>${cell}</td>`).join('');
  const names = head.map((name) => `<th scope="col">${name}</th>`).join('');
  const lines = rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n');
  return `<div class="wide"><table><thead><tr>${names}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

function counts({ counts: all }: Evidence): string {
  const items = Object.entries(all).map(
    ([name, n]) => `<div><dd>${n}</dd><dt>${text(name.replaceAll('_', ' '))}</dt></div>`,
  );
  return `<dl class="counts">${items.join('')}</dl>`;
}

function cases({ cases: all }: Evidence): string {
  const rows = all.map(({ number, inputs: ids, faults, verdict, codes }) => [
    String(number),
    `<span class="tag ${verdict}">${verdict}</span>`,
    faults.length === 0 ? 'none' : faults.map(text).join('<br>'),
    text(ids.join(', ')),
    text(codes.join(', ')),
  ]);
  return table(['Case', 'Verdict', 'Faults', 'Inputs', 'Found'], rows);
}

function inputs({ inputs: all }: Evidence): string {
  const rows = all.map(({ id, payload, end, effects }) => [
    text(id),
    `<code>${text(JSON.stringify(payload))}</code>`,
    text(end),
    String(effects),
  ]);
  return table(['Input', 'Payload', 'Without faults', 'Effects'], rows);
}

/** Text in which `code` stands between backticks. */
function prose(words: string): string {
  return text(words).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function failureSection(failure: EvidenceFailure): string {
  const { code, message, fix, faults, commands, ledger, timeline, also } = failure;
  const rows = ledger.map((line) => {
    const { seq, job, node, key, effect, says, acted, late } = line;
    const what = `${acted === true ? 'acted' : 'known, nothing done'}${late === true ? ', late' : ''}`;
    const short =
      typeof key === 'string'
        ? `<code title="${text(key)}">${text(key.slice(0, 12))}</code>`
        : 'none';
    const cells = [seq, job, node, effect].map((cell) => text(String(cell)));
    return [...cells, `<code>${text(String(says))}</code>`, short, what];
  });
  const names = ['', 'Job', 'Node', 'Effect', 'Says', 'Key', ''];
  return `<section class="failure" aria-labelledby="failure">
<h2 id="failure">${text(code)}: the smallest case that shows it</h2>
<p class="message">${text(message)}</p>
<p><strong>How to fix it.</strong> ${prose(fix)}</p>
<h3>What was done</h3>
${faults.length === 0 ? '<p>No fault at all: the flow does this by itself.</p>' : list(faults)}
<p>With ${failure.inputs.map(({ id, payload }) => `${text(id)} <code>${text(JSON.stringify(payload))}</code>`).join(', ')}.</p>
<h3>Course</h3>
${courseDrawing(timeline)}
${table(
  ['ms', 'Job', '', 'Event'],
  timeline.map(({ ms, job, what, text: words }) => [
    ms.toFixed(1),
    text(job),
    `<span class="tag ${what}">${what}</span>`,
    text(words),
  ]),
)}
${rows.length === 0 ? '' : `<h3>Ledger of effects</h3>${table(names, rows)}`}
<h3>See it again</h3>
${commands.map((line) => `<pre>${text(line)}</pre>`).join('\n')}
${also.length === 0 ? '' : `<p>Also seen: ${text(also.join(', '))}.</p>`}
</section>`;
}
