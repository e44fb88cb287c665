import type { Value } from '@basalt/ir';
import { DELAY, failureOf, runText, testRegistry } from '../testing/run-text.js';
import { composeComponent } from '../run/compose-component.js';
import { composeOf } from '../testing/run-text.js';

const SET = 'lcod://impl/set@1';

async function results(text: string, state: Record<string, Value> = {}): Promise<unknown> {
  return (await runText(`compose: [${text}]`, state))['r'];
}

describe('if', () => {
  const branch = (cond: string) => `{call: lcod://flow/if@1, in: {cond: ${cond}}, slots: {
    then: [{call: ${SET}, in: {w: yes}, out: {w: w}}],
    else: [{call: ${SET}, in: {w: no}, out: {w: w}}]}, out: {r: w}}`;

  test.each([
    ['true', 'yes'],
    ['"0"', 'yes'],
    ['[]', 'yes'],
    ['{}', 'yes'],
    ['0', 'no'],
    ['""', 'no'],
    ['null', 'no'],
    ['$.none', 'no'],
    ['.nan', 'no'],
  ])('%s is %s', async (cond, expected) => {
    expect(await results(branch(cond))).toBe(expected);
  });

  test('its result has the keys around it too, and is empty without else', async () => {
    const text = '{call: lcod://flow/if@1, in: {cond: true}, slots: {then: []}, out: {r: x}}';
    expect(await results(text, { x: 5 })).toBe(5);
    const none = '{call: lcod://flow/if@1, in: {cond: false}, slots: {then: []}, out: {r: $}}';
    expect(await results(none, { x: 5 })).toEqual({});
  });

  test('without then it fails where it would run', async () => {
    const text = 'compose: [{call: lcod://flow/if@1, in: {cond: 1}}]';
    expect(await failureOf(text)).toMatchObject({
      code: 'COMP103',
      where: { compose: 'test.yaml', step: '/compose/0', call: 'lcod://flow/if@1' },
    });
  });
});

describe('foreach', () => {
  const loop = (body: string, more = '') =>
    `{call: lcod://flow/foreach@1, in: {list: $.l}, slots: {body: [${body}]}, ${more} out: {r: results}}`;
  const put = `{call: ${SET}, in: {v: $slot.item, i: $slot.index}, out: {v: v, i: i}}`;

  test('collects items, or what collectPath finds', async () => {
    expect(await results(loop(put), { l: [7, 8] })).toEqual([7, 8]);
    expect(await results(loop(put, 'collectPath: $.i,'), { l: [7, 8] })).toEqual([0, 1]);
    expect(await results(loop(put, 'collectPath: $slot.item.a,'), { l: [{ a: 1 }, {}] })).toEqual([
      1,
    ]);
    expect(await results(loop(put), { l: 'a\u{1F600}' })).toEqual(['a', '\u{1F600}']);
  });

  test('iterations start from the state before the loop', async () => {
    const body = `{call: ${SET}, in: {n: $.n, seen: $.seen}, out: {all: $}}, {call: ${SET}, in: {x: 1}, out: {seen: x}}`;
    expect(await results(loop(body, 'collectPath: $.all,'), { l: [1, 2], n: 5 })).toEqual([
      { n: 5, seen: null },
      { n: 5, seen: null },
    ]);
  });

  test('continue and break leave inner slots; variables reach them', async () => {
    const body = `
      {call: lcod://flow/if@1, in: {cond: $slot.item.skip}, slots: {then: [{call: lcod://flow/continue@1}]}},
      {call: lcod://flow/try@1, slots: {body: [
        {call: lcod://flow/if@1, in: {cond: $slot.item.stop}, slots: {then: [{call: lcod://flow/break@1}]}}]}},
      {call: lcod://flow/if@1, in: {cond: true}, slots: {then: [{call: ${SET}, in: {v: $slot.item.v}, out: {v: v}}]}, out: {v: v}}`;
    const l: Value = [{ v: 1 }, { v: 2, skip: true }, { v: 3 }, { v: 4, stop: true }, { v: 5 }];
    expect(await results(loop(body, 'collectPath: $.v,'), { l })).toEqual([1, 3]);
  });

  test('an inner loop hides the item of the outer one', async () => {
    const inner = `{call: lcod://flow/foreach@1, in: {list: $slot.item}, slots: [${put}], collectPath: $.v, out: {v: results}}`;
    expect(await results(loop(inner, 'collectPath: $.v,'), { l: [[1], [2, 3]] })).toEqual([
      [1],
      [2, 3],
    ]);
  });

  test('without items else runs once', async () => {
    const text = `{call: lcod://flow/foreach@1, in: {list: []}, slots: {body: [], else: [${put}]}, collectPath: $.i, out: {r: results}}`;
    expect(await results(text)).toEqual([-1]);
    expect(await results(loop(put), { l: [] })).toEqual([]);
    expect(await results(loop(put))).toEqual([]);
  });

  test('waits for steps that wait, in order', async () => {
    const slow = `{call: lcod://impl/delay@1, in: {ms: $slot.item, i: $slot.index}, out: {i: i}}`;
    expect(await results(loop(slow, 'collectPath: $.i,'), { l: [8, 1, 0] })).toEqual([0, 1, 2]);
  });

  test('a list that is none, and a body that is missing, are errors', async () => {
    expect(
      await failureOf('compose: [{call: lcod://flow/foreach@1, in: {list: 5}, slots: []}]'),
    ).toMatchObject({ code: 'COMP112' });
    expect(
      await failureOf('compose: [{call: lcod://flow/foreach@1, in: {list: [1]}}]'),
    ).toMatchObject({ code: 'COMP103' });
  });

  test('a million iterations that wait for nothing can be timed out', async () => {
    const text = `compose: [${loop(put)}]`;
    const l = Array.from({ length: 20_000_000 }, () => 0);
    expect(await failureOf(text, { l }, { timeoutMs: 50 })).toMatchObject({ code: 'COMP109' });
  });
});

