// Fan-out and join: an order is enriched from three sides at once, then put together again.
import { defineFlow, t } from '@basalt/flow-dsl';

const Order = t.Object({
  id: t.String(),
  country: t.Enum(['DE', 'FR', 'US']),
  lines: t.Array(t.Object({ sku: t.String(), quantity: t.Integer(), unit: t.Number() })),
});
const Total = t.Object({ net: t.Number() });
const Tax = t.Object({ rate: t.Number() });
const Parcel = t.Object({ parcels: t.Integer() });
const Enriched = t.Object({ net: t.Number(), gross: t.Number(), parcels: t.Integer() });

const pure = { effects: 'pure', determinism: 'strict' } as const;
const RATES = { DE: 0.19, FR: 0.2, US: 0 } as const;
const PER_PARCEL = 10;
const cents = (value: number) => Math.round(value * 100) / 100;

export const orderEnrichment = defineFlow(
  'order_enrichment',
  { version: '1.0.0', profile: 'web', summary: 'Price, tax and parcels at once, then joined' },
  (f) => {
    const trigger = f.trigger('trigger', {
      output: Order,
      http: { method: 'POST', route: '/orders/enrich' },
      deadlineMs: 1000,
    });
    const total = f.inline('total', {
      ...pure,
      input: Order,
      output: Total,
      run: ({ lines }) => ({ net: lines.reduce((sum, l) => sum + l.quantity * l.unit, 0) }),
    });
    const tax = f.inline('tax', {
      ...pure,
      input: Order,
      output: Tax,
      run: ({ country }) => ({ rate: RATES[country] }),
    });
    const parcel = f.inline('parcel', {
      ...pure,
      input: Order,
      output: Parcel,
      run: ({ lines }) => ({
        parcels: Math.ceil(lines.reduce((sum, l) => sum + l.quantity, 0) / PER_PARCEL),
      }),
    });
    const respond = f.inline('respond', {
      ...pure,
      input: t.Object({ total: Total, tax: Tax, parcel: Parcel }),
      output: Enriched,
      run: (parts) => ({
        net: cents(parts.total.net),
        gross: cents(parts.total.net * (1 + parts.tax.rate)),
        parcels: parts.parcel.parcels,
      }),
    });
    f.connect(trigger, total);
    f.connect(trigger, tax);
    f.connect(trigger, parcel);
    f.join([total, tax, parcel], respond);
    f.capture(trigger, respond);
  },
);
