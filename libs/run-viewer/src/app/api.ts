// Requests to the host. Addresses are relative to the page, so that a proxy may serve it anywhere.
import {
  CHANGE_HEADER,
  type ErrorAnswer,
  type FlowDetail,
  type FlowList,
  type NodeInspection,
  type PayloadProblem,
  type RunDetail,
  type RunPage,
  type StartedRun,
} from '../viewer-protocol.js';
import { currentToken } from './token.js';

/** A request that the host refused, or that did not reach it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** 0 where there was no answer. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: readonly PayloadProblem[],
  ) {
    super(message);
  }
}

export function loadFlows(signal: AbortSignal): Promise<FlowList> {
  return request('flows', { signal });
}

export function loadFlow(id: string, signal: AbortSignal): Promise<FlowDetail> {
  return request(`flows/${encodeURIComponent(id)}`, { signal });
}

export function loadRuns(params: URLSearchParams, signal: AbortSignal): Promise<RunPage> {
  return request(`runs?${params}`, { signal });
}

export function loadRun(id: string, signal: AbortSignal): Promise<RunDetail> {
  return request(`runs/${encodeURIComponent(id)}`, { signal });
}

export function loadNode(id: string, alias: string, signal: AbortSignal): Promise<NodeInspection> {
  return request(`runs/${encodeURIComponent(id)}/nodes/${encodeURIComponent(alias)}`, { signal });
}

export function startRun(flow: string, trigger: string, payload: unknown): Promise<StartedRun> {
  return change(`flows/${encodeURIComponent(flow)}/runs`, { trigger, payload });
}

export function cancelRun(id: string): Promise<StartedRun> {
  return change(`runs/${encodeURIComponent(id)}/cancel`, {});
}

export function runAgain(id: string): Promise<StartedRun> {
  return change(`runs/${encodeURIComponent(id)}/again`, {});
}

/** The headers that every request carries. */
export function requestHeaders(): Record<string, string> {
  const token = currentToken();
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

/** Sends a request below the API. @throws ApiError */
export async function send(path: string, init: RequestInit): Promise<Response> {
  const headers = { ...requestHeaders(), ...(init.headers as Record<string, string>) };
  let response: Response;
  try {
    response = await fetch(new URL(`api/${path}`, document.baseURI), { ...init, headers });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiError(0, '', 'The host does not answer. Is it still running?', []);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await send(path, init);
  return (await response.json()) as T;
}

function change(path: string, body: unknown): Promise<StartedRun> {
  const headers = { 'content-type': 'application/json', [CHANGE_HEADER]: '1' };
  return request(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function refusal(response: Response): Promise<ApiError> {
  try {
    const answer = (await response.json()) as ErrorAnswer;
    const { error, code, details } = answer;
    return new ApiError(response.status, code, error, details?.problems ?? []);
  } catch {
    return new ApiError(response.status, '', `The host answered with ${response.status}.`, []);
  }
}
