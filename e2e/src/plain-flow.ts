// A flow of two nodes, for fixtures that are built by code.

const ID = '5ceccda9-6720-58e1-815a-36275eaefc86';

/** A node of `parse_text` with opaque ports. */
export function plainNode(alias: string, kind: string, parts: object = {}): object {
  return {
    id: `${ID}::${alias}`,
    alias,
    identifier: `parse_text::${alias}`,
    name: alias,
    kind,
    in_schema: { kind: 'opaque' },
    out_schema: { kind: 'opaque' },
    effects: kind === 'trigger' ? 'read_only' : 'pure',
    determinism: 'strict',
    ...parts,
  };
}

/** An edge with default settings. */
export function plainEdge(from: string, to: string): object {
  return { from, to, delivery: 'at_least_once', ordering: 'ordered', buffer: {} };
}

/** The document `request -> parse`; `parts` replace its fields. */
export function plainFlow(parts: object = {}): object {
  return {
    id: ID,
    name: 'parse_text',
    version: '1.0.0',
    nodes: [plainNode('request', 'trigger'), plainNode('parse', 'inline')],
    edges: [plainEdge('request', 'parse')],
    ...parts,
  };
}
