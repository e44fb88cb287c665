import { parseBind } from '@basalt/capabilities';

export const act = () => parseBind('kvs=memory');
