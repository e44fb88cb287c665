import { memoryKv } from '@basalt/capabilities';

export const act = () => memoryKv().put('greeting', new TextEncoder().encode('hello'));
