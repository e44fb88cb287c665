// Composes for the bench.
import {
  compileCompose,
  DEMO_IMPLEMENTATIONS,
  readCompose,
  runCompose,
  standardRegistry,
  type State,
} from '@basalt/compose';

/** A function that runs the compose to its last state. */
export function composeProgram(text: string): (state?: State) => Promise<State> {
  const { compose, diagnostics } = readCompose(text, 'bench.yaml');
  if (compose === undefined) throw new Error(diagnostics[0]!.message);
  const compiled = compileCompose(compose, 'bench.yaml');
  const registry = standardRegistry();
  for (const component of DEMO_IMPLEMENTATIONS) registry.register(component);
  return (state = {}) => runCompose(compiled, { registry, state });
}
