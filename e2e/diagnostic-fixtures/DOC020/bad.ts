import { parsePointer } from '@basalt/ir';

export const act = () => parsePointer('order/id');
