import { sampleEdge, sampleFlow, sampleNode } from '../test/sample-flow.js';
import { exportDot } from './export-dot.js';
import { exportMermaid } from './export-mermaid.js';
import { exportSvg } from './export-svg.js';
import type { FlowIR } from './flow-ir.js';
import { normalizeFlow } from './normalize-flow.js';
import { showFlow } from './show-flow.js';

const flow = sampleFlow();

const HOSTILE = [
  'quote " and \' and `',
  'line\nbreak\r\n',
  'a --> b',
  '"]; n0 --> n1 %% "',
  '<script>alert(1)</script>',
  'back\\slash\\" \\n',
  ']]> &amp; <!-- -->',
  'esc \u001b[31m \u0000 \u009b',
  'rtl \u202e\u2066',
  '\u{1f680} \u6c34 caf\u00e9 \ufffe',
  '#quot; #34; ;;',
];

/** The sample with a hostile text in every place that a document can put one. */
function hostileFlow(text: string): FlowIR {
  return normalizeFlow({
    ...flow,
    name: text,
    summary: text,
    nodes: [
      sampleNode(`${text}1`, {
        name: text,
        kind: 'trigger',
        trigger: { kind: 'http', route: text, method: text },
      }),
      sampleNode(`${text}2`, { name: text, kind: 'activity' }),
      sampleNode(`${text}3`, { name: '', kind: 'subflow' }),
    ],
    edges: [
      sampleEdge(`${text}1`, `${text}2`, {
        partition_key: text,
        buffer: { spill_tier: text, on_drop: text },
      }),
      sampleEdge(`${text}1`, `${text}3`),
      sampleEdge(`${text}1`, 'missing'),
    ],
    control_surfaces: [
      {
        id: text,
        kind: 'switch',
        targets: [],
        config: {
          v: 1,
          source: `${text}1`,
          selector_pointer: text,
          cases: { [text]: `${text}2` },
          default: `${text}3`,
        },
      },
    ],
  });
}

test('DOT', () => {
  expect(exportDot(flow)).toBe(`digraph "payments 1.0.0" {
  rankdir=LR;
  node [fontname="sans-serif", fontsize=11, color="#5b6470"];
  edge [fontname="sans-serif", fontsize=10, color="#5b6470"];
  n0 [label="order\\norder: trigger, read_only\\nPOST /pay", shape=box, style="rounded,filled,bold", fillcolor="#e6effb"];
  n1 [label="charge\\ncharge: activity, effectful\\n3 attempts\\n5 a second, burst 2", shape=component, style="filled", fillcolor="#fdeedd"];
  n2 [label="receipt\\nreceipt: inline, pure", shape=box, style="filled", fillcolor="#e7f5ee"];
  n3 [label="refusal\\nrefusal: inline, pure", shape=box, style="filled", fillcolor="#e7f5ee"];
  n0 -> n1 [label="holds 8", style=solid];
  n1 -> n2 [label="/ok is true", style=solid];
  n1 -> n3 [label="/ok is false", style=solid];
}
`);
});

test('Mermaid', () => {
  expect(exportMermaid(flow)).toBe(`flowchart LR
  n0(["order<br/>trigger, read_only<br/>POST /pay"]):::read_only
  n1("charge<br/>activity, effectful<br/>3 attempts<br/>5 a second, burst 2"):::effectful
  n2["receipt<br/>inline, pure"]:::pure
  n3["refusal<br/>inline, pure"]:::pure
  n0 -->|"holds 8"| n1
  n1 -->|"/ok is true"| n2
  n1 -->|"/ok is false"| n3
  classDef pure fill:#e7f5ee,stroke:#2c8a5f,color:#1b2430
  classDef read_only fill:#e6effb,stroke:#2f6fc4,color:#1b2430
  classDef effectful fill:#fdeedd,stroke:#c26a12,color:#1b2430
`);
});

test('text', () => {
  expect(showFlow(flow)).toBe(`payments 1.0.0 (dev): 4 nodes, 3 edges, 2 control surfaces
Takes payments

order
  trigger, read_only, strict, POST /pay
  -> charge  holds 8

charge
  activity, effectful, best_effort, 3 attempts, 5 a second, burst 2
  -> receipt  /ok is true
  -> refusal  /ok is false

receipt
  inline, pure, strict

refusal
  inline, pure, strict
`);
});

test('text of an empty flow, and of one with a cycle', () => {
  const empty = normalizeFlow({ id: 'e', name: 'empty', version: '0.0.1' });
  expect(showFlow(empty)).toBe('empty 0.0.1 (dev): 0 nodes, 0 edges, 0 control surfaces\n');
  const cycle = {
    ...flow,
    edges: [sampleEdge('receipt', 'refusal'), sampleEdge('refusal', 'receipt')],
  };
  expect(
    showFlow(cycle)
      .match(/^\w.*$/gm)!
      .slice(2),
  ).toEqual(['order', 'charge', 'receipt', 'refusal']);
});

