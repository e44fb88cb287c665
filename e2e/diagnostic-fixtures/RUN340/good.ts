import { ChromeTrace } from '@basalt/executor';

const trace = new ChromeTrace({ write: () => undefined });

export const act = () => trace.close();
