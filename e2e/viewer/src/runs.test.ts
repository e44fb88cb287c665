// What people do: find a flow, start a run by its form, watch it, look into nodes, stop it, run it
// again, and find runs.
import { FLOW_COUNT } from './serve-viewer.js';
import { until, untilHolds } from './until.js';
import { ViewerSession } from './viewer-session.js';

const session = new ViewerSession();
beforeAll(() => session.start());
afterAll(() => session.end());
afterEach(() => expect(session.faults).toEqual([]));

const text = async (locator: { innerText(): Promise<string> }) =>
  (await locator.innerText()).replaceAll(/\s+/g, ' ').trim();

describe('flows', () => {
  it('are listed, and lead to their graphs', async () => {
    const page = await session.open('');
    await page.getByRole('heading', { name: 'Flows' }).waitFor();
    await until(() => page.locator('.card h2').count(), FLOW_COUNT);
    await page.getByRole('link', { name: 's3_branching' }).click();
    await page.getByRole('button', { name: 'choose, inline, pure' }).waitFor();
    await until(() => page.locator('.graph .node').count(), 8);
    await until(() => page.locator('.graph .edge-line').count(), 10 + 3);
    expect(await page.title()).toBe('s3_branching \u00b7 Basalt');
    await page.close();
  });

  it('show what a node is when it is opened, and share the address of it', async () => {
    const page = await session.open(`#/flows/${session.flowId('payments_saga')}`);
    await page.getByRole('button', { name: /^charge, activity, effectful, 3 attempts/ }).click();
    const card = page.getByRole('complementary', { name: 'Node charge' });
    expect(await text(card)).toContain('3 attempts, first wait 50 ms, times 2');
    expect(new URL(page.url()).hash).toContain('?node=charge');
    await page.reload();
    await card.waitFor();
    await page.getByRole('button', { name: 'Close node' }).click();
    await card.waitFor({ state: 'detached' });
    await page.close();
  });

  it('have the findings of the checks in place, and lead from one to its node', async () => {
    const page = await session.open(`#/flows/${session.flowId('late_limit')}`);
    await page.locator('.node-finding.severity-warning').waitFor();
    const finding = page.locator('.finding.severity-warning');
    expect(await text(finding)).toContain(
      'warning TIME016 Node work may take 5000 ms, but every execution ends after 1000 ms.',
    );
    await finding.getByRole('button', { name: 'work' }).click();
    const card = page.getByRole('complementary', { name: 'Node work' });
    await card.getByText('TIME016').waitFor();
    await page.close();
  });

  it('are there as tables, too', async () => {
    const page = await session.open(`#/flows/${session.flowId('s3_branching')}`);
    await page.getByText('Graph as tables (8 nodes, 10 edges)').click();
    const rows = page.getByRole('region', { name: 'Edges' }).locator('tbody tr');
    expect(await text(rows.nth(1))).toBe('route choose at least once /flag is true');
    await page.close();
  });
});

