// Large graphs and long lists. Times are printed, not asserted: they depend on the machine.
import { performance } from 'node:perf_hooks';
import type { Page } from 'playwright-core';
import { until } from './until.js';
import { ViewerSession } from './viewer-session.js';

const RUNS = 10_000;

const session = new ViewerSession();
beforeAll(() => session.start());
afterAll(() => session.end());
afterEach(() => expect(session.faults).toEqual([]));

function report(what: string, ms: number): void {
  process.stdout.write(`${what}: ${Math.round(ms)} ms\n`);
}

/** The longest time in which the page could answer nothing, while something is done. */
async function longestPause(page: Page, action: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => {
    const state = window as unknown as { longest: number };
    state.longest = 0;
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      state.longest = Math.max(state.longest, now - last);
      last = now;
      setTimeout(tick, 0);
    };
    tick();
  });
  await action();
  return page.evaluate(() => (window as unknown as { longest: number }).longest);
}

describe('a graph of 1,000 nodes', () => {
  it('is drawn, seen as a whole, walked and zoomed', async () => {
    const page = await session.open('');
    await page.locator('.card').first().waitFor();
    const started = performance.now();
    const pause = await longestPause(page, async () => {
      await page.getByRole('link', { name: 'large_flow' }).click();
      await page.locator('.node').first().waitFor();
    });
    report('1,000 nodes, from the click to the drawing', performance.now() - started);
    report('1,000 nodes, longest pause meanwhile', pause);
    // Only what is near the screen is in the page.
    expect(await page.locator('.node').count()).toBeLessThan(1000);
    await page.getByRole('button', { name: 'Fit' }).click();
    await until(() => page.locator('.node').count(), 1000);
    // Names that could not be read are not drawn.
    expect(await page.locator('.node-title').count()).toBe(0);
    const zoomed = await longestPause(page, async () => {
      for (let i = 0; i < 12; i += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
    });
    report('1,000 nodes, longest pause while zooming', zoomed);
    await page.locator('.node-title').first().waitFor();
    const frame = (await page.locator('.graph-frame').boundingBox())!;
    const before = await page.locator('.graph-svg > g').getAttribute('transform');
    const panned = await longestPause(page, async () => {
      await page.mouse.move(frame.x + 600, frame.y + 300);
      await page.mouse.down();
      for (let i = 0; i < 20; i += 1) await page.mouse.move(frame.x + 600 - 20 * i, frame.y + 300);
      await page.mouse.up();
    });
    report('1,000 nodes, longest pause while panning', panned);
    expect(await page.locator('.graph-svg > g').getAttribute('transform')).not.toBe(before);
    await page.locator('.node-body[tabindex="0"]').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() =>
      document.activeElement?.getAttribute('aria-label')?.startsWith('lane_49_stage_19'),
    );
    await page.close();
  });

  it('shows a run of all of them', async () => {
    const page = await session.open(`#/runs/${await session.startRun('large_flow', { ms: 0 })}`);
    await page.locator('.badge.status-completed').waitFor();
    await page.locator('.node.state-ok').first().waitFor();
    expect((await page.locator('.strip').first().innerText()).replaceAll('\n', ' ')).toContain(
      '1000 of 1000',
    );
    await page.close();
  });
});

describe(`a list of ${RUNS} runs`, () => {
  beforeAll(async () => {
    const send = async () => {
      for (let i = 0; i < RUNS / 20; i += 1) {
        const answer = await fetch(`${session.host.url}/echo`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"text":"x"}',
        });
        expect([answer.status, await answer.text()]).toEqual([200, '{"text":"x"}']);
      }
    };
    await Promise.all(Array.from({ length: 20 }, send));
  });

  it('paints at once, and is scrolled from the first to the last', async () => {
    const page = await session.open('#/runs');
    await page.locator('.run-row').first().waitFor();
    const paint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
    );
    report(`first contentful paint with ${RUNS} runs stored`, paint);
    await page.getByText('shown of 10,000 remembered').waitFor();
    const rows = await page.locator('.run-row').count();
    expect(rows).toBeLessThan(150);
    const oldest = await page.evaluate(async () => {
      const text = () => document.querySelector('.page-head .count')!.textContent!;
      while (text().includes('+')) {
        window.scrollTo(0, document.documentElement.scrollHeight);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return text();
    });
    expect(oldest).toBe('10,000 runs');
    // However many were loaded, the page holds those on the screen.
    expect(await page.locator('.run-row').count()).toBeLessThan(150);
    const last = page.locator('.run-row').last();
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.locator('.run-row[aria-rowindex="10001"]').waitFor();
    await last.locator('th a').click();
    await page.locator('.badge.status-completed').waitFor();
    await page.close();
  });
});
