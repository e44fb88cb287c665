import { memoryKv } from '@basalt/capabilities';

export const act = () => memoryKv().put('greeting', 'hello' as never);
