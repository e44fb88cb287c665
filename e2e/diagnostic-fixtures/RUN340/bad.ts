import { ChromeTrace } from '@basalt/executor';

const trace = new ChromeTrace({ write: () => Promise.reject(new Error('the disk is full')) });

export const act = () => trace.close();
