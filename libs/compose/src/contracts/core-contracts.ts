// The core contracts with their native implementations.
import type { Component } from '../run/component.js';
import { ARRAY_CONTRACTS } from './array-contracts.js';
import { ENVIRONMENT_CONTRACTS } from './environment-contracts.js';
import { FS_CONTRACTS } from './fs-contracts.js';
import { HASH_CONTRACTS } from './hash-contract.js';
import { HTTP_CONTRACTS } from './http-contract.js';
import { JSON_CONTRACTS } from './json-contracts.js';
import { OBJECT_CONTRACTS } from './object-contracts.js';
import { PARSE_CONTRACTS } from './parse-contracts.js';
import { PATH_CONTRACTS } from './path-contracts.js';
import { STREAM_CONTRACTS } from './stream-contracts.js';
import { STRING_CONTRACTS } from './string-contracts.js';
import { VALUE_CONTRACTS } from './value-contracts.js';

export const CORE_CONTRACTS: readonly Component[] = [
  ...FS_CONTRACTS,
  ...HTTP_CONTRACTS,
  ...STREAM_CONTRACTS,
  ...HASH_CONTRACTS,
  ...PARSE_CONTRACTS,
  ...ENVIRONMENT_CONTRACTS,
  ...ARRAY_CONTRACTS,
  ...OBJECT_CONTRACTS,
  ...STRING_CONTRACTS,
  ...JSON_CONTRACTS,
  ...PATH_CONTRACTS,
  ...VALUE_CONTRACTS,
];