describe('a run', () => {
  it('is started by the form, watched live, opened node by node, and run again', async () => {
    const page = await session.open(`#/flows/${session.flowId('slow_work')}`);
    await page.getByRole('button', { name: 'Start run' }).click();
    const form = page.getByRole('dialog', { name: 'Start slow_work' });
    await form.getByLabel('items').fill('40');
    await form.getByLabel('ms', { exact: true }).fill('50');
    await form.getByRole('button', { name: 'Start run' }).click();
    await page.waitForURL(/#\/runs\//);
    const first = page.url();
    const status = page.locator('.strip').first().locator('dd').first();
    await page.locator('.badge.status-running').waitFor();
    // The node is seen at work while it is: its state, then its counts.
    await page.locator('.node.state-running').filter({ hasText: 'work' }).waitFor();
    await page.locator('.edge-count.is-queued').waitFor();
    await page.getByRole('button', { name: /^work, activity/ }).click();
    const inspector = page.getByRole('region', { name: 'In this run' });
    await inspector.getByText('Retries').waitFor();
    await page.locator('.badge.status-completed').waitFor();
    expect(await text(status)).toBe('\u2713 completed');
    const attempts = inspector.locator('dl');
    await attempts.getByText('50', { exact: true }).waitFor();
    await untilHolds(() => text(attempts), 'Attempts 50 Failed 10 Retries 10');
    await inspector
      .locator('.attempt')
      .last()
      .getByText('No output')
      .waitFor({ state: 'detached' });
    await until(() => text(inspector.locator('.attempt pre').last()), '{ "item": 40 }');
    const timeline = page.locator('.timeline');
    await untilHolds(() => text(timeline), 'retried work attempt 1 failed');
    const values = page.locator('#values').locator('..');
    const wanted = 'Input Copy { "items": 40, "ms": 50 } Output, first of 40';
    await untilHolds(() => text(values), wanted);
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.waitForURL((url) => url.href !== first && url.hash.startsWith('#/runs/'));
    await page.getByText('viewer.again_of').waitFor();
    await page.close();
  });

  it('is cancelled, and says so', async () => {
    const id = await session.startRun('slow_work', { items: 1, ms: 60_000 });
    const page = await session.open(`#/runs/${id}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.badge.status-cancelled').waitFor();
    await page.getByText('it was cancelled in the run viewer').waitFor();
    await page.locator('.node.state-cancelled').filter({ hasText: 'work' }).waitFor();
    await until(() => page.getByRole('button', { name: 'Cancel', exact: true }).count(), 0);
    await page.locator('.node.state-skipped').filter({ hasText: 'respond' }).waitFor();
    await page.close();
  });

  it('that failed says why, and what was undone', async () => {
    const payload = { id: 'o-1', item: 'lamp', amount: 40, deliverable: false };
    const page = await session.open(`#/runs/${await session.startRun('payments_saga', payload)}`);
    await page.locator('.badge.status-failed').waitFor();
    expect(await text(page.locator('.notice.danger'))).toContain(
      'RUN101 Node ship failed on attempt 1: nobody delivers to order o-1',
    );
    await untilHolds(() => text(page.locator('.timeline')), 'compensated reserve undone');
    expect(await text(page.locator('.timeline'))).toMatch(
      /failed ship .* compensated charge undone .* compensated reserve undone/,
    );
    await page.close();
  });

  it('that waits for a decision says so', async () => {
    const page = await session.open(
      `#/runs/${await session.startRun('human_approval', { id: 'e1', amount: 900 })}`,
    );
    await page.locator('.badge.status-waiting').waitFor();
    await page.locator('.node.state-pending').filter({ hasText: 'decide' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.badge.status-cancelled').waitFor();
    await page.close();
  });

  it('keeps personal data and secrets to itself', async () => {
    const id = await session.startRun('personal_data', { name: 'Ann Example', api_key: 'k-1234' });
    const page = await session.open(`#/runs/${id}?node=store`);
    await page.getByText('Data of the class "personal" is not shown.').waitFor();
    expect(await page.content()).not.toMatch(/Ann Example|k-1234/);
    await page.close();
  });
});

describe('the form', () => {
  it('shows each problem at its field, takes every kind of field, and shows what it sent', async () => {
    const page = await session.open(`#/flows/${session.flowId('every_field')}`);
    await page.getByRole('button', { name: 'Start run' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: 'Start run' }).click();
    await form.getByText('things are not right yet').waitFor();
    const title = form.getByLabel('title');
    expect(await title.getAttribute('aria-invalid')).toBe('true');
    expect(await title.evaluate((element) => element === document.activeElement)).toBe(true);
    await title.fill('A lamp');
    await form.getByLabel('count').fill('11');
    await form.getByLabel('price').fill('12.5');
    await form.getByLabel('urgent').selectOption('false');
    await form.getByLabel('colour').selectOption('blue');
    await form.getByRole('button', { name: 'Add tag' }).click();
    await form.getByLabel('tag 1', { exact: true }).fill('new');
    await form.getByLabel('street').fill('Main Street 1');
    await form.getByLabel('zip').fill('12345');
    await form.getByLabel('Kind of payment').selectOption({ label: 'kind: invoice' });
    await form.getByLabel('days').fill('14');
    await form.getByLabel('extra').fill('{ "weight": 2.5 }');
    await form.getByRole('button', { name: 'Start run' }).click();
    await form.getByText('count must be at most 10.').waitFor();
    await form.getByLabel('count').fill('3');
    await form.getByRole('button', { name: 'Start run' }).click();
    await page.locator('.badge.status-completed').waitFor();
    const sent = await page.locator('.value pre').first().innerText();
    expect(JSON.parse(sent)).toEqual({
      title: 'A lamp',
      count: 3,
      price: 12.5,
      urgent: false,
      colour: 'blue',
      tags: ['new'],
      address: { street: 'Main Street 1', zip: '12345' },
      payment: { kind: 'invoice', days: 14 },
      extra: { weight: 2.5 },
    });
    await page.close();
  });

  it('can be left for JSON and back, and shows what the host finds wrong', async () => {
    const page = await session.open(`#/flows/${session.flowId('every_field')}`);
    await page.getByRole('button', { name: 'Start run' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('title').fill('Kept');
    await form.getByRole('button', { name: 'JSON' }).click();
    const json = form.getByLabel('Payload', { exact: true });
    expect(JSON.parse(await json.inputValue())).toMatchObject({ title: 'Kept' });
    await json.fill('{ "title": "x", "count": 1 }');
    await form.getByRole('button', { name: 'Start run' }).click();
    await form.getByText('/price must be given').waitFor();
    await form.getByRole('button', { name: 'Form', exact: true }).click();
    await form.getByText('title must not have fewer than 3 characters.').waitFor();
    expect(await form.getByLabel('count').inputValue()).toBe('1');
    await page.close();
    // The browser reports the refused request.
    expect(session.faults.splice(0)).toEqual([
      'Failed to load resource: the server responded with a status of 400 (Bad Request)',
    ]);
  });
});

describe('the list of runs', () => {
  it('is filtered and searched, and keeps the filter in the address', async () => {
    const id = await session.startRun('s1_echo', { text: 'x' });
    const page = await session.open('#/runs');
    await page.getByRole('link', { name: id }).waitFor();
    const rows = page.locator('.run-row');
    const before = await rows.count();
    await page.getByLabel('Status').selectOption('failed');
    await page.getByRole('link', { name: id }).waitFor({ state: 'detached' });
    expect(await rows.count()).toBeLessThan(before);
    expect(new URL(page.url()).hash).toBe('#/runs?status=failed');
    await page.reload();
    expect(await page.getByLabel('Status').inputValue()).toBe('failed');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Search').fill(id.slice(0, 13).toUpperCase());
    await page.getByText('1 shown of').waitFor();
    await until(() => rows.count(), 1);
    await page.getByLabel('Search').fill('no such run');
    await page.getByText('No run is like this.').waitFor();
    await page.close();
  });

  it('shows new runs by itself', async () => {
    const page = await session.open('#/runs');
    await page.locator('.run-row').first().waitFor();
    const id = await session.startRun('s1_echo', { text: 'later' });
    await page.getByRole('link', { name: id }).waitFor();
    await page.close();
  });
});

describe('what is not there', () => {
  it('is said in words', async () => {
    const page = await session.open('#/runs/nothing');
    await page.getByText('Run nothing is not remembered here.').waitFor();
    await page.goto(`${session.host.pages}#/elsewhere`);
    await page.getByText('There is no such page').waitFor();
    await page.close();
    expect(session.faults.splice(0)).toEqual([
      'Failed to load resource: the server responded with a status of 404 (Not Found)',
    ]);
  });
});
