import { failureOf, runText, SET, testRegistry } from '../testing/run-text.js';
import type { Component } from './component.js';
import { composeComponent } from './compose-component.js';
import { composeOf } from '../testing/run-text.js';
import { Registry } from './registry.js';

function named(id: string): Component {
  return { id, handler: () => ({ by: id }) };
}

async function found(registry: Registry, id: string): Promise<string> {
  return (await registry.find(id)).id;
}

test('ids match as they are, with - for _, and by major version', async () => {
  const registry = new Registry()
    .register(named('lcod://a/read-file@1'))
    .register(named('lcod://b/x@1.2.0'))
    .register(named('lcod://b/x@1.10.0'))
    .register(named('lcod://b/x@2.0.0-rc.1'));
  expect(await found(registry, 'lcod://a/read_file@1')).toBe('lcod://a/read-file@1');
  expect(await found(registry, 'lcod://a/read-file@1.0.0')).toBe('lcod://a/read-file@1');
  expect(await found(registry, 'lcod://b/x@1')).toBe('lcod://b/x@1.10.0');
  expect(await found(registry, 'lcod://b/x@1.2.0')).toBe('lcod://b/x@1.2.0');
  await expect(found(registry, 'lcod://b/x@2')).rejects.toMatchObject({ code: 'COMP101' });
  await expect(found(registry, 'lcod://b/x@1.3.0')).rejects.toMatchObject({ code: 'COMP101' });
});

test('layers add and replace without changing what is below', async () => {
  const below = new Registry().register(named('lcod://a/x@1'));
  const above = below.layer().register({ ...SET, id: 'lcod://a/y@1' });
  expect(await found(above, 'lcod://a/x@1')).toBe('lcod://a/x@1');
  expect(above.ids()).toEqual(['lcod://a/x@1', 'lcod://a/y@1']);
  await expect(found(below, 'lcod://a/y@1')).rejects.toMatchObject({ code: 'COMP101' });
});

test('contracts are bound, by chains too; a registered id wins', async () => {
  const registry = new Registry()
    .register(named('lcod://impl/pay@1'))
    .bind('lcod://contract/pay@1', 'lcod://contract/money@1')
    .bind('lcod://contract/money@1.0.0', 'lcod://impl/pay@1');
  expect(await found(registry, 'lcod://contract/pay@1')).toBe('lcod://impl/pay@1');
  expect(await found(registry.layer(), 'lcod://contract/pay@1')).toBe('lcod://impl/pay@1');
  const own = registry.layer().register(named('lcod://contract/pay@1'));
  expect(await found(own, 'lcod://contract/pay@1')).toBe('lcod://contract/pay@1');
});

test('contracts without an implementation, or bound to themselves, are errors', async () => {
  const registry = new Registry()
    .bind('lcod://contract/a@1', 'lcod://contract/b@1')
    .bind('lcod://contract/b@1', 'lcod://contract/a@1')
    .bind('lcod://contract/c@1', 'lcod://impl/none@1');
  const find = async (id: string) => registry.find(id);
  await expect(find('lcod://contract/a@1')).rejects.toMatchObject({ code: 'COMP105' });
  await expect(find('lcod://contract/c@1')).rejects.toMatchObject({ code: 'COMP101' });
  await expect(find('lcod://contract/none@1')).rejects.toMatchObject({ code: 'COMP102' });
  expect(() => registry.bind('lcod://contract/x@1', 'lcod://contract/x@1')).toThrow(
    expect.objectContaining({ code: 'COMP105' }),
  );
});

test('what is not there is loaded once', async () => {
  const asked: string[] = [];
  const registry = new Registry(undefined, (id) => {
    asked.push(id);
    return Promise.resolve(id.includes('none') ? undefined : named(id));
  });
  expect(await found(registry.layer(), 'lcod://a/x@1')).toBe('lcod://a/x@1');
  expect(await found(registry, 'lcod://a/x@1')).toBe('lcod://a/x@1');
  await expect(found(registry, 'lcod://a/none@1')).rejects.toMatchObject({ code: 'COMP101' });
  expect(asked).toEqual(['lcod://a/x@1', 'lcod://a/none@1']);
});

test('a component sees its declared inputs and gives its declared outputs', async () => {
  const body = 'compose: [{call: lcod://impl/set@1, in: {"...": "="}, out: {seen: $}}]';
  const component = composeComponent({
    id: 'lcod://x/y@1',
    compose: composeOf(body),
    inputs: ['a', 'b'],
    outputs: ['seen', 'other'],
  });
  const text = 'compose: [{call: lcod://x/y@1, in: {a: 1, z: 2}, out: {r: $}}]';
  const registry = testRegistry(component);
  expect(await runText(text, { outer: 1 }, { registry })).toEqual({
    outer: 1,
    r: { seen: { a: 1 }, other: null },
  });
});

test('components that call themselves without end are stopped', async () => {
  const again = composeComponent({
    id: 'lcod://x/again@1',
    compose: composeOf('compose: [{call: lcod://x/again@1}]'),
  });
  const text = 'compose: [{call: lcod://x/again@1}]';
  expect(await failureOf(text, {}, { registry: testRegistry(again) })).toMatchObject({
    code: 'COMP106',
  });
});
