// One host, one browser and its pages for a test file: started before its tests, and ended after them.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from './launch-chromium.js';
import { serveViewer, type ServedViewer } from './serve-viewer.js';

export interface FlowFacts {
  readonly id: string;
  readonly name: string;
}

export class ViewerSession {
  #host: ServedViewer | undefined;
  #browser: Browser | undefined;
  #flows: readonly FlowFacts[] = [];
  /** What pages wrote to their consoles as errors, and what they threw. */
  readonly faults: string[] = [];

  async start(options: Parameters<typeof serveViewer>[0] = {}): Promise<void> {
    this.#host = await serveViewer(options);
    this.#browser = await launchChromium();
    const answer = await fetch(`${this.#host.pages}api/flows`);
    if (answer.ok) this.#flows = ((await answer.json()) as { flows: FlowFacts[] }).flows;
  }

  async end(): Promise<void> {
    await this.#browser?.close();
    await this.#host?.close();
  }

  get host(): ServedViewer {
    return this.#host!;
  }

  flowId(name: string): string {
    return this.#flows.find((flow) => flow.name === name)!.id;
  }

  /** Opens a page of the viewer. @param hash such as "#/runs" */
  async open(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.#browser!.newPage({
      viewport: { width: 1280, height: 860 },
      ...options,
    });
    // It only detects hangs: a loaded machine is slow.
    page.setDefaultTimeout(120_000);
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
    page.on('pageerror', (error) => this.faults.push(String(error)));
    await page.goto(this.host.pages + hash);
    return page;
  }

  /** Starts a run without the pages, and gives its id. */
  async startRun(flow: string, payload: unknown): Promise<string> {
    const answer = await fetch(`${this.host.pages}api/flows/${this.flowId(flow)}/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-basalt-viewer': '1' },
      body: JSON.stringify({ payload }),
    });
    const { run_id: id } = (await answer.json()) as { run_id: string };
    return id;
  }
}