describe('while', () => {
  const count = `{call: lcod://flow/while@1, in: {state: {n: 0}, maxIterations: $.most}, slots: {
    condition: [{call: lcod://test/less@1, in: {a: $.n, b: 3}, out: {continue: less}}],
    body: [{call: lcod://test/add@1, in: {a: $.n, b: 1}, out: {n: sum}}],
    else: [{call: ${SET}, in: {n: none}, out: {n: n}}]}, out: {r: $}}`;
  const registry = testRegistry(
    { id: 'lcod://test/less@1', handler: ({ a, b }) => ({ less: Number(a) < Number(b) }) },
    { id: 'lcod://test/add@1', handler: ({ a, b }) => ({ sum: Number(a) + Number(b) }) },
  );
  const run = (text: string, state = {}) => runText(`compose: [${text}]`, state, { registry });

  test('goes on until the condition fails', async () => {
    const { r } = await run(count);
    expect(r).toEqual({ state: { n: 3 }, iterations: 3 });
  });

  test('a bound that is passed is an error; one that is met is not', async () => {
    expect((await run(count, { most: 3 }))['r']).toMatchObject({ iterations: 3 });
    expect(await failureOf(`compose: [${count}]`, { most: 2 }, { registry })).toMatchObject({
      code: 'COMP104',
    });
    expect(await failureOf(`compose: [${count}]`, { most: -1 }, { registry })).toMatchObject({
      code: 'COMP112',
    });
  });

  const of = (condition: string, body = '', rest = '') =>
    `{call: lcod://flow/while@1, in: {state: {n: 1}, maxIterations: 5}, slots: {condition: [${condition}], body: [${body}]${rest}}, out: {r: $}}`;

  test.each([
    ['value', '[]', 0],
    ['value', '{}', 0],
    ['cond', '""', 0],
    ['continue', 'false', 0],
  ])('%s: %s ends it', async (key, value, iterations) => {
    const { r } = await run(of(`{call: ${SET}, in: {v: ${value}}, out: {${key}: v}}`));
    expect(r).toEqual({ state: { n: 1 }, iterations });
  });

  test('else runs where nothing was done; break and continue count', async () => {
    const no = `{call: ${SET}, in: {v: false}, out: {cond: v}}`;
    const yes = `{call: ${SET}, in: {v: true}, out: {cond: v}}`;
    const otherwise = `, else: [{call: ${SET}, in: {e: $slot.index}, out: {e: e}}]`;
    expect((await run(of(no, '', otherwise)))['r']).toEqual({
      state: { n: 1, e: 0 },
      iterations: 0,
    });
    const stop = `{call: lcod://flow/if@1, in: {cond: $slot.index}, slots: {then: [{call: lcod://flow/break@1}]}}, {call: lcod://flow/continue@1}`;
    expect((await run(of(yes, stop)))['r']).toEqual({ state: { n: 1 }, iterations: 2 });
  });

  test('a condition may set the state, and must say something', async () => {
    const text = of(
      `{call: lcod://test/less@1, in: {a: $slot.index, b: 1}, out: {cond: less}}, {call: ${SET}, in: {state: {k: 1}}, out: {state: state}}`,
    );
    expect((await run(text))['r']).toEqual({ state: { k: 1 }, iterations: 1 });
    expect(await failureOf(`compose: [${of('')}]`)).toMatchObject({ code: 'COMP112' });
    const empty = '{call: lcod://flow/while@1, slots: {condition: [], body: []}, out: {r: $}}';
    expect((await run(empty))['r']).toEqual({ state: {}, iterations: 0 });
  });
});

