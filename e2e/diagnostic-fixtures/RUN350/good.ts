import { memoryCache, systemClock, systemRng } from '@basalt/capabilities';
import { ResultCache } from '@basalt/executor';

const price = { identifier: 'price', codeHash: undefined, spec: { tier: 'disk' as const } };

export const act = async () => {
  const stores = { disk: memoryCache() };
  const cache = new ResultCache({ clock: systemClock(), rng: systemRng(), stores });
  await cache.through(price, { id: 7 }, async () => 14);
};
