import { runFlow } from '@basalt/executor';
import { orderEnrichment } from './order-enrichment.js';
import { codesOf, observeRun } from './testing/observe-run.js';

const line = (quantity: number, unit: number) => ({ sku: 'lamp', quantity, unit });

test.each([
  ['DE', [line(12, 20)], { net: 240, gross: 285.6, parcels: 2 }],
  ['FR', [line(1, 9.99), line(9, 0.5)], { net: 14.49, gross: 17.39, parcels: 1 }],
  ['US', [], { net: 0, gross: 0, parcels: 0 }],
])('an order to %s is priced, taxed and packed', async (country, lines, expected) => {
  expect(await runFlow(orderEnrichment, { id: 'o-1', country, lines })).toEqual(expected);
});

test('the three sides are begun before any result is joined, and joined once', async () => {
  const begun: string[] = [];
  const { values } = await observeRun(
    orderEnrichment,
    { id: 'o-1', country: 'US', lines: [line(1, 5)] },
    { observer: { nodeStarted: (_run, { alias }) => void begun.push(alias) } },
  );
  expect(begun).toEqual(['trigger', 'total', 'tax', 'parcel', 'respond']);
  expect(values).toEqual([{ net: 5, gross: 5, parcels: 1 }]);
});

test('refuses a country without a rate', async () => {
  const { result } = await observeRun(orderEnrichment, { id: 'o-1', country: 'XX', lines: [] });
  expect(codesOf(result)).toEqual(['RUN116']);
});