describe('SVG', () => {
  /** Fails on anything but well-formed XML of elements, attributes and text; gives the elements. */
  function elementsOf(svg: string): string[] {
    const open: string[] = [];
    const names: string[] = [];
    const pattern =
      /<(\/?)([a-z]+)((?: [\w:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#39);[^"<&]*)*")*)(\/?)>|[^<]+|</gy;
    for (const match of svg.matchAll(pattern)) {
      const [whole, closing, name, , empty] = match;
      if (whole === '<') throw new Error(`stray < at ${match.index}`);
      if (name === undefined) {
        expect(whole.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<&]/);
      } else if (closing) {
        expect(open.pop()).toBe(name);
      } else {
        names.push(name);
        if (!empty) open.push(name);
      }
    }
    expect(open).toEqual([]);
    return names;
  }

  test('has a title, a description, every node and every label', async () => {
    const svg = await exportSvg(flow);
    const names = elementsOf(svg);
    expect(names[0]).toBe('svg');
    expect(names.filter((name) => name === 'title')).toHaveLength(1 + flow.nodes.length);
    expect(svg).toContain('role="img" aria-labelledby="flow-title flow-desc"');
    expect(svg).toContain('<title id="flow-title">payments 1.0.0</title>');
    expect(svg).toContain(
      '<desc id="flow-desc">Takes payments. 4 nodes, 3 edges: order to charge (holds 8); charge to receipt (/ok is true); charge to refusal (/ok is false)</desc>',
    );
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg.match(/marker-end/g)).toHaveLength(3);
    for (const text of ['POST /pay', '/ok is true', '/ok is false', '5 a second, burst 2']) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  test('is the same for the same flow', async () => {
    expect(await exportSvg(flow)).toBe(await exportSvg(flow));
  });

  test('of an empty flow', async () => {
    const empty = normalizeFlow({ id: 'e', name: 'empty', version: '0.0.1' });
    expect(elementsOf(await exportSvg(empty))).toContain('title');
  });

  test('a flow that is too large is refused', async () => {
    const nodes = Array.from({ length: 501 }, (_, i) => sampleNode(`n${i}`));
    await expect(exportSvg(normalizeFlow({ ...flow, nodes }))).rejects.toThrow(
      'DOC050: The flow has 501 nodes or edges; a picture holds at most 500.',
    );
  });

  test.each(HOSTILE)('hostile text %j stays text', async (text) => {
    const hostile = await exportSvg(hostileFlow(text));
    const tame = elementsOf(await exportSvg(hostileFlow('tame')));
    const names = elementsOf(hostile);
    expect(new Set(names)).toEqual(new Set(tame));
    expect(names.filter((name) => name !== 'text')).toEqual(tame.filter((name) => name !== 'text'));
    expect(hostile).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
  });
});

test.each(HOSTILE)('hostile text %j adds no line, node or edge to DOT', (text) => {
  const lines = exportDot(hostileFlow(text)).split('\n');
  const string = '"(?:[^"\\\\]|\\\\.)*"';
  expect(lines[0]).toMatch(new RegExp(`^digraph ${string} \\{$`));
  const [nodes, edges] = [lines.slice(4, 7), lines.slice(7, 9)];
  for (const line of nodes)
    expect(line).toMatch(
      new RegExp(`^  n\\d \\[label=${string}, [\\w =",]+, fillcolor="#\\w+"\\];$`),
    );
  for (const line of edges)
    expect(line).toMatch(new RegExp(`^  n0 -> n\\d \\[label=${string}, style=solid\\];$`));
  expect(lines.slice(9)).toEqual(['}', '']);
});

test.each(HOSTILE)('hostile text %j adds nothing to Mermaid', (text) => {
  const lines = exportMermaid(hostileFlow(text)).split('\n');
  const string = '"(?:[\\p{L}\\p{N} _.,:/()=+-]|#\\d+;|<br/>)*"';
  for (const line of lines.slice(1, 4)) {
    expect(line).toMatch(
      new RegExp(`^  n\\d(?:\\(\\[|\\[|\\(|\\[\\[)${string}(?:\\]\\)|\\]|\\)|\\]\\]):::pure$`, 'u'),
    );
  }
  for (const line of lines.slice(4, 6))
    expect(line).toMatch(new RegExp(`^  n0 -->\\|${string}\\| n\\d$`, 'u'));
  expect(lines).toHaveLength(10);
});

test.each(HOSTILE)('hostile text %j adds no line to the listing', (text) => {
  const count = (flowText: string) => showFlow(hostileFlow(flowText)).split('\n').length;
  expect(count(text)).toBe(count('tame'));
  expect(showFlow(hostileFlow(text))).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/,
  );
});
