// The text of flow modules that tests write to files.

/** A module that exports one flow `name`, from `trigger` to `step` with this body and these options. */
export function moduleText(
  run: string,
  {
    name = 'flow',
    options = '',
    head = '',
  }: { name?: string; options?: string; head?: string } = {},
): string {
  return `import { defineFlow, t } from '@basalt/flow-dsl';
${head}
export const ${name} = defineFlow('${name}', { version: '1.0.0' }, (f) => {
  const trigger = f.trigger('trigger', { output: t.Opaque() });
  const step = f.inline('step', {
    input: t.Opaque(),
    output: t.Opaque(),
    ${options}
    run: ${run},
  });
  f.connect(trigger, step);
  f.capture(trigger, step);
});
`;
}
