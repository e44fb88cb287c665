// The operators of composes.
import type { Component } from '../run/component.js';
import { foreachOperator } from './foreach-operator.js';
import { ifOperator } from './if-operator.js';
import { breakOperator, checkAbortOperator, continueOperator } from './loop-signals.js';
import { parallelOperator } from './parallel-operator.js';
import { runSlotContract } from './run-slot-contract.js';
import { throwOperator } from './throw-operator.js';
import { tryOperator } from './try-operator.js';
import { whileOperator } from './while-operator.js';

export const FLOW_OPERATORS: readonly Component[] = [
  ifOperator,
  foreachOperator,
  whileOperator,
  parallelOperator,
  tryOperator,
  throwOperator,
  breakOperator,
  continueOperator,
  checkAbortOperator,
  runSlotContract,
];
