// The pages for everybody: by keyboard alone, for screen readers (axe-core), in both colour schemes, and
// on a phone.
import type { Page } from 'playwright-core';
import { findViolations } from './find-violations.js';
import { until } from './until.js';
import { ViewerSession } from './viewer-session.js';

const session = new ViewerSession();
const runs = { failed: '', running: '', waiting: '' };
beforeAll(async () => {
  await session.start();
  const order = { id: 'o-1', item: 'lamp', amount: 40, deliverable: false };
  runs.failed = await session.startRun('payments_saga', order);
  runs.running = await session.startRun('slow_work', { items: 500, ms: 1000 });
  runs.waiting = await session.startRun('human_approval', { id: 'e1', amount: 900 });
});
afterAll(() => session.end());
afterEach(() => expect(session.faults).toEqual([]));

const focusedLabel = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });

async function openFlow(page: Page, name: string, node = ''): Promise<void> {
  await page.goto(`${session.host.pages}#/flows/${session.flowId(name)}${node}`);
  await page.locator('.node').first().waitFor();
}

/** The smallest screen that pages are made for, in pixels. */
const PHONE = { width: 360, height: 740 };

/** Every page, in the state that shows most of it. */
const PAGES: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  ['flows', (page) => page.locator('.card').first().waitFor()],
  [
    'a flow with everything open',
    async (page) => {
      await openFlow(page, 'payments_saga', '?node=charge');
      await page.locator('.side').waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.getByRole('region', { name: 'Edges' }).waitFor();
    },
  ],
  [
    'a form with problems',
    async (page) => {
      await openFlow(page, 'every_field');
      await page.getByRole('button', { name: 'Start run' }).click();
      const form = page.getByRole('dialog');
      await form.getByRole('button', { name: 'Add tag' }).click();
      await form.getByRole('button', { name: 'Start run' }).click();
      await form.getByText('things are not right yet').waitFor();
    },
  ],
  [
    'runs',
    async (page) => {
      await page.goto(`${session.host.pages}#/runs`);
      await page.locator('.run-row').first().waitFor();
    },
  ],
  [
    'a failed run with a node open',
    async (page) => {
      await page.goto(`${session.host.pages}#/runs/${runs.failed}?node=ship`);
      await page.locator('.attempt pre').waitFor();
      for (const summary of await page.locator('.panel > summary, .graph-legend summary').all()) {
        await summary.click();
      }
    },
  ],
  [
    'a running run',
    async (page) => {
      await page.goto(`${session.host.pages}#/runs/${runs.running}`);
      await page.locator('.node.state-running').first().waitFor();
    },
  ],
  [
    'a waiting run',
    async (page) => {
      await page.goto(`${session.host.pages}#/runs/${runs.waiting}`);
      await page.locator('.node.state-pending').first().waitFor();
    },
  ],
  [
    'no runs',
    async (page) => {
      await page.goto(`${session.host.pages}#/runs?q=nothing`);
      await page.getByText('No run is like this.').waitFor();
    },
  ],
  [
    'no page',
    async (page) => {
      await page.goto(`${session.host.pages}#/elsewhere`);
      await page.getByText('There is no such page').waitFor();
    },
  ],
];

describe.each(PAGES)('%s', (_name, show) => {
  it('axe-core finds nothing in light, in dark and on a phone, where nothing sticks out', async () => {
    const page = await session.open('', { colorScheme: 'light', reducedMotion: 'reduce' });
    await show(page);
    expect(await findViolations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(await findViolations(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    const widths = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      screen: window.innerWidth,
    }));
    expect(widths).toEqual({ page: 360, screen: 360 });
    expect(await findViolations(page)).toEqual([]);
    await page.close();
  });
});