describe('parallel', () => {
  const tasks = (list: string, body: string, more = '') =>
    `{call: lcod://flow/parallel@1, in: {tasks: ${list}${more}}, slots: {tasks: [${body}]}, collectPath: $.i, out: {r: results}}`;

  test('runs at once, within its bound, and keeps the order', async () => {
    const gauge = { now: 0, most: 0 };
    const work = {
      id: 'lcod://test/work@1',
      handler: async () => {
        gauge.most = Math.max(gauge.most, ++gauge.now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        gauge.now -= 1;
        return {};
      },
    };
    const registry = testRegistry(work);
    const body = `{call: lcod://test/work@1}, {call: ${SET}, in: {i: $slot.index}, out: {i: i}}`;
    const run = (more = '') =>
      runText(`compose: [${tasks('[5, 5, 5, 5, 5, 5]', body, more)}]`, {}, { registry });
    expect((await run())['r']).toEqual([0, 1, 2, 3, 4, 5]);
    expect(gauge.most).toBe(6);
    gauge.most = 0;
    expect((await run(', parallelism: 2'))['r']).toEqual([0, 1, 2, 3, 4, 5]);
    expect(gauge.most).toBe(2);
  });

  test('the first error cancels the rest, and is the error', async () => {
    const stopped: Value[] = [];
    const slow = {
      id: 'lcod://test/slow@1',
      handler: (input: Record<string, Value>, call: { readonly signal: AbortSignal }) =>
        new Promise<Value>((_resolve, reject) => {
          call.signal.addEventListener('abort', () => {
            const { code } = call.signal.reason as { readonly code: string };
            stopped.push([input['i']!, code]);
            reject(call.signal.reason as Error);
          });
        }),
    };
    const body = `{call: lcod://flow/if@1, in: {cond: $slot.item}, slots: {
      then: [{call: lcod://flow/throw@1, in: {code: e1, message: no}}],
      else: [{call: lcod://test/slow@1, in: {i: $slot.index}}]}}`;
    const text = `compose: [${tasks('[0, 0, 1, 0]', body, ', parallelism: 3')}]`;
    const failure = await failureOf(text, {}, { registry: testRegistry(slow) });
    expect(failure).toMatchObject({ code: 'e1', message: 'no' });
    expect(stopped).toEqual([
      [0, 'COMP113'],
      [1, 'COMP113'],
    ]);
  });

  test('none, or no list', async () => {
    expect(await results(tasks('[]', ''))).toEqual([]);
    const text = `compose: [${tasks('5', '')}]`;
    expect(await failureOf(text)).toMatchObject({ code: 'COMP112' });
    const bound = `compose: [${tasks('[1]', '', ', parallelism: 0')}]`;
    expect(await failureOf(bound)).toMatchObject({ code: 'COMP112' });
  });
});

describe('try', () => {
  const fail = '{call: lcod://flow/throw@1, in: {code: e1, message: m, data: {d: 1}}}';
  const set = (key: string, value: string) => `{call: ${SET}, in: {v: ${value}}, out: {${key}: v}}`;
  const attempt = (slots: string) => `{call: lcod://flow/try@1, slots: {${slots}}, out: {r: $}}`;

  test('without an error it gives the state of its body', async () => {
    expect(await results(attempt(`body: [${set('a', '1')}], catch: [${set('c', '1')}]`))).toEqual({
      a: 1,
    });
  });

  test('catch starts from the state around the step, with the error', async () => {
    const text = attempt(
      `body: [${set('a', '1')}, ${fail}], catch: [${set('e', '$slot.error')}, ${set('p', '$slot.phase')}]`,
    );
    expect(await results(text, { x: 1 })).toEqual({
      x: 1,
      e: {
        code: 'e1',
        message: 'm',
        data: { d: 1 },
        where: {
          compose: 'test.yaml',
          step: '/compose/0/slots/body/1',
          call: 'lcod://flow/throw@1',
        },
      },
      p: 'catch',
    });
  });

  test('finally runs always, and its state is merged', async () => {
    const last = set('f', '$slot.error');
    const good = attempt(`body: [${set('a', '1')}], finally: [${last}]`);
    expect(await results(good)).toEqual({ a: 1, f: null });
    const bad = `compose: [${attempt(`body: [${fail}], finally: [{call: lcod://test/note@1, in: {e: $slot.error.code}}]`)}]`;
    const noted: Value[] = [];
    const note = {
      id: 'lcod://test/note@1',
      handler: ({ e }: Record<string, Value>) => {
        noted.push(e!);
        return {};
      },
    };
    expect(await failureOf(bad, {}, { registry: testRegistry(note) })).toMatchObject({
      code: 'e1',
    });
    expect(noted).toEqual(['e1']);
  });

  test('what finally or catch throw takes the place of the error', async () => {
    const other = '{call: lcod://flow/throw@1, in: {code: e2}}';
    for (const slots of [
      `body: [${fail}], finally: [${other}]`,
      `body: [${fail}], catch: [${other}]`,
    ]) {
      expect(await failureOf(`compose: [${attempt(slots)}]`)).toMatchObject({
        code: 'e2',
        message: 'Flow throw',
      });
    }
  });

  test('errors of handlers get a code and the step', async () => {
    const broken = {
      id: 'lcod://test/broken@1',
      handler: () => {
        throw Object.assign(new TypeError('bad'), { cause: new Error('deeper') });
      },
    };
    const failure = await failureOf(
      'compose: [{call: lcod://test/broken@1}]',
      {},
      {
        registry: testRegistry(broken),
      },
    );
    expect(failure).toEqual({
      code: 'unexpected_error',
      message: 'bad',
      cause: { code: 'unexpected_error', message: 'deeper' },
      where: { compose: 'test.yaml', step: '/compose/0', call: 'lcod://test/broken@1' },
    });
  });

  test('a cancellation is not caught, and finally still runs', async () => {
    const seen: Value[] = [];
    const note = {
      id: 'lcod://test/note@1',
      handler: (input: Record<string, Value>) => {
        seen.push(input['v']!);
        return {};
      },
    };
    const text = `compose: [${attempt(`
      body: [{call: lcod://impl/delay@1, in: {ms: 600000}}],
      catch: [{call: lcod://test/note@1, in: {v: caught}}],
      finally: [{call: lcod://impl/delay@1, in: {ms: 1}}, {call: lcod://test/note@1, in: {v: cleaned}}]`)}]`;
    const registry = testRegistry(DELAY, note);
    expect(await failureOf(text, {}, { registry, timeoutMs: 20 })).toMatchObject({
      code: 'COMP109',
    });
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(seen).toEqual(['cleaned']);
  });
});

describe('signals and cancellation', () => {
  test.each(['break', 'continue'])('%s outside of a loop is an error', async (signal) => {
    expect(await failureOf(`compose: [{call: lcod://flow/${signal}@1}]`)).toMatchObject({
      code: 'COMP111',
    });
  });

  test('an execution that is cancelled before it starts does nothing', async () => {
    const options = { signal: AbortSignal.abort() };
    const text = 'compose: [{call: lcod://flow/check_abort@1}]';
    expect(await failureOf(text, {}, options)).toMatchObject({ code: 'COMP110' });
    expect(await runText(text)).toEqual({});
  });

  test('clean-ups run after their call, the last one first, whatever happens', async () => {
    const order: string[] = [];
    const opener = {
      id: 'lcod://test/open@1',
      handler: (_input: Record<string, Value>, call: { defer(work: () => unknown): void }) => {
        call.defer(() => order.push('first'));
        call.defer(() => {
          order.push('second');
          throw new Error('ignored');
        });
        order.push('work');
        return {};
      },
    };
    const text = 'compose: [{call: lcod://test/open@1}, {call: lcod://flow/throw@1}]';
    await failureOf(text, {}, { registry: testRegistry(opener) });
    expect(order).toEqual(['work', 'second', 'first']);
  });
});

describe('run_slot', () => {
  const body = (step: string) =>
    composeComponent({ id: 'lcod://x/wrap@1', compose: composeOf(`compose: [${step}]`) });
  const run = (step: string, slots = '') =>
    runText(
      `compose: [{call: lcod://x/wrap@1, in: {n: 1}, slots: {${slots}}, out: {r: r}}]`,
      { n: 7 },
      {
        registry: testRegistry(body(step)),
      },
    );
  const slot =
    '{call: lcod://contract/compose/run_slot@1, in: {slot: work, state: {n: $.n}, slotVars: {v: 2}, optional: $.o}, out: {r: $}}';

  test('runs what the caller of the component fills', async () => {
    const work = `work: [{call: ${SET}, in: {n: $.n, v: $slot.v}, out: {got: $}}]`;
    expect(await run(slot, work)).toMatchObject({
      r: { ran: true, result: { n: 1, got: { n: 1, v: 2 } } },
    });
  });

  test('tells what failed, and what is not there', async () => {
    expect((await run(slot, 'work: [{call: lcod://flow/throw@1, in: {code: e1}}]'))['r']).toEqual({
      ran: true,
      error: { code: 'e1', message: 'Flow throw' },
    });
    expect((await run(slot))['r']).toMatchObject({ ran: true, error: { code: 'COMP103' } });
    const optional = slot.replace('$.o', 'true');
    expect((await run(optional))['r']).toEqual({ ran: false, result: null });
  });
});
