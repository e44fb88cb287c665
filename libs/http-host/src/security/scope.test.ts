import { allowsFlow, allowsHost, parseScope, type Scope } from './scope.js';

const scopes = (...texts: string[]): Scope[] => texts.map((text) => parseScope(text)!);

describe('parseScope', () => {
  it.each([
    ['*', { on: 'everything', flow: undefined, action: undefined }],
    ['flow:orders:run', { on: 'flow', flow: 'orders', action: 'run' }],
    ['flow:orders:*', { on: 'flow', flow: 'orders', action: undefined }],
    ['flow:*:view', { on: 'flow', flow: undefined, action: 'view' }],
    ['flow:shop:orders:cancel', { on: 'flow', flow: 'shop:orders', action: 'cancel' }],
    ['host:metrics', { on: 'host', flow: undefined, action: 'metrics' }],
    ['host:*', { on: 'host', flow: undefined, action: undefined }],
  ])('reads %s', (text, scope) => {
    expect(parseScope(text)).toEqual(scope);
  });

  it.each([
    '',
    '**',
    'flow',
    'flow:',
    'flow:orders',
    'flow::run',
    'flow:orders:',
    'flow:orders:RUN',
  ])('refuses %p', (text) => expect(parseScope(text)).toBeUndefined());

  it.each(['flow:orders:delete', 'host:', 'host:run', 'host:metrics:', ' *', 'Flow:orders:run'])(
    'refuses %p',
    (text) => expect(parseScope(text)).toBeUndefined(),
  );
});

describe('allowsFlow', () => {
  it('allows exactly what a scope names', () => {
    const given = scopes('flow:orders:run');
    expect(allowsFlow(given, 'orders', 'run')).toBe(true);
    expect(allowsFlow(given, 'orders', 'view')).toBe(false);
    expect(allowsFlow(given, 'orders2', 'run')).toBe(false);
    expect(allowsFlow(given, 'order', 'run')).toBe(false);
    expect(allowsHost(given, 'metrics')).toBe(false);
  });

  it('knows the wide scopes', () => {
    expect(allowsFlow(scopes('flow:*:view'), 'anything', 'view')).toBe(true);
    expect(allowsFlow(scopes('flow:*:view'), 'anything', 'run')).toBe(false);
    expect(allowsFlow(scopes('flow:a:*'), 'a', 'cancel')).toBe(true);
    expect(allowsFlow(scopes('*'), 'a', 'cancel')).toBe(true);
    expect(allowsFlow(scopes('host:*'), 'a', 'view')).toBe(false);
    expect(allowsFlow([], 'a', 'view')).toBe(false);
  });

  it('does not take a flow that is named * for all flows by accident of another name', () => {
    expect(allowsFlow(scopes('flow:a*:run'), 'ab', 'run')).toBe(false);
    expect(allowsFlow(scopes('flow:a*:run'), 'a*', 'run')).toBe(true);
  });
});

describe('allowsHost', () => {
  it('asks for a scope on the host', () => {
    expect(allowsHost(scopes('host:metrics'), 'metrics')).toBe(true);
    expect(allowsHost(scopes('host:*'), 'metrics')).toBe(true);
    expect(allowsHost(scopes('*'), 'metrics')).toBe(true);
    expect(allowsHost(scopes('flow:*:*'), 'metrics')).toBe(false);
  });
});