describe('on a phone', () => {
  it('starts a run and opens a node', async () => {
    const page = await session.open(`#/flows/${session.flowId('s1_echo')}`, {
      viewport: PHONE,
      hasTouch: true,
    });
    await page.getByRole('button', { name: 'Start run' }).tap();
    await page.getByRole('dialog').getByLabel('text').fill(' Hello ');
    await page.getByRole('dialog').getByRole('button', { name: 'Start run' }).tap();
    await page.locator('.badge.status-completed').waitFor();
    await page.getByRole('button', { name: /^respond, / }).tap();
    await page.getByRole('region', { name: 'In this run' }).waitFor();
    await page.close();
  });
});

describe('colours', () => {
  it('follow the system until somebody chooses, and then stay', async () => {
    const page = await session.open('', { colorScheme: 'dark' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await background();
    expect(light).not.toBe(dark);
    const button = page.getByRole('button', { name: /^Colours/ });
    await button.click();
    await button.click();
    expect([await button.getAttribute('title'), await background()]).toEqual([
      'Colours: dark',
      dark,
    ]);
    await page.reload();
    expect(await background()).toBe(dark);
    await page.close();
  });
});

describe('by keyboard alone', () => {
  it('one gets to a flow, walks its graph, opens a node, and comes back', async () => {
    const page = await session.open('');
    await page.locator('.card').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await focusedLabel(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focusedLabel(page)).toBe('s1_echo');
    for (let i = 0; i < 10 && (await focusedLabel(page)) !== 's3_branching'; i += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.locator('.node').first().waitFor();
    await until(() => page.evaluate(() => document.activeElement?.tagName), 'MAIN');
    for (let i = 0; i < 10 && !(await focusedLabel(page)).startsWith('trigger,'); i += 1) {
      await page.keyboard.press('Tab');
    }
    expect(await focusedLabel(page)).toBe('trigger, trigger, read only, POST /branch');
    const seen: string[] = [];
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'End', 'Home']) {
      await page.keyboard.press(key);
      await page.waitForFunction(
        (last) => document.activeElement?.getAttribute('aria-label')?.split(',')[0] !== last,
        seen.at(-1) ?? 'trigger',
      );
      seen.push((await focusedLabel(page)).split(',')[0]!);
    }
    expect(seen.slice(0, 2)).toEqual(['route', 'choose']);
    expect(new Set(seen).size).toBe(6);
    expect(seen.slice(4)).toEqual(['respond', 'trigger']);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Node route' }).waitFor();
    await until(() => focusedLabel(page), 'route');
    await page.keyboard.press('Escape');
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.classList.contains('node-body'));
    await until(() => focusedLabel(page), 'route, inline, pure');
    await page.close();
  });

  it('one starts a run, and the focus comes back from a form that is closed', async () => {
    const page = await session.open(`#/flows/${session.flowId('s1_echo')}`);
    const start = page.getByRole('button', { name: 'Start run' });
    await start.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await until(() => focusedLabel(page), 'Start run');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('text').focus();
    await page.keyboard.type(' By keyboard ');
    await page.keyboard.press('Enter');
    await page.locator('.badge.status-completed').waitFor();
    const status = page.locator('[aria-live=polite]').filter({ hasText: 'completed' });
    await until(() => status.count(), 1);
    await page.close();
  });

  it('every element that has the focus shows it', async () => {
    const page = await session.open(`#/runs/${runs.failed}?node=ship`);
    await page.locator('.attempt pre').waitFor();
    const unseen: string[] = [];
    for (let i = 0; i < 40; i += 1) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate(() => {
        const element = document.activeElement!;
        const outline = getComputedStyle(element);
        const ring = element.parentElement?.querySelector('.node-focus') ?? null;
        const isSeen =
          (outline.outlineStyle !== 'none' && outline.outlineWidth !== '0px') ||
          (ring !== null && getComputedStyle(ring).stroke !== 'rgba(0, 0, 0, 0)') ||
          element === document.body;
        return isSeen ? '' : element.outerHTML.slice(0, 100);
      });
      if (found !== '') unseen.push(found);
    }
    expect(unseen).toEqual([]);
    await page.close();
  });
});
